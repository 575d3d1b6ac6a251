import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'ldapts';
import { patientSettings } from '../support/patient-settings.ts';
import { runLatchkey } from '../support/run-latchkey.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { regenerate } from './regenerate.ts';
import { type SignInAnswer, type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

const MIB = 1024 * 1024;

describe('Redis', () => {
  let stack: Stack;
  let service: ServiceProcess;
  let operator: Redis;
  beforeAll(async () => {
    stack = await startStack({ redis: { appendOnly: true } });
    service = await stack.startService();
    operator = new Redis(stack.redis.url);
    operator.on('error', () => {});
  });
  afterEach(async () => {
    await operator.config('SET', 'maxmemory', '0');
    await operator.config('SET', 'maxmemory-policy', 'noeviction');
    await operator.flushall();
  });
  afterAll(async () => {
    operator?.disconnect();
    await stack?.[Symbol.asyncDispose]();
  });

  const comeIn = (name: string) => signIn(service.url, name, `${name}-secret`);
  const keyOf = async (name: string) => {
    const { status, apiKey } = await comeIn(name);
    expect(status).toBe(200);
    return apiKey;
  };
  const statuses = (keys: readonly string[], { url } = service) =>
    Promise.all(keys.map(async (key) => (await verify(url, key)).status));
  const expectUnavailable = ({
    status,
    headers,
    text,
  }: Pick<SignInAnswer, 'status' | 'headers' | 'text'>) => {
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(JSON.parse(text)).toEqual({
      ...{ result: 'error', msg: 'Service is temporarily unavailable', code: 'SERVICE_UNAVAILABLE' },
    });
  };

  test('that crashes and starts again has every key, and none that was taken away before', async () => {
    const replaced = await keyOf('alice');
    const renewed = await regenerate(service.url, 'alice', replaced);
    const kept = await keyOf('bob');
    const [revoked, suspended] = [await keyOf('josé'), await keyOf('two-mails')];
    const patient = { ...stack.env, LATCHKEY_CONFIG: yamlFile(JSON.stringify(patientSettings)) };
    for (const [what, whose] of [
      ['revoke', 'josé'],
      ['suspend', 'two-mails'],
    ] as const) {
      expect(await runLatchkey(patient, ['accounts', what, whose])).toMatchObject({ code: 0, err: '' });
    }
    await stack.redis.kill();
    await until('it is missed', async () => (await fetch(`${service.url}/readyz`)).status === 503);
    await stack.redis.start();
    await until('it is back', async () => (await fetch(`${service.url}/readyz`)).status === 200);
    expect(await statuses([renewed, kept])).toEqual([200, 200]);
    expect(await statuses([replaced, revoked, suspended])).toEqual([401, 401, 401]);
    expect(await keyOf('bob')).toBe(kept);
  });

  test('that is full answers no sign-in and no regeneration, while keys go on being verified', async () => {
    const replaced = await keyOf('alice');
    const apiKey = await regenerate(service.url, 'alice', replaced);
    // One that has verified none of them yet.
    const other = await stack.startService();
    await operator.config('SET', 'maxmemory', `${8 * MIB}`);
    await operator.setrange('ballast', 16 * MIB, 'x');

    for (const name of ['bob', 'alice']) expectUnavailable(await comeIn(name));
    await expect(regenerate(service.url, 'alice', apiKey)).rejects.toThrow(
      /answered 503: .*"Service is temporarily unavailable".*SERVICE_UNAVAILABLE/,
    );
    for (const one of [service, other]) {
      expect(await statuses([apiKey, replaced, `${apiKey.slice(0, -1)}~`], one)).toEqual([200, 401, 401]);
    }

    await operator.del('ballast');
    expect((await comeIn('bob')).status).toBe(200);
    const renewed = await regenerate(service.url, 'alice', apiKey);
    expect(await statuses([renewed, apiKey])).toEqual([200, 401]);
    expect(await keyOf('alice')).toBe(renewed);
    const loud = () =>
      service.logs().filter(({ level, msg }) => level === 'error' && `${msg}`.includes('OOM'));
    await until('the log says it', () => loud().length > 0);
    expect(loud()).toEqual([
      expect.objectContaining({
        level: 'error',
        msg: 'Redis is full (OOM, maxmemory): sign-ins answer 503, and no key is regenerated; verifications go on',
      }),
    ]);
  });

  test('that is full keeps out all the same whom an operator or the directory keeps out', async () => {
    const [alice, bob, leaver] = [await keyOf('alice'), await keyOf('bob'), await keyOf('carol')];
    await operator.config('SET', 'maxmemory', `${8 * MIB}`);
    await operator.setrange('ballast', 16 * MIB, 'x');
    const patient = { ...stack.env, LATCHKEY_CONFIG: yamlFile(JSON.stringify(patientSettings)) };
    const ask = (...args: string[]) => runLatchkey(patient, args);
    expect(await ask('accounts', 'suspend', 'alice')).toMatchObject({ code: 0, err: '' });
    expect(await ask('accounts', 'revoke', 'bob')).toMatchObject({ code: 0, err: '' });
    expect(await statuses([alice, bob, leaver])).toEqual([401, 401, 200]);
    await using admin = new Client({ url: stack.ldap.url });
    await admin.bind(stack.ldap.adminDn, stack.ldap.adminPassword);
    const at = (ou: string) => `uid=carol,ou=${ou},${stack.ldap.baseDn}`;
    await admin.modifyDN(at('people'), at('elsewhere'));
    await until('the leaver is out', async () => (await statuses([leaver]))[0] === 401);
    expect(await ask('accounts', 'restore', 'alice')).toMatchObject({ code: 0, err: '' });
    expect(await statuses([alice])).toEqual([200]);
    expect(await ask('accounts', 'delete', 'alice', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(await statuses([alice])).toEqual([401]);
    // What takes more memory is refused, and says why.
    await operator.del('latchkey:secrets');
    const full = { code: 1, out: '', err: 'Redis is full (OOM, maxmemory)\n' };
    expect(await ask('secrets', 'accept')).toEqual(full);
  });

  test('that may throw keys away leaves the service ready, which says so', async () => {
    await operator.config('SET', 'maxmemory', `${100 * MIB}`);
    await operator.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const warned = await stack.startService();
    const response = await fetch(`${warned.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({
        status: 'ready',
        warnings: [expect.stringMatching(/^maxmemory-policy is allkeys-lru → .*accounts and their keys go/)],
      }),
    ]);
    const isTold = () =>
      warned.logs().some(({ level, msg }) => level === 'warn' && String(msg).includes('dangerously'));
    await until('the log says it, too', isTold);
  });
});
