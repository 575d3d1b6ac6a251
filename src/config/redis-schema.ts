import { z } from 'zod';
import { address, duration, flag, optional, optionalText, pemFile, redisUrl } from './formats.ts';
import { isText, type Tree, valueAt } from './tree.ts';

/**
 * The settings of Redis: one server by its URL, a master that Sentinels know, or a Cluster. Durations come out in
 * milliseconds.
 * @param readFile gives a file's text; throws where it cannot be read
 */
export function redisSchema(readFile: (path: string) => string) {
  const shape = z.strictObject({
    url: optional(redisUrl),
    sentinels: z.array(address, 'not a list of host:port'),
    sentinelMaster: optionalText,
    sentinelUsername: optionalText,
    sentinelPassword: optionalText,
    clusterNodes: z.array(address, 'not a list of host:port'),
    username: optionalText,
    password: optionalText,
    tls: flag,
    caFile: pemFile(readFile),
    keyPrefix: z.string('not text'),
    connectTimeout: duration,
    commandTimeout: duration,
    acknowledge: z.strictObject({
      replicas: optional(z.int('not a whole number').min(0, 'less than 0')),
      within: duration,
    }),
  });
  return CHECKS.reduce(
    (checked, { setting, fault, holds }) =>
      checked.refine(holds, { path: [setting], message: fault, when: () => true }),
    shape,
  ).transform(({ acknowledge, ...settings }) => ({
    ...settings,
    acknowledge: { ...acknowledge, replicas: acknowledge.replicas ?? (settings.url ? 0 : 1) },
  }));
}

/** What holds between several settings. */
interface Check {
  readonly setting: string;
  readonly fault: string;
  readonly holds: (settings: Tree) => boolean;
}

/** All faults are told at once: these checks run beside faults of single settings, so they meet any value. */
const CHECKS: readonly Check[] = [
  {
    setting: 'url',
    fault:
      'missing; set it to redis://host:port, rediss://host:port, or memory: to try things out; or set REDIS_SENTINELS or REDIS_CLUSTER_NODES',
    holds: (settings) => waysOf(settings).length > 0,
  },
  {
    setting: 'sentinels',
    fault: 'stands beside redis.url or redis.clusterNodes; describe Redis in one way',
    holds: (settings) => !waysOf(settings).includes('sentinels') || waysOf(settings).length === 1,
  },
  {
    setting: 'clusterNodes',
    fault: 'stands beside redis.url; describe Redis in one way',
    holds: (settings) => !['url', 'clusterNodes'].every((way) => waysOf(settings).includes(way)),
  },
  {
    setting: 'sentinelMaster',
    fault: 'missing; set it to the name by which the Sentinels know the master, such as mymaster',
    holds: (settings) => !waysOf(settings).includes('sentinels') || isText(settings['sentinelMaster']),
  },
  {
    setting: 'sentinelMaster',
    fault: 'says nothing without redis.sentinels (REDIS_SENTINELS); set both or none',
    holds: (settings) => waysOf(settings).includes('sentinels') || !isText(settings['sentinelMaster']),
  },
  {
    setting: 'sentinelPassword',
    fault: 'missing beside sentinelUsername; set both, or the password alone',
    holds: ({ sentinelUsername, sentinelPassword }) => !isText(sentinelUsername) || isText(sentinelPassword),
  },
  {
    setting: 'password',
    fault: 'missing beside username; set both, or the password alone',
    holds: ({ username, password }) => !isText(username) || isText(password),
  },
  {
    setting: 'password',
    fault: 'stands beside the one in redis.url; write it in one place',
    holds: ({ url, password }) => !isText(password) || !hasCredentials(url),
  },
  {
    setting: 'tls',
    fault: 'does not go with redis:// in redis.url; write rediss://, and leave tls away',
    holds: ({ url, tls }) => tls !== true || !isText(url) || !url.startsWith('redis:'),
  },
  {
    setting: 'caFile',
    fault: 'says nothing without TLS; set redis.tls (REDIS_TLS=true), or write rediss:// in redis.url',
    holds: ({ url, tls, caFile }) =>
      !isText(caFile) || tls === true || (isText(url) && !url.startsWith('redis:')),
  },
];

/** In which ways Redis is described. */
function waysOf(settings: Tree): string[] {
  return ['url', 'sentinels', 'clusterNodes'].filter((way) => {
    const value = valueAt(settings, [way]);
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
  });
}

function hasCredentials(url: unknown): boolean {
  if (!isText(url) || !URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
