import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Attribute, Change, Client } from 'ldapts';
import { loadName, loadPeople } from '../support/people.ts';
import { until } from '../support/until.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

const [GOER, RETURNER, STAYER] = [1, 2, 3].map(loadName) as [string, string, string];
/** What is set to it here, in milliseconds: long enough for what is to happen before on a busy machine. */
const FORGET_AFTER_MS = 10_000;
const MAX_AGE_MS = 10_000;
/** So much the clocks of a process may differ, which count whole milliseconds and parts of them. */
const TICK_MS = 2;

describe('the end of', () => {
  let stack: Stack;
  let redis: Redis;
  let admin: Client;

  const start = (keys: object) => {
    const settings = { directory: { watch: 'none' }, keys };
    return stack.startService({ LATCHKEY_CONFIG: yamlFile(JSON.stringify(settings)) });
  };
  const comeIn = async (url: string, name: string) => {
    const { status, apiKey, userId = 0 } = await signIn(url, name, `secret-${name}`);
    expect(status).toBe(200);
    return { apiKey, id: userId };
  };
  const expire = (name: string, day: '1' | '99999') =>
    admin.modify(
      `uid=${name},ou=people,${stack.ldap.baseDn}`,
      new Change({
        operation: 'replace',
        modification: new Attribute({ type: 'shadowExpire', values: [day] }),
      }),
    );
  const isKept = async (id: number) => (await redis.exists(`latchkey:account:${id}`)) === 1;

  beforeAll(async () => {
    const people = loadPeople(3).replaceAll(
      'objectClass: inetOrgPerson\n',
      'objectClass: inetOrgPerson\nobjectClass: shadowAccount\n',
    );
    stack = await startStack({ ldap: { ldif: people } });
    redis = new Redis(stack.redis.url);
    admin = new Client({ url: stack.ldap.url });
    await admin.bind(stack.ldap.adminDn, stack.ldap.adminPassword);
  });
  afterAll(async () => {
    redis.disconnect();
    await admin.unbind();
    await stack?.[Symbol.asyncDispose]();
  });

  test('a leaver’s account is that it is forgotten, and whoever is let back in before keeps it', async () => {
    const { url } = await start({
      // The directory is asked before each answer.
      ...{ revalidateAfter: '1ms', maxStaleness: '1ms', revalidateWithin: '10s' },
      forgetAfter: `${FORGET_AFTER_MS}ms`,
    });
    const isAnswered = (apiKey: string, wanted: number) =>
      until(`a key is answered ${wanted}`, async () => (await verify(url, apiKey)).status === wanted);
    const [goer, returner] = [await comeIn(url, GOER), await comeIn(url, RETURNER)];

    await expire(RETURNER, '1');
    await isAnswered(returner.apiKey, 401);
    await expire(RETURNER, '99999');
    await isAnswered(returner.apiKey, 200);

    const leftAt = performance.now();
    await expire(GOER, '1');
    await isAnswered(goer.apiKey, 401);
    expect(await isKept(goer.id)).toBe(true);
    // Asked about all the time, which does not put it off.
    await until(
      'the leaver is forgotten',
      async () => (await verify(url, goer.apiKey)).status === 401 && !(await isKept(goer.id)),
    );
    expect(performance.now() - leftAt).toBeGreaterThan(FORGET_AFTER_MS - TICK_MS);

    expect((await verify(url, returner.apiKey)).status).toBe(200);
    expect(await comeIn(url, RETURNER)).toEqual(returner);
    expect(await redis.pttl(`latchkey:account:${returner.id}`)).toBe(-1);

    await expire(GOER, '99999');
    const again = await comeIn(url, GOER);
    expect(again.id).toBeGreaterThan(goer.id);
    expect((await verify(url, again.apiKey)).status).toBe(200);
    expect((await verify(url, goer.apiKey)).status).toBe(401);
  });

  test('a key is its age, counted from its minting: a sign-in before puts it off by nothing', async () => {
    const { url } = await start({ maxAge: `${MAX_AGE_MS}ms` });
    const askedAt = performance.now();
    const first = await comeIn(url, STAYER);
    const givenAt = performance.now();
    await until('the key is of a certain age', () => performance.now() - askedAt > MAX_AGE_MS / 4);
    expect(await comeIn(url, STAYER)).toEqual(first);

    let acceptedAt = 0;
    await until('the key is refused', async () => {
      const at = performance.now();
      const { status } = await verify(url, first.apiKey);
      if (status === 200) acceptedAt = at;
      return status === 401;
    });
    expect(performance.now() - askedAt).toBeGreaterThan(MAX_AGE_MS - TICK_MS);
    expect(acceptedAt - givenAt).toBeGreaterThan(0);
    expect(acceptedAt - givenAt).toBeLessThan(MAX_AGE_MS + TICK_MS);

    const next = await comeIn(url, STAYER);
    expect([next.id, next.apiKey === first.apiKey]).toEqual([first.id, false]);
    expect((await verify(url, next.apiKey)).status).toBe(200);
    expect((await verify(url, first.apiKey)).status).toBe(401);
  });
});
