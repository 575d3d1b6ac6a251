import { expect, test } from '@jest/globals';
import { freePort } from './free-port.ts';
import { startServiceProcess } from './service-process.ts';
import { until } from './until.ts';

// Here it is started from src/, as `npm start` does, where other tests start a bundle.
delete process.env['LATCHKEY_TEST_PROGRAMS'];

// The service starts while its directory is away.
const env = {
  LATCHKEY_SECRET: Buffer.alloc(32, 's').toString('base64'),
  LDAP_URL: 'ldap://127.0.0.1:1',
  LDAP_BIND_DN: 'cn=latchkey,ou=services,dc=example,dc=org',
  LDAP_BIND_PASSWORD: 'latchkey-secret',
  LDAP_USER_BASE: 'ou=people,dc=example,dc=org',
  REDIS_URL: 'memory:',
};

test('a started service answers, writes its log as JSON, and ends at SIGTERM', async () => {
  await using service = await startServiceProcess(env);
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  await until('something is logged', () => service.logs().length > 0);
  expect(service.stderr()).toBe('');
  service.signal('SIGTERM');
  expect(await service.exited).toEqual({ code: 0, signal: null });
});

test('a service listens on the port that it was given, until it is disposed of', async () => {
  const port = await freePort();
  const service = await startServiceProcess({ ...env, PORT: String(port) });
  expect(service).toMatchObject({ port, url: `http://127.0.0.1:${port}` });
  await service[Symbol.asyncDispose]();
  await expect(fetch(service.url)).rejects.toThrow();
});

test('a service gets nothing of the environment of the tests', async () => {
  process.env['REDIS_URL'] = 'memory:';
  const { REDIS_URL: _, ...rest } = env;
  try {
    await expect(startServiceProcess(rest)).rejects.toThrow(/REDIS_URL/);
  } finally {
    delete process.env['REDIS_URL'];
  }
});

test('a service that ends before it answers is an error with its exit code and its last words', async () => {
  await expect(startServiceProcess({ ...env, LATCHKEY_SECRET: 'short' })).rejects.toMatchObject({
    name: 'ServiceNotStarted',
    code: 78,
    stderr: expect.stringContaining('LATCHKEY_SECRET'),
    message: expect.stringMatching(
      /^Latchkey ended with exit code 78 before it answered: .*[ /]src\/main\.ts\n/,
    ),
  });
});

test('a service that does not answer in time is reported, and ended', async () => {
  const PORT = String(await freePort());
  await expect(startServiceProcess({ ...env, PORT }, undefined, 1)).rejects.toThrow(
    /^Latchkey does not answer after 1 ms: .*[ /]src\/main\.ts\n/,
  );
  await expect(fetch(`http://127.0.0.1:${PORT}/healthz`)).rejects.toThrow();
});

test('a start can be interrupted', async () => {
  const reason = new Error('enough');
  const interrupted = startServiceProcess(env, AbortSignal.abort(reason));
  await expect(interrupted).rejects.toBe(reason);
});
