import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadName, loadPeople } from '../support/people.ts';
import { until } from '../support/until.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

const PEOPLE = 200;

describe('a crash of the service', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ ldap: { ldif: loadPeople(PEOPLE) }, redis: { appendOnly: true } });
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  test('in the middle of 200 sign-ins loses no key that a client has seen, nor does one of Redis', async () => {
    const service = await stack.startService({
      LATCHKEY_CONFIG: yamlFile('limits: { perAddress: { attempts: 1000, window: 1m } }\n'),
    });
    const seen: string[] = [];
    const attempts = Array.from({ length: PEOPLE }, async (_, at) => {
      const name = loadName(at + 1);
      const { apiKey } = await signIn(service.url, name, `secret-${name}`);
      if (apiKey) seen.push(apiKey);
    });
    const settled = Promise.allSettled(attempts);
    await until('a quarter of the keys are seen', () => seen.length >= PEOPLE / 4);
    service.signal('SIGKILL');
    const outcomes = await settled;
    expect((await service.exited).signal).toBe('SIGKILL');
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);

    await stack.redis.kill();
    await stack.redis.start();
    const again = await stack.startService();
    const statuses = await Promise.all(seen.map(async (apiKey) => (await verify(again.url, apiKey)).status));
    expect(statuses).toEqual(seen.map(() => 200));
  });
});
