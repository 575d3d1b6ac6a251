import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { ServiceProcess } from '../support/service-process.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';

describe('two replicas on one Redis', () => {
  let stack: Stack;
  let replicas: readonly [ServiceProcess, ServiceProcess];

  beforeAll(async () => {
    stack = await startStack();
    replicas = [await stack.startService(), await stack.startService()];
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  const everywhere = <T>(times: number, ask: (service: ServiceProcess) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: times }, (_, at) => ask(at % 2 ? replicas[0] : replicas[1])));

  test('sign one new person in at the same moment: one account, one key', async () => {
    const answers = await everywhere(4, ({ url }) => signIn(url, 'alice', 'alice-secret'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const redis = new Redis(stack.redis.url);
    expect(await redis.keys('latchkey:account:*')).toHaveLength(1);
    expect(await redis.keys('latchkey:entry:*')).toHaveLength(1);
    redis.disconnect();
  });

  test("verify each other's keys", async () => {
    const { apiKey } = await signIn(replicas[0].url, 'bob', 'bob-secret');
    expect((await verify(replicas[1].url, apiKey)).status).toBe(200);
  });

  test('make one bind each of fifty identical sign-ins at once, and refuse nobody', async () => {
    stack.ldapProxy.resetCounts();
    const answers = await everywhere(50, ({ url }) => signIn(url, 'bob', 'bob-secret'));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    const bound = stack.ldapProxy.binds().filter((dn) => dn !== stack.ldap.serviceDn);
    expect(bound.length).toBeLessThan(10);
  });

  test('share the budget of a person: fifty guesses at once get no more binds than it has', async () => {
    stack.ldapProxy.resetCounts();
    let guesses = 0;
    const answers = await everywhere(50, ({ url }) => signIn(url, 'two-mails', `wrong ${guesses++}`));
    const bound = stack.ldapProxy.binds().filter((dn) => dn !== stack.ldap.serviceDn);
    expect(bound).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(45);
    expect((await signIn(replicas[1].url, 'two-mails', 'two-mails-secret')).status).toBe(429);
    // Another name of theirs is told no more than anybody's, and no bind is made.
    expect((await signIn(replicas[1].url, 'second@example.org', 'two-mails-secret')).status).toBe(401);
    expect(stack.ldapProxy.binds().filter((dn) => dn !== stack.ldap.serviceDn)).toHaveLength(5);
  });
});
