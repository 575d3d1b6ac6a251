import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import zulip from 'zulip-js';
import type { ServiceProcess } from '../support/service-process.ts';
import { type Stack, startStack } from './stack.ts';

describe("Zulip's own client, zulip-js", () => {
  let stack: Stack;
  let service: ServiceProcess;

  beforeAll(async () => {
    stack = await startStack();
    service = await stack.startService();
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  test.each(['alice', 'alice@example.org'])('signs in as %s and asks who it is', async (username) => {
    const client = await zulip({ realm: service.url, username, password: 'alice-secret' });
    expect(client.config.apiKey).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await client.users.me.getProfile()).toMatchObject({
      result: 'success',
      email: 'alice@example.org',
      full_name: 'Alice Archer',
      user_id: expect.any(Number),
    });
  });

  test('is told that its key is malformed after a wrong password, since it goes on with none', async () => {
    const client = await zulip({ realm: service.url, username: 'alice', password: 'wrong' });
    expect(await client.users.me.getProfile()).toEqual({
      result: 'error',
      msg: 'Malformed API key',
      code: 'UNAUTHORIZED',
    });
  });
});
