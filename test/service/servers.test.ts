import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { boundWith, type WorstDelays, watchDelays } from '../support/delays.ts';
import { type LdapFault, type LdapProxy, startLdapProxy } from '../support/ldap-proxy.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { type Load, startLoad, statusesOf } from './load.ts';
import { serverFaults } from './server-faults.ts';
import { signIn } from './stack.ts';
import { newsOf, newsOnceUp, SIGN_IN_WITHIN_MS, startTwoServers, type TwoServers } from './two-servers.ts';

let servers: TwoServers;
let first: LdapProxy;
let second: LdapProxy;
beforeAll(async () => {
  servers = await startTwoServers();
  first = await startLdapProxy(servers.first);
  second = await startLdapProxy(servers.second);
});
afterEach(async () => {
  await first.fail({});
  await second.fail({});
});
afterAll(async () => {
  await servers?.[Symbol.asyncDispose]();
  await first?.[Symbol.asyncDispose]();
  await second?.[Symbol.asyncDispose]();
});

const urls = () => [first, second].map(({ port }) => `ldap://127.0.0.1:${port}`);
const people = (binds: readonly string[]) => binds.filter((dn) => dn.startsWith('uid='));

/** Whatever happened: a 503 says when to come again, nobody got two of them, and nobody waited for longer than is set. */
function expectNobodyHurt({ answers }: Pick<Load, 'answers'>, delays: WorstDelays): void {
  const refused = answers.filter(({ status }) => status !== 200);
  for (const { status, retryAfter } of refused) {
    expect([status, retryAfter]).toEqual([503, expect.stringMatching(/^[1-9][0-9]*$/)]);
  }
  const names = refused.map(({ username }) => username);
  expect(new Set(names).size).toBe(names.length);
  const worst = Math.max(...answers.map(({ tookMs }) => tookMs));
  expect(worst).toBeLessThan(boundWith('until a sign-in was answered', worst, SIGN_IN_WITHIN_MS, delays));
}

describe('under load, a first server that', () => {
  let service: ServiceProcess;
  beforeAll(async () => {
    service = await servers.startService(urls());
  });
  beforeEach(() => newsOnceUp(service, first.port));

  test.each(serverFaults)(
    '%s costs those whose bind it has, and nobody after them, until it is back',
    async (_, reason, fault) => {
      await using delays = await watchDelays({ services: [service.url], redis: [servers.redis.port] });
      await using load = startLoad(service.url, servers.people);
      await load.more(2);
      const before = await newsOnceUp(service, first.port);
      await first.fail(fault);
      await until('it is known', () => newsOf(service, first.port).gone.length > before.gone.length);
      expect(statusesOf(await load.more(1))).toEqual(new Set([200]));

      first.resetCounts();
      expect(statusesOf(await load.more(4))).toEqual(new Set([200]));
      expect(people(first.binds())).toEqual([]);
      const { gone, back } = newsOf(service, first.port);
      expect([gone.slice(before.gone.length), back]).toEqual([[expect.stringMatching(reason)], before.back]);

      await first.fail({});
      await until('it is back', () => newsOf(service, first.port).back > before.back);
      expect(statusesOf(await load.more(1))).toEqual(new Set([200]));
      first.resetCounts();
      second.resetCounts();
      expect(statusesOf(await load.more(2))).toEqual(new Set([200]));
      expect(people(second.binds())).toEqual([]);
      expect(people(first.binds()).length).toBeGreaterThan(0);
      expectNobodyHurt(load, await delays.worst());
    },
  );

  test.each(['stop', 'kill', 'pause'] as const)(
    'ends as a process does (%s) costs nobody after it either, until it is back',
    async (how) => {
      await using delays = await watchDelays({ services: [service.url], redis: [servers.redis.port] });
      await using load = startLoad(service.url, servers.people);
      await load.more(2);
      const before = await newsOnceUp(service, first.port);
      await servers.first[how]();
      await until('it is known', () => newsOf(service, first.port).gone.length > before.gone.length);
      await load.more(1);
      first.resetCounts();
      expect(statusesOf(await load.more(4))).toEqual(new Set([200]));
      expect(people(first.binds())).toEqual([]);
      await (how === 'pause' ? servers.first.resume() : servers.first.start());
      await until('it is back', () => newsOf(service, first.port).back > before.back);
      await load.more(1);
      second.resetCounts();
      expect(statusesOf(await load.more(2))).toEqual(new Set([200]));
      expect(people(second.binds())).toEqual([]);
      expectNobodyHurt(load, await delays.worst());
    },
  );
});

describe('where both servers are gone', () => {
  const outages: [string, LdapFault][] = [
    ['refuse', { refuses: true }],
    ['never answer', { onRequest: () => true }],
    ['answer too late', { lateMs: 2_500 }],
  ];

  test.each(outages)(
    'and %s, everybody is told to come again, and the first to come when one is back is served',
    async (_, fault) => {
      // Nobody is served until one is back: what a good server may take need not be waited for again and again.
      const bounds = { operationTimeout: '1s', probe: { first: '10m', atMost: '10m' } };
      await using service = await servers.startService(urls(), bounds);
      await Promise.all([first.fail(fault), second.fail(fault)]);
      await using delays = await watchDelays({ services: [service.url], redis: [servers.redis.port] });
      for (let round = 0; round < 3; round++) {
        const everybody = servers.people.map(async (username) => {
          const begunAt = performance.now();
          const { status, headers } = await signIn(service.url, username, `secret-${username}`);
          const tookMs = performance.now() - begunAt;
          return { username, status, retryAfter: headers.get('retry-after'), begunAt, tookMs };
        });
        const answers = await Promise.all(everybody);
        expect(statusesOf(answers)).toEqual(new Set([503]));
        expectNobodyHurt({ answers }, await delays.worst());
      }
      for (const back of [second, first]) {
        await Promise.all([first.fail(fault), second.fail(fault)]);
        await signIn(service.url, 'user0001', 'secret-user0001');
        await back.fail({});
        expect(await signIn(service.url, 'user0001', 'secret-user0001')).toMatchObject({ status: 200 });
      }
    },
  );
});
