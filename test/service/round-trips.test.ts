import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

/** One way to Redis, in milliseconds: long enough that commands of one step are on their way together. */
const LATENCY_MS = 40;

/** Nothing asks Redis but requests: neither a watch nor the trials of the near cache. */
const QUIET = { directory: { watch: 'none' }, keys: { nearCache: { ttl: '0s' } } };

describe('round trips to Redis', () => {
  let stack: Stack;
  let service: ServiceProcess;
  let apiKey: string;

  beforeAll(async () => {
    stack = await startStack();
    service = await stack.startService({ LATCHKEY_CONFIG: yamlFile(JSON.stringify(QUIET)) });
    ({ apiKey } = await signIn(service.url, 'alice', 'alice-secret'));
    await stack.redisProxy.set({ latency: LATENCY_MS });
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  /** How many round trips `ask` had to wait for, once nothing is on its way any more. */
  const roundTrips = async (ask: () => Promise<unknown>): Promise<number> => {
    await quiet(stack);
    stack.redisProxy.resetCounts();
    await ask();
    return stack.redisProxy.roundTrips();
  };

  test('are three at most when a known person signs in, budgets included', async () => {
    const trips = await roundTrips(async () => {
      expect((await signIn(service.url, 'alice', 'alice-secret')).status).toBe(200);
    });
    expect(trips).toBeLessThanOrEqual(3);
    expect(trips).toBeGreaterThan(0);
  });

  test('are one when a key is verified, and none when it is forged', async () => {
    expect(await roundTrips(() => verify(service.url, apiKey))).toBe(1);
    expect(
      await roundTrips(() =>
        verify(service.url, `${apiKey.slice(0, -1)}${apiKey.endsWith('x') ? 'y' : 'x'}`),
      ),
    ).toBe(0);
  });
});

/** Wait until Redis has been asked nothing for as long as an answer takes. */
async function quiet({ redisProxy }: Stack): Promise<void> {
  let before = -1;
  let since = performance.now();
  await until('nothing is on its way to Redis', () => {
    const now = redisProxy.roundTrips();
    if (now !== before) since = performance.now();
    before = now;
    return performance.now() - since > 4 * LATENCY_MS;
  });
}
