import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServiceProcess } from '../support/service-process.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';

/** What people typed for passwords, right and wrong ones. */
const passwords = [
  'alice-secret',
  'bob-secret',
  'josé-secret',
  'wrong-guess-of-alice',
  'typed-into-the-name',
];

describe('secrets', () => {
  let stack: Stack;
  let service: ServiceProcess;
  /** Every answer but the ones that hand a key out: headers and body. */
  const answers: string[] = [];
  const keys: string[] = [];

  const keep = async (response: Response) => {
    answers.push(`${JSON.stringify([...response.headers])}\n${await response.text()}`);
  };
  const get = async (path: string, headers: Record<string, string>) =>
    keep(await fetch(`${service.url}${path}`, { headers }));

  beforeAll(async () => {
    stack = await startStack({ redis: { appendOnly: true } });
    service = await stack.startService({ LOG_LEVEL: 'trace' });
    for (const [name, password] of [
      ['alice', 'alice-secret'],
      ['bob', 'bob-secret'],
      ['josé', 'josé-secret'],
    ] as const) {
      const { apiKey } = await signIn(service.url, name, password);
      expect(apiKey).toHaveLength(32);
      keys.push(apiKey);
    }
    answers.push((await signIn(service.url, 'alice', 'wrong-guess-of-alice')).text);
    answers.push((await signIn(service.url, 'typed-into-the-name', 'alice-secret')).text);
    answers.push((await signIn(service.url, 'alice', keys[0] ?? '')).text);
    for (const key of keys) {
      await keep(await verify(service.url, key));
      const basic = Buffer.from(`alice:${key}`).toString('base64');
      await get('/api/v1/users/me', { Authorization: `Basic ${basic}` });
      await get('/verify/app', { Authorization: `Basic ${basic}`, 'X-API-Key': key });
      await get('/api/v1/users/me', { Authorization: `Bearer ${key}` });
      await get(`/api/v1/unknown/${key}?api_key=${key}`, {});
      await get(`/api/v1/server_settings?password=alice-secret&api_key=${key}`, {});
      await get(`/healthz?key=${key}`, { 'X-Request-Id': key });
      await keep(await verify(service.url, `${key.slice(0, 31)}!`));
    }
    await stack.ldap.stop();
    answers.push((await signIn(service.url, 'bob', 'bob-secret')).text);
    await stack.ldap.start();
    await stack.redis.stop();
    answers.push((await signIn(service.url, 'bob', 'bob-secret')).text);
    await keep(await verify(service.url, keys[0] ?? ''));
    await stack.redis.start();
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  const everySecret = () => [
    ...keys,
    ...keys.map((key) => Buffer.from(`alice:${key}`).toString('base64')),
    ...passwords,
    stack.env['LATCHKEY_SECRET'] ?? '',
    stack.ldap.servicePassword,
  ];
  const found = (text: string) => everySecret().filter((secret) => text.includes(secret));

  test('are in none of the files of Redis', async () => {
    const files = await stack.redis.files();
    expect(files.length).toBeGreaterThan(0);
    const text = files.map((file) => file.toString('latin1')).join('\n');
    expect(text).toContain('alice@example.org');
    expect(found(text)).toEqual([]);
  });

  test('are in no line that the service has written, at the most talkative level', async () => {
    service.signal('SIGTERM');
    await service.exited;
    const text = service.stdout() + service.stderr();
    expect(text).toContain('"msg":"request"');
    expect(text).toContain('wrong-password');
    expect(found(text)).toEqual([]);
  });

  test('of the account record are in no line either: a nonce and the secret are a key', async () => {
    const text = (await stack.redis.files()).map((file) => file.toString('latin1')).join('\n');
    const nonces = text.match(/\b[0-9a-f]{32}\b/g) ?? [];
    expect(nonces.length).toBeGreaterThanOrEqual(3);
    expect(nonces.filter((nonce) => service.stdout().includes(nonce))).toEqual([]);
  });

  test('are in no answer but the one that hands the key out', () => {
    expect(answers.length).toBeGreaterThan(25);
    expect(found(answers.join('\n'))).toEqual([]);
  });
});
