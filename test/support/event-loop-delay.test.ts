import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { watchDelays } from './delays.ts';
import { watchEventLoop } from './event-loop-delay.ts';
import { startRedis } from './redis-server.ts';
import { startServiceProcess } from './service-process.ts';
import { stopped } from './stopped.ts';
import { until } from './until.ts';

const HELD_MS = 300;

function holdLoop(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, HELD_MS);
}

test('tells the longest that this process has stood still', async () => {
  using watched = await watchEventLoop();
  holdLoop();
  await until('it was looked at', () => watched.worstMs() >= HELD_MS);
  using later = await watchEventLoop();
  await delay(10);
  expect(later.worstMs()).toBeLessThan(watched.worstMs());
});

test('tells the longest that a service has stood still, and a Redis', async () => {
  await using service = await startServiceProcess({
    LATCHKEY_SECRET: Buffer.alloc(32, 's').toString('base64'),
    LDAP_URL: 'ldap://127.0.0.1:1',
    LDAP_BIND_DN: 'cn=latchkey,ou=services,dc=example,dc=org',
    LDAP_BIND_PASSWORD: 'latchkey-secret',
    LDAP_USER_BASE: 'ou=people,dc=example,dc=org',
    REDIS_URL: 'memory:',
  });
  await using redis = await startRedis();
  await using delays = await watchDelays({ services: [service.url], redis: [redis.port] });
  await delay(250); // what is delayed before the service's first look is not seen

  service.signal('SIGSTOP');
  await Promise.all([stopped(service.pid), redis.pause()]);
  await delay(HELD_MS);
  service.signal('SIGCONT');
  await redis.resume();
  await delay(250); // it looks again

  const { sumMs, inWords } = await delays.worst();
  const ms = [...inWords.matchAll(/(\d+\.\d) ms/g)].map(([, one]) => Number(one));
  expect(ms).toHaveLength(4);
  const [sum = 0, own = 0, ofService = 0, ofRedis = 0] = ms;
  expect(ofService).toBeGreaterThan(HELD_MS);
  // The answer before it may have been read late.
  expect(own + ofRedis).toBeGreaterThan(HELD_MS);
  expect(sum).toBeCloseTo(sumMs, 0);
  expect(sum).toBeCloseTo(own + ofService + ofRedis, 0);
});
