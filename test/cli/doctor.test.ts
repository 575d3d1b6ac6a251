import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../service/stack.ts';
import { runLatchkey } from '../support/run-latchkey.ts';

// Here the command is started from src/, as a user's `npx latchkey` does, where other tests start a bundle.
delete process.env['LATCHKEY_TEST_PROGRAMS'];

const doctor = (env: Readonly<Record<string, string>>, args: readonly string[], line?: string) =>
  runLatchkey(env, ['doctor', ...args], line);

describe('latchkey doctor', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  test('ends with 0 where a sign-in would work, with a line for each step', async () => {
    const { code, out, err } = await doctor(
      stack.env,
      ['--user', 'alice', '--password-stdin'],
      'alice-secret',
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^\ndirectory default, ldap:\/\/127\.0\.0\.1:\d+\n {2}ok {7}dns /);
    expect(out).toMatch(/\n {2}ok {7}bind +[\d.]+ ms {2}accepted: uid=alice,ou=people,dc=example,dc=org\n/);
    expect(out).toMatch(/\nA sign-in would work\. 0 failed, /);
    expect(out).not.toContain('\u001b');
  });

  test('ends with 1 where it would not, after one bind', async () => {
    stack.ldapProxy.resetCounts();
    const { code, out } = await doctor(stack.env, ['--user', 'alice', '--password-stdin'], 'guessed-wrong');
    expect(code).toBe(1);
    expect(out).toMatch(/\n {2}FAILED {3}bind .*refused: wrong-password\n +→ /);
    const ofPeople = stack.ldapProxy.binds().filter((dn) => dn !== stack.ldap.serviceDn);
    expect(ofPeople).toEqual(['uid=alice,ou=people,dc=example,dc=org']);
  });

  test('gives one JSON object where that is asked for', async () => {
    const { out } = await doctor(stack.env, ['--json']);
    const report = JSON.parse(out);
    expect(Object.keys(report)).toEqual(['ok', 'steps']);
    expect(report.ok).toBe(true);
    expect(report.steps[0]).toEqual({
      name: 'dns',
      directory: 'default',
      server: stack.env['LDAP_URL'],
      status: 'ok',
      ms: expect.any(Number),
      seen: '127.0.0.1',
    });
  });

  test.each([
    ['as text', []],
    ['as JSON', ['--json']],
  ])('shows no secret %s, whatever fails', async (_how, how) => {
    const secrets = {
      bind: 'marker-of-the-bind-password',
      redis: 'marker-of-redis',
      user: 'marker-of-the-user',
      ring: Buffer.from('marker-of-the-ring-of-secrets-is-long-enough').toString('base64'),
    };
    const url = new URL(stack.env['REDIS_URL'] ?? '');
    const env = {
      ...stack.env,
      LATCHKEY_SECRET: secrets.ring,
      REDIS_URL: `redis://someone:${secrets.redis}@${url.host}`,
    };
    const runs = [
      await doctor(env, ['--user', 'alice', '--password-stdin', ...how], secrets.user),
      await doctor({ ...env, LDAP_BIND_PASSWORD: secrets.bind }, ['--user', secrets.user, ...how]),
    ];
    const shown = runs.map(({ out, err }) => out + err).join('');
    expect(shown).toContain('refused');
    for (const secret of [
      secrets.bind,
      secrets.redis,
      secrets.ring,
      'marker-of-the-ring',
      'latchkey-secret',
    ]) {
      expect(shown).not.toContain(secret);
    }
    expect(runs[0]?.out).not.toContain(secrets.user);
    expect(runs.map(({ code }) => code)).toEqual([1, 1]);
  });

  test('ends with 78 where the settings are wrong in themselves, and with 2 where nobody’s password is given', async () => {
    const wrong = await doctor({ ...stack.env, REDIS_URL: 'nonsense' }, []);
    expect([wrong.code, wrong.out]).toEqual([78, '']);
    const template = await doctor({ ...stack.env, LDAP_USER_FILTER: '(uid={username}' }, []);
    expect([template.code, template.err]).toEqual([78, expect.stringContaining('LDAP_USER_FILTER')]);
    const nobody = await doctor(stack.env, ['--password-stdin'], 'alice-secret');
    expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('--user')]);
  });
});
