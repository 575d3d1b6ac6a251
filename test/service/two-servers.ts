import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type OpenLdap, startOpenLdap } from '../support/open-ldap.ts';
import { loadName, loadPeople } from '../support/people.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { useStarting } from '../support/use-starting.ts';
import { startReadyService } from './ready-service.ts';
import { yamlFile } from './yaml-file.ts';

/** Two servers that serve the same people, and a Redis: what a service with failover rests on. */
export interface TwoServers extends AsyncDisposable {
  readonly first: OpenLdap;
  readonly second: OpenLdap;
  readonly redis: RedisServer;
  /** Everybody's username; passwords are those of `loadPeople`. */
  readonly people: readonly string[];
  /** The file with the CAs of both. */
  readonly caFile: string;
  /** Start a service that asks these URLs in order; it ends with the servers. `directory`: more of its settings. */
  startService(urls: readonly string[], directory?: object): Promise<ServiceProcess>;
}

/** How many sign in at the same time. */
const PEOPLE = 12;

/** Bounds that a good server keeps on a busy machine, and that a test can wait out; a probe every 100 ms at most. */
const QUICK = {
  ...{ resolveTimeout: '1s', connectTimeout: '1s', tlsTimeout: '1s', operationTimeout: '3s' },
  probe: { first: '50ms', atMost: '100ms' },
};

/** The longest that a sign-in may take at a service of these, in milliseconds. */
export const SIGN_IN_WITHIN_MS = 8_000;

/** The people of `loadPeople`, each with one `entryUUID`, whichever server is asked. */
function replicated(): string {
  const withId = (line: string, number: string) =>
    `${line}\nentryUUID: 00000000-0000-4000-8000-00000000${number}`;
  return loadPeople(PEOPLE).replace(/^uid: user(\d{4})$/gm, withId);
}

/** Start both servers, and the Redis. */
export async function startTwoServers(): Promise<TwoServers> {
  await using starting = new AsyncDisposableStack();
  const ldif = replicated();
  const first = starting.use(await startOpenLdap({ ldif }));
  const second = starting.use(await startOpenLdap({ ldif, ownCa: true }));
  const redis = starting.use(await startRedis());
  const parts = starting.move();
  const caFile = yamlFile([first, second].map((one) => readFileSync(one.caFile, 'utf8')).join('\n'));
  const secret = randomBytes(32).toString('base64');
  return {
    ...{ first, second, redis, caFile },
    people: Array.from({ length: PEOPLE }, (_, index) => loadName(index + 1)),
    async startService(urls, directory = {}) {
      const settings = {
        redis: { url: redis.url },
        signInWithin: `${SIGN_IN_WITHIN_MS}ms`,
        directories: [{ id: 'corp' }],
        directory: {
          ...{ urls, bindDn: first.serviceDn, bindPassword: first.servicePassword },
          // The watch has connections of its own, and its own news of servers: these tests count those of sign-ins.
          ...{ userBase: `ou=people,${first.baseDn}`, watch: 'none', ...QUICK, ...directory },
        },
      };
      const env = { LATCHKEY_SECRET: secret, LATCHKEY_CONFIG: yamlFile(JSON.stringify(settings)) };
      return useStarting(parts, startReadyService(env));
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** What a service has logged of its servers' going and coming back: `gone` with the reason, or `back`. */
export function newsOf(service: ServiceProcess, port: number): { gone: string[]; back: number } {
  const lines = service
    .stdout()
    .split('\n')
    .filter((line) => line.includes('a server of the directory') && line.includes(`:${port}"`))
    .map((line) => JSON.parse(line) as { reason?: string });
  const gone = lines.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return { gone, back: lines.length - gone.length };
}

/** The news of a server until now, when it is up: a busy machine may have made it late before. */
export async function newsOnceUp(service: ServiceProcess, port: number): Promise<ReturnType<typeof newsOf>> {
  await until('it is up', () => {
    const { gone, back } = newsOf(service, port);
    return gone.length === back;
  });
  return newsOf(service, port);
}
