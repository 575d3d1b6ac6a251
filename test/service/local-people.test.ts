import { rename, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashPassword } from '../../src/adapters/file/password-hash.ts';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { startReadyService } from './ready-service.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

/** A file of people: each a name and what else the file says of them; the password is `<name>-secret`. */
async function peopleYaml(people: Readonly<Record<string, object>>): Promise<string> {
  const entries = Object.entries(people).map(async ([username, different]) => ({
    id: `id-${username}`,
    username,
    email: `${username}@local.example`,
    fullName: username,
    password: await hashPassword(`${username}-secret`),
    ...different,
  }));
  return JSON.stringify({ people: await Promise.all(entries) });
}

describe('people in a file, beside a real directory', () => {
  let stack: Stack;
  let service: ServiceProcess;
  let peopleFile: string;

  beforeAll(async () => {
    stack = await startStack();
    peopleFile = yamlFile(
      await peopleYaml({
        'break-glass': { fullName: 'Break Glass' },
        guessed: {},
        expired: { passwordExpired: true },
        disabled: { disabled: true },
        // Somebody else than the alice of the directory, by the same name.
        alice: { email: 'alice@local.example' },
      }),
    );
    const settings = {
      redis: { url: stack.env['REDIS_URL'] },
      directories: [
        {
          id: 'corp',
          ...stack.directory,
          emailDomains: ['example.org'],
          remoteUser: '{username}',
        },
        { id: 'local', kind: 'file', peopleFile, emailDomains: ['local.example'] },
      ],
    };
    service = await startReadyService({
      LATCHKEY_SECRET: stack.env['LATCHKEY_SECRET'] ?? '',
      LATCHKEY_CONFIG: yamlFile(JSON.stringify(settings)),
    });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  const attempt = (username: string, password: string) => signIn(service.url, username, password);

  test('sign in by username or email and verify, and so do those of the directory', async () => {
    const { status, apiKey, userId } = await attempt('Break-Glass', 'break-glass-secret');
    expect(status).toBe(200);
    const verified = await verify(service.url, apiKey);
    expect(Object.fromEntries(verified.headers)).toMatchObject({
      'remote-user': 'break-glass@local',
      'remote-email': 'break-glass@local.example',
      'remote-name': 'Break Glass',
      'x-auth-user-id': String(userId),
    });
    expect((await attempt('break-glass@local.example', 'break-glass-secret')).apiKey).toBe(apiKey);
    const bob = await attempt('bob', 'bob-secret');
    expect(bob.status).toBe(200);
    expect((await verify(service.url, bob.apiKey)).headers.get('remote-user')).toBe('bob');
  });

  test.each([
    ['expired', 'PASSWORD_RESET_REQUIRED'],
    ['disabled', 'USER_DEACTIVATED'],
  ])('who are %s hear so after the right password only', async (name, code) => {
    expect(await attempt(name, `${name}-secret`)).toMatchObject({ status: 401, code });
    expect(await attempt(name, 'wrong')).toMatchObject({ status: 401, code: 'AUTHENTICATION_FAILED' });
  });

  test('have as many guesses as anybody, over all spellings', async () => {
    const spellings = ['guessed', 'GUESSED', 'guessed@local.example', 'guessed@LOCAL.example', ' guessed'];
    for (const name of spellings) expect((await attempt(name, 'wrong')).status).toBe(401);
    // Neither name has had five: whose the other is is not told.
    for (const name of ['guessed', 'guessed@local.example']) {
      const refused = { status: 401, code: 'AUTHENTICATION_FAILED' };
      expect(await attempt(name, 'guessed-secret')).toMatchObject(refused);
    }
    expect((await attempt('break-glass', 'break-glass-secret')).status).toBe(200);
  });

  test('do not share a name with somebody of the directory: it is nobody’s', async () => {
    expect((await attempt('alice', 'alice-secret')).status).toBe(401);
    expect((await attempt('alice@example.org', 'alice-secret')).status).toBe(200);
    expect((await attempt('alice@local.example', 'alice-secret')).status).toBe(200);
  });

  test('come in while the directory is away, when the others cannot', async () => {
    const before = await attempt('break-glass', 'break-glass-secret');
    await stack.ldap.stop();
    try {
      const during = await attempt('break-glass', 'break-glass-secret');
      expect(during.text).toBe(before.text);
      expect((await verify(service.url, during.apiKey)).status).toBe(200);
      expect(await attempt('bob', 'bob-secret')).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
      expect((await attempt('break-glass', 'wrong')).status).toBe(401);
    } finally {
      await stack.ldap.start();
    }
    expect((await attempt('bob', 'bob-secret')).status).toBe(200);
  });

  test('come and go with the file, and stay while it cannot be read', async () => {
    const replace = async (text: string) => {
      await writeFile(`${peopleFile}.next`, text);
      await rename(`${peopleFile}.next`, peopleFile);
    };
    // Any sign-in has the file looked at.
    const logged = (what: RegExp) =>
      until(`${what} is logged`, async () => {
        await attempt('bob', 'bob-secret');
        return service.logs().some(({ msg }) => what.test(String(msg)));
      });
    await replace('people: [');
    await logged(/cannot be used/);
    expect((await attempt('break-glass', 'break-glass-secret')).status).toBe(200);
    await replace(await peopleYaml({ newcomer: {} }));
    await logged(/read again/);
    expect((await attempt('newcomer', 'newcomer-secret')).status).toBe(200);
    expect((await attempt('break-glass', 'break-glass-secret')).status).toBe(401);
  });
});

describe('a file of people that is at fault', () => {
  test('keeps the service from starting, with every fault and no password', async () => {
    const peopleFile = yamlFile('people: [{ id: a, username: ops, password: hunter2 }]');
    const settings = {
      redis: { url: 'memory:' },
      directories: [{ id: 'local', kind: 'file', peopleFile }],
    };
    const started = startServiceProcess({
      LATCHKEY_SECRET: Buffer.alloc(32, 1).toString('base64'),
      LATCHKEY_CONFIG: yamlFile(JSON.stringify(settings)),
    });
    await expect(started).rejects.toMatchObject({
      code: 78,
      stderr: [
        `${peopleFile}: people[0].password ("ops"): not a hash that is taken; make one by latchkey hash-password`,
        `${peopleFile}: people[0].email ("ops"): not exactly one of email and emails; write one of them`,
        '',
      ].join('\n'),
    });
  });
});

test('a service may have people in a file alone', async () => {
  const settings = {
    redis: { url: 'memory:' },
    directories: [{ id: 'local', kind: 'file', peopleFile: yamlFile(await peopleYaml({ ops: {} })) }],
  };
  await using service = await startServiceProcess({
    LATCHKEY_SECRET: Buffer.alloc(32, 1).toString('base64'),
    LATCHKEY_CONFIG: yamlFile(JSON.stringify(settings)),
  });
  expect((await signIn(service.url, 'ops', 'ops-secret')).status).toBe(200);
});
