import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Attribute, Change, Client } from 'ldapts';
import { boundWith, type Delays, watchDelays } from '../support/delays.ts';
import { loadName, loadPeople } from '../support/people.ts';
import { runLatchkey } from '../support/run-latchkey.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { inWords, type NearKeys, untilRefused, watchNearKeys, worstOf } from './near-keys.ts';
import { regenerate } from './regenerate.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

/** So many changes of each kind are followed; fewer by commands, which take a second each. */
const [CHANGES, COMMANDS, CUT] = [20, 3, 5];
const PEOPLE = 100;
/** What is promised where everybody answers at once, in milliseconds. */
const BOUND_MS = 100;
/** Nobody but revalidation is to find leavers here. */
const UNWATCHED = { directory: { watch: 'none' } };
/** What subscribers say, and nobody else. */
const SUBSCRIBING = '__redis__:invalidate';

describe('what one replica changes about a key', () => {
  let stack: Stack;
  let near: NearKeys;
  /** Has its settings by default; and asks the directory before every answer, so that it finds leavers at once. */
  let [one, eager]: ServiceProcess[] = [];
  /** Has its settings by default, and reaches Redis by the proxy. */
  let other: ServiceProcess;
  let people = 0;

  beforeAll(async () => {
    stack = await startStack({ ldap: { ldif: loadPeople(PEOPLE) } });
    near = watchNearKeys(stack.redis.url);
    const start = (keys: object, over = {}) =>
      stack.startService({ ...over, LATCHKEY_CONFIG: yamlFile(JSON.stringify({ ...UNWATCHED, keys })) });
    const direct = { REDIS_URL: stack.redis.url };
    const always = { revalidateAfter: '1ms', maxStaleness: '1ms', revalidateWithin: '10s' };
    [one, eager] = [await start({}, direct), await start(always, direct)];
    other = await start({});
  });
  afterAll(async () => {
    near?.[Symbol.dispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  /** Somebody whose key `one` has given, and `replica` keeps near. */
  const share = async (replica: ServiceProcess = other) => {
    const name = loadName(++people);
    const { apiKey, userId } = await signIn(urlOf(one), name, `secret-${name}`);
    await near.untilKept(replica.url, apiKey);
    return { name, apiKey, userId };
  };
  /** How late those are who pass on what `one` or `eager` changes. */
  const delaysOf = (replica: ServiceProcess): Promise<Delays> =>
    watchDelays({ services: [one, eager, replica].map(urlOf), redis: [stack.redis.port] });
  const accounts = (...args: string[]) => runLatchkey(stack.env, ['accounts', ...args]);

  test('is done on the other, too: what was regenerated is refused as soon as they answer', async () => {
    await using delays = await delaysOf(other);
    const refused = [];
    for (let time = 0; time < CHANGES; time++) {
      const { name, apiKey } = await share();
      const next = await regenerate(urlOf(one), name, apiKey);
      refused.push(await untilRefused(other.url, apiKey, performance.now()));
      expect((await verify(other.url, next)).status).toBe(200);
    }
    const worst = worstOf(refused);
    const what = `on the other, ${inWords(refused)}, regenerated on one`;
    expect(worst).toBeLessThan(boundWith(what, worst, BOUND_MS, await delays.worst()));
  });

  test('is done on the other, too: a leaver whom one has found is refused as soon as they answer', async () => {
    await using delays = await delaysOf(other);
    await using admin = new Client({ url: stack.ldap.url });
    await admin.bind(stack.ldap.adminDn, stack.ldap.adminPassword);
    const refused = [];
    for (let time = 0; time < CHANGES; time++) {
      const { name, apiKey } = await share();
      await admin.modify(`uid=${name},ou=people,${stack.ldap.baseDn}`, [
        added('objectClass', 'shadowAccount'),
        added('shadowExpire', '1'),
      ]);
      await until('the leaver is found', async () => (await verify(urlOf(eager), apiKey)).status === 401);
      refused.push(await untilRefused(other.url, apiKey, performance.now()));
    }
    const worst = worstOf(refused);
    const what = `on the other, ${inWords(refused)}, suspended by one`;
    expect(worst).toBeLessThan(boundWith(what, worst, BOUND_MS, await delays.worst()));
  });

  test.each(['revoke', 'suspend', 'delete'])(
    'is done before a command is over: what latchkey accounts %s ends is refused everywhere by then',
    async (change) => {
      const shared = [];
      for (let time = 0; time < COMMANDS; time++) shared.push(await share());
      for (const { apiKey } of shared) await near.untilKept(urlOf(one), apiKey);
      const ended = shared.map(async ({ apiKey, userId }) => {
        const run = await accounts(change, String(userId), ...(change === 'delete' ? ['--yes'] : []));
        const asked = [one, other].map(async (replica) => (await verify(urlOf(replica), apiKey)).status);
        return [run.code, ...(await Promise.all(asked))];
      });
      expect(await Promise.all(ended)).toEqual(shared.map(() => [0, 401, 401]));
    },
  );

  test.each([
    { ttlMs: 5_000, keys: {}, end: 'by which the loss has been noticed' },
    { ttlMs: 300, keys: { nearCache: { ttl: '300ms' } }, end: 'the longest that anything is kept' },
  ])(
    'is done after $ttlMs ms at the latest on one that hears of no change, $end',
    async ({ ttlMs, keys }) => {
      const settings = yamlFile(JSON.stringify({ ...UNWATCHED, keys }));
      const deaf = ttlMs === 5_000 ? other : await stack.startService({ LATCHKEY_CONFIG: settings });
      await using delays = await delaysOf(deaf);
      const refused = [];
      for (let time = 0; time < CUT; time++) {
        const { name, apiKey } = await share(deaf);
        await stack.redisProxy.set({ mode: 'blackhole', saying: SUBSCRIBING });
        const next = await regenerate(urlOf(one), name, apiKey);
        refused.push(await untilRefused(deaf.url, apiKey, performance.now()));
        expect((await verify(deaf.url, next)).status).toBe(200);
        await stack.redisProxy.set({});
      }
      const worst = worstOf(refused);
      const what = `on one that is cut off, ${inWords(refused)}, ttl ${ttlMs} ms`;
      expect(worst).toBeGreaterThan(0);
      expect(worst).toBeLessThanOrEqual(boundWith(what, worst, ttlMs, await delays.worst()));
    },
  );
});

const urlOf = (service: ServiceProcess | undefined): string => service?.url ?? '';

const added = (type: string, value: string) =>
  new Change({ operation: 'add', modification: new Attribute({ type, values: [value] }) });
