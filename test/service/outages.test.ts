import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

/** Short bounds for the part that fails, so that what hangs is seen to end; the other one is waited for patiently. */
const IMPATIENT = {
  directory: 'directory: { connectTimeout: 1s, operationTimeout: 1s }\n',
  redis: 'redis: { connectTimeout: 1s, commandTimeout: 1s }\n',
};

describe('an outage', () => {
  let stack: Stack;
  let services: Readonly<Record<keyof typeof IMPATIENT, ServiceProcess>>;
  let apiKey: string;

  beforeAll(async () => {
    stack = await startStack();
    const start = (settings: string) => stack.startService({ LATCHKEY_CONFIG: yamlFile(settings) });
    services = { directory: await start(IMPATIENT.directory), redis: await start(IMPATIENT.redis) };
    ({ apiKey } = await signIn(services.redis.url, 'alice', 'alice-secret'));
  });
  beforeEach(async () => {
    await stack.ldapProxy.set({});
    await stack.redisProxy.set({});
    for (const { url } of Object.values(services)) {
      await until('all is well', async () => (await signIn(url, 'alice', 'alice-secret')).status === 200);
    }
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  const readiness = async ({ url }: ServiceProcess) => {
    const response = await fetch(`${url}/readyz`);
    return { code: response.status, ...((await response.json()) as object) };
  };
  const expectUnavailable = (answer: { status: number; headers: Headers; code?: string | undefined }) => {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9][0-9]*$/);
  };

  test.each(['refuse', 'blackhole', 'reset'] as const)(
    'of the directory (%s) is a 503 that counts against nobody',
    async (mode) => {
      const service = services.directory;
      await stack.ldapProxy.set({ mode });
      stack.ldapProxy.kill();
      for (let attempt = 0; attempt < 7; attempt++) {
        const answer = await signIn(service.url, 'alice', 'alice-secret');
        expectUnavailable(answer);
        expect(answer.code).toBe('SERVICE_UNAVAILABLE');
      }
      expect((await verify(service.url, apiKey)).status).toBe(200);
      expect(await readiness(service)).toMatchObject({ code: 200, directory: 'unreachable', redis: 'ok' });
      await stack.ldapProxy.set({});
      // A server that is well may be late once, for bounds as short as these, when it has not been asked for seconds.
      await until(
        'sign-ins are served again',
        async () => (await signIn(service.url, 'alice', 'alice-secret')).status === 200,
      );
    },
  );

  test.each(['refuse', 'blackhole', 'reset'] as const)(
    'of Redis (%s) is a 503 for sign-ins and verifications',
    async (mode) => {
      const service = services.redis;
      await stack.redisProxy.set({ mode });
      if (mode !== 'blackhole') stack.redisProxy.kill();
      expectUnavailable(await signIn(service.url, 'alice', 'alice-secret'));
      expectUnavailable(await verify(service.url, apiKey));
      const me = await fetch(`${service.url}/api/v1/users/me`, {
        headers: { Authorization: `Basic ${Buffer.from(`alice:${apiKey}`).toString('base64')}` },
      });
      expectUnavailable(me);
      expect(await readiness(service)).toMatchObject({ code: 503, redis: 'unreachable' });
      expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
      await stack.redisProxy.set({});
      await until('keys verify again', async () => (await verify(service.url, apiKey)).status === 200);
    },
  );

  test('of both at the start is no reason not to start', async () => {
    await stack.ldapProxy.set({ mode: 'refuse' });
    await stack.redisProxy.set({ mode: 'refuse' });
    const started = stack.startService();
    await stack.redisProxy.set({});
    const early = await started;
    expectUnavailable(await signIn(early.url, 'alice', 'alice-secret'));
    await stack.ldapProxy.set({});
    await until('it works', async () => (await signIn(early.url, 'alice', 'alice-secret')).status === 200);
  });

  test('of the directory that comes back is over for everyone at once', async () => {
    const patient = await stack.startService();
    const everyone = () =>
      Promise.all(['alice', 'bob', 'josé'].map((name) => signIn(patient.url, name, `${name}-secret`)));
    await stack.ldap.stop();
    for (const answer of await everyone()) expectUnavailable(answer);
    await stack.ldap.start();
    expect((await everyone()).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});
