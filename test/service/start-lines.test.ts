import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenLdap, startOpenLdap } from '../support/open-ldap.ts';
import { patientSettings } from '../support/patient-settings.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedisNode } from '../support/redis-node.ts';
import { startRedisSentinel } from '../support/redis-sentinel.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { startServiceProcess } from '../support/service-process.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { yamlFile } from './yaml-file.ts';

const STARTS = 5;
/** Nothing in how it keeps is worth a warning. */
const SAFE = { lines: ['appendonly yes', 'maxmemory-policy noeviction'] };
const WATCHING = 'watching the directory for changes';
const HEARD = 'changes of accounts are heard of: the near cache answers verifications';
const UNWATCHED = 'the directory cannot be watched: keys are revalidated on use alone';
const AWAY = 'Redis is away: sign-ins and verifications answer 503';

/** A Redis, and the settings that lead to it. */
interface Kept extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

const list = (places: readonly { host: string; port: number }[]) =>
  places.map(({ host, port }) => `${host}:${port}`).join(',');

const FORMS: Readonly<Record<string, () => Promise<Kept>>> = {
  'a single Redis': async () => {
    const redis = await startRedisNode(SAFE);
    return { ...redis, env: { REDIS_URL: `redis://127.0.0.1:${redis.clientPort}` } };
  },
  'Redis behind Sentinels': async () => {
    const redis = await startRedisSentinel(SAFE);
    const env = { REDIS_SENTINELS: list(redis.sentinels), REDIS_SENTINEL_MASTER: redis.masterName };
    return { ...redis, env };
  },
  'a Redis Cluster': async () => {
    const redis = await startRedisCluster(SAFE);
    return { ...redis, env: { REDIS_CLUSTER_NODES: list(redis.addresses) } };
  },
};

let ldap: OpenLdap;
beforeAll(async () => {
  ldap = await startOpenLdap();
});
afterAll(async () => {
  await ldap?.[Symbol.asyncDispose]();
});

/** Started, and not awaited until it is ready. */
function start(over: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  return startServiceProcess({
    LATCHKEY_SECRET: randomBytes(32).toString('base64'),
    LATCHKEY_CONFIG: yamlFile(JSON.stringify(patientSettings)),
    LDAP_URL: ldap.url,
    LDAP_BIND_DN: ldap.serviceDn,
    LDAP_BIND_PASSWORD: ldap.servicePassword,
    LDAP_USER_BASE: `ou=people,${ldap.baseDn}`,
    ...over,
  });
}

const says = async (service: ServiceProcess, message: string) =>
  until(`it says: ${message}`, () => service.logs().some(({ msg }) => msg === message));
const times = (service: ServiceProcess, message: string) =>
  service.logs().filter(({ msg }) => msg === message).length;
/** Its lines of level `warn` and above. */
const alarms = (service: ServiceProcess) =>
  service.logs().filter(({ level }) => !['trace', 'debug', 'info'].includes(`${level}`));

describe.each(Object.entries(FORMS))('a start beside %s', (_form, startRedis) => {
  let redis: Kept;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis?.[Symbol.asyncDispose]();
  });

  test(`raises no alarm where all is well, and neither does a stop, ${STARTS} times`, async () => {
    for (let at = 0; at < STARTS; at += 1) {
      await using service = await start(redis.env);
      await Promise.all([says(service, WATCHING), says(service, HEARD), says(service, 'Redis is connected')]);
      expect(alarms(service)).toEqual([]);
      await service[Symbol.asyncDispose]();
      expect(alarms(service)).toEqual([]);
    }
  });
});

describe('a start', () => {
  test('while Redis is away says so once, and watches as soon as it is back', async () => {
    await using redis = await startRedisNode(SAFE);
    await using proxy = await startTcpProxy({ port: redis.clientPort });
    await proxy.set({ mode: 'refuse' });
    await using service = await start({ REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
    await says(service, AWAY);
    await proxy.set({});
    await Promise.all([says(service, WATCHING), says(service, HEARD), says(service, 'Redis is back')]);
    expect(alarms(service).map(({ msg }) => msg)).toEqual([AWAY]);
  });

  test('while the directory is away says that it cannot be watched, once', async () => {
    await using redis = await startRedisNode(SAFE);
    await using proxy = await startTcpProxy({ port: ldap.port });
    await proxy.set({ mode: 'refuse' });
    const url = `ldap://127.0.0.1:${proxy.port}`;
    await using service = await start({
      REDIS_URL: `redis://127.0.0.1:${redis.clientPort}`,
      LDAP_URL: url,
    });
    await says(service, UNWATCHED);
    await proxy.set({});
    await says(service, 'the directory is watched again');
    expect(times(service, UNWATCHED)).toBe(1);
  });
});
