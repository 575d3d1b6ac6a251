import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stack, signIn, startStack } from '../service/stack.ts';
import { runLatchkey } from '../support/run-latchkey.ts';
import type { ServiceProcess } from '../support/service-process.ts';

const attempts = (env: Readonly<Record<string, string>>, ...args: string[]) =>
  runLatchkey(env, ['attempts', ...args]);

describe('latchkey attempts', () => {
  let stack: Stack;
  let service: ServiceProcess;

  beforeAll(async () => {
    stack = await startStack();
    service = await stack.startService();
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  test('shows both budgets of a name and of its person, and clears them', async () => {
    expect((await signIn(service.url, 'alice', 'alice-secret')).status).toBe(200);
    for (let time = 0; time < 5; time++) await signIn(service.url, 'alice', `wrong ${time}`);
    expect((await signIn(service.url, 'alice', 'alice-secret')).status).toBe(429);
    const shown = await attempts(stack.env, 'show', 'Alice');
    expect(shown).toMatchObject({ code: 0, err: '' });
    const spent =
      /name alice\n {2}strangers: 0 used, 5 left\n {2}familiar: {2}5 used, 0 left, next in \d+ s\n/;
    expect(shown.out).toMatch(spent);
    expect(shown.out).toMatch(
      /person alice of default\n {2}strangers: 0 used, 5 left\n {2}familiar: {2}5 used, 0/,
    );
    expect(shown.out).not.toContain(stack.env['LATCHKEY_SECRET']);

    const cleared = await attempts(stack.env, 'clear', 'alice');
    expect(cleared.out).toContain('name alice: cleared\n');
    expect(cleared.out).toContain('person alice of default: cleared\n');
    expect(cleared.code).toBe(0);
    const again = await signIn(service.url, 'alice', 'alice-secret');
    expect(again.status).toBe(200);
    expect(again.headers.get('x-ratelimit-remaining')).toBe('4');
  });

  test('clears what was counted under the person’s other names too', async () => {
    for (let time = 0; time < 5; time++) await signIn(service.url, 'bob@example.org', `wrong ${time}`);
    expect((await signIn(service.url, 'bob@example.org', 'bob-secret')).status).toBe(429);
    expect((await attempts(stack.env, 'clear', 'bob')).code).toBe(0);
    expect((await signIn(service.url, 'bob@example.org', 'bob-secret')).status).toBe(200);
  });

  test('looks at the name alone where nobody has it, and says so', async () => {
    await signIn(service.url, 'nobody', 'wrong');
    const { code, out, err } = await attempts(stack.env, 'show', 'nobody');
    expect([code, out]).toEqual([1, expect.stringContaining('name nobody\n  strangers: 1 used, 4 left\n')]);
    expect(err).toContain('unknown-user');
    expect((await attempts(stack.env, 'clear', 'nobody')).code).toBe(1);
    expect((await attempts(stack.env, 'show', 'nobody')).out).toContain('strangers: 0 used');
  });

  test('ends with 78 where the settings are wrong, and with 1 where nothing is kept in Redis', async () => {
    const wrong = await attempts({ ...stack.env, REDIS_URL: 'nonsense' }, 'show', 'alice');
    expect([wrong.code, wrong.out]).toEqual([78, '']);
    const memory = await attempts({ ...stack.env, REDIS_URL: 'memory:' }, 'show', 'alice');
    expect([memory.code, memory.err]).toEqual([1, expect.stringContaining('memory:')]);
  });

  test('says which part did not answer', async () => {
    const redis = await attempts({ ...stack.env, REDIS_URL: 'redis://127.0.0.1:1' }, 'show', 'alice');
    expect([redis.code, redis.err]).toEqual([1, expect.stringContaining('Redis did not answer\n')]);
    const ldap = await attempts({ ...stack.env, LDAP_URL: 'ldap://127.0.0.1:1' }, 'show', 'alice');
    expect([ldap.code, ldap.err]).toEqual([1, expect.stringContaining('the directory did not answer\n')]);
  });
});
