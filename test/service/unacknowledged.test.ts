import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { hashPassword } from '../../src/adapters/file/password-hash.ts';
import { ask, basic } from '../contract/ask.ts';
import { createPageClient } from '../contract/page-client.ts';
import { freePort } from '../support/free-port.ts';
import { type RedisSentinel, startRedisSentinel } from '../support/redis-sentinel.ts';
import { runLatchkey } from '../support/run-latchkey.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { startReadyService } from './ready-service.ts';
import { signIn, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

const NAMES = ['alice', 'bob', 'carol', 'dave'] as const;

/** People of a file, each with the password `<name>-secret`. */
async function peopleYaml(): Promise<string> {
  const people = NAMES.map(async (username) => ({
    ...{ id: `id-${username}`, username, email: `${username}@example.org`, fullName: username },
    password: await hashPassword(`${username}-secret`),
  }));
  return JSON.stringify({ people: await Promise.all(people) });
}

/** What a client is told. */
const retryLater = (msg: string) => ({ result: 'error', msg, code: 'SERVICE_UNAVAILABLE' });
const NOT_GIVEN_OUT =
  'Your API key could still be lost by a failure of the store, so it is not given out yet: please sign in again';
const REPLACED =
  'Your new API key could still be lost by a failure of the store, and the old one live again: please sign in again';

describe('while no replica of Redis answers', () => {
  let redis: RedisSentinel;
  let service: ServiceProcess;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    redis = await startRedisSentinel();
    const settings = {
      directories: [{ id: 'local', kind: 'file', peopleFile: yamlFile(await peopleYaml()) }],
      // Of how many replicas: what Sentinels are there for.
      redis: { acknowledge: { within: '300ms' }, connectTimeout: '10s', commandTimeout: '10s' },
    };
    const port = await freePort();
    env = {
      PORT: String(port),
      LATCHKEY_PUBLIC_URL: `http://127.0.0.1:${port}`,
      LATCHKEY_SECRET: Buffer.alloc(32, 1).toString('base64'),
      LATCHKEY_CONFIG: yamlFile(JSON.stringify(settings)),
      REDIS_SENTINELS: redis.sentinels.map(({ host, port }) => `${host}:${port}`).join(),
      REDIS_SENTINEL_MASTER: redis.masterName,
    };
    service = await startReadyService(env);
  });
  const resume = async () => {
    for (const node of await redis.replicas()) await node.bringUp();
  };
  afterEach(resume);
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  const pause = async () => {
    for (const node of await redis.replicas()) await node.pause();
  };
  const comeIn = (name: (typeof NAMES)[number]) => signIn(service.url, name, `${name}-secret`);
  /** The same once a replica has answered in time, which may take a while on a machine that is busy. */
  const admitted = (name: (typeof NAMES)[number]) =>
    until(`${name} is let in`, async () => {
      const answer = await comeIn(name);
      return answer.status === 200 && answer;
    });

  test('a sign-in is a 503 that says so, and gives the key as soon as one does', async () => {
    await pause();
    for (const time of [1, 2]) {
      const { status, text, headers } = await comeIn('alice');
      expect([time, status, JSON.parse(text)]).toEqual([time, 503, retryLater(NOT_GIVEN_OUT)]);
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    }
    const pages = createPageClient(service.url);
    await pages.open('/accounts/login/');
    const page = await pages.press('Sign in', { username: 'alice', password: 'alice-secret' });
    expect([page.status, page.text]).toEqual([503, expect.stringContaining(`${NOT_GIVEN_OUT}.`)]);
    await resume();
    const { apiKey } = await admitted('alice');
    expect((await verify(service.url, apiKey)).status).toBe(200);
  });

  test('a new key is a 503 that says what has become of the old one', async () => {
    const { apiKey } = await admitted('bob');
    const pages = createPageClient(service.url);
    await pages.open('/accounts/login/');
    await pages.press('Sign in', { username: 'bob', password: 'bob-secret' });
    await pages.open('/account');
    const regenerate = (key: string) =>
      ask(`${service.url}/api/v1/users/me/api_key/regenerate`, {
        method: 'POST',
        headers: { Authorization: basic('bob@example.org', key) },
      });
    await pause();
    const page = await pages.press('Regenerate key', { confirm: 'yes' });
    expect([page.status, page.text]).toEqual([503, expect.stringContaining(`${REPLACED}.`)]);
    expect((await verify(service.url, apiKey)).status).toBe(401);
    expect((await regenerate(apiKey)).status).toBe(401);
    await resume();
    const renewed = await admitted('bob');
    expect(renewed.apiKey).not.toBe(apiKey);
    await pause();
    const answer = await regenerate(renewed.apiKey);
    expect([answer.status, answer.json()]).toEqual([503, retryLater(REPLACED)]);
  });

  test('an account is not deleted before its key is revoked for good', async () => {
    const { userId } = await admitted('dave');
    const latchkey = (...args: string[]) => runLatchkey(env, ['accounts', ...args, String(userId)]);
    await pause();
    expect(await latchkey('delete', '--yes')).toEqual({
      ...{ code: 1, out: '' },
      err: 'The key is revoked, but a failover of Redis could still bring it back: repeat the command\n',
    });
    expect((await latchkey('show')).code).toBe(0);
    await resume();
    await until('it is deleted', async () => (await latchkey('delete', '--yes')).code === 0);
    expect((await latchkey('show')).code).toBe(1);
  });

  test('a command of an operator fails with what to do, and is done when it is repeated', async () => {
    const { apiKey, userId } = await admitted('carol');
    const suspend = () => runLatchkey(env, ['accounts', 'suspend', String(userId)]);
    await pause();
    expect(await suspend()).toEqual({
      ...{ code: 1, out: '' },
      err: 'The account is suspended, but a failover of Redis could still undo that: repeat the command\n',
    });
    expect((await verify(service.url, apiKey)).status).toBe(401);
    await resume();
    await until('it is done', async () => (await suspend()).code === 0);
  });
});
