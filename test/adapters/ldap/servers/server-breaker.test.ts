import { describe, expect, test } from '@jest/globals';
import { ConnectionFailure } from '../../../../src/adapters/ldap/connection/connection-failure.ts';
import { createServerBreaker } from '../../../../src/adapters/ldap/servers/server-breaker.ts';
import { until } from '../../../support/until.ts';

const lost = () => Promise.reject(new ConnectionFailure('disconnected', 'lost'));
const rarely = { firstMs: 600_000, atMostMs: 600_000 };

/** A server that works or does not, its probe, and what was heard of it. */
function parts() {
  const server = { works: true, probes: 0 };
  const heard: string[] = [];
  const probe = async () => {
    server.probes++;
    await new Promise(setImmediate);
    if (!server.works) await lost();
  };
  const events = { onDown: ({ kind }: ConnectionFailure) => heard.push(kind), onUp: () => heard.push('up') };
  return { server, heard, probe, events };
}

/** A breaker before such a server. */
function newBreaker(often = rarely) {
  const { server, heard, probe, events } = parts();
  return { server, heard, breaker: createServerBreaker(probe, often, events) };
}

describe('the breaker of a server', () => {
  test('opens at the first failure of the server, at no other, and tells it once', async () => {
    const { breaker, heard } = newBreaker();
    using _ = breaker;
    await expect(breaker.run(() => Promise.reject(new Error('of a person')))).rejects.toThrow('person');
    expect(breaker.isUp()).toBe(true);
    const calls = [breaker.run(lost), breaker.run(lost)];
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([breaker.isUp(), heard]).toEqual([false, ['disconnected']]);
  });

  test('is closed by a probe, of which there is one at a time however many ask', async () => {
    const { breaker, server, heard } = newBreaker();
    using _ = breaker;
    await breaker.run(lost).catch(() => {});
    server.works = false;
    const probes = await Promise.allSettled([breaker.probe(), breaker.probe(), breaker.probe()]);
    expect(new Set(probes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    // The first one asked for it; the others found it under way, and share the next.
    expect(server.probes).toBe(2);
    server.works = true;
    await breaker.probe();
    expect([breaker.isUp(), heard]).toEqual([true, ['disconnected', 'up']]);
  });

  test('is closed for whoever asks after the recovery, though a probe of before it is still under way', async () => {
    const hung = Promise.withResolvers<void>();
    const answers = [hung.promise, Promise.resolve()];
    const events = { onDown: () => {}, onUp: () => {} };
    using breaker = createServerBreaker(() => answers.shift() ?? lost(), rarely, events);
    await breaker.run(lost).catch(() => {});
    const before = breaker.probe();
    const after = breaker.probe();
    hung.reject(new ConnectionFailure('slow', 'hung'));
    await expect(before).rejects.toThrow('hung');
    await after;
    expect(breaker.isUp()).toBe(true);
  });

  test('is probed ever more rarely where the server fails again whenever it is back', async () => {
    const often = { firstMs: 1, atMostMs: 600_000 };
    const [flapping, other] = [newBreaker(often), newBreaker(often)];
    using _ = flapping.breaker;
    using __ = other.breaker;
    for (let time = 0; time < 30; time++) {
      await flapping.breaker.run(lost).catch(() => {});
      await flapping.breaker.probe();
    }
    await flapping.breaker.run(lost).catch(() => {});
    const { probes } = flapping.server;
    other.server.works = false;
    await other.breaker.run(lost).catch(() => {});
    await until('one that has not flapped was probed', () => other.server.probes >= 3);
    expect(flapping.server.probes).toBe(probes);
  });

  test('begins anew where the server has worked for long', async () => {
    const clock = { now: 0 };
    const { server, probe, events } = parts();
    using breaker = createServerBreaker(probe, { firstMs: 1, atMostMs: 600_000 }, events, () => clock.now);
    for (let time = 0; time < 30; time++) {
      await breaker.run(lost).catch(() => {});
      await breaker.probe();
    }
    clock.now = 600_000;
    const { probes } = server;
    await breaker.run(lost).catch(() => {});
    await until('it was probed in the background', () => server.probes > probes);
  });

  test('stays closed where an operation of before the recovery fails late', async () => {
    const { breaker } = newBreaker();
    using _ = breaker;
    const late = Promise.withResolvers<never>();
    const old = breaker.run(() => late.promise);
    await breaker.run(lost).catch(() => {});
    await breaker.probe();
    late.reject(new ConnectionFailure('disconnected', 'late'));
    await expect(old).rejects.toThrow('late');
    expect(breaker.isUp()).toBe(true);
  });

  test('probes in the background until the server works, and then no more', async () => {
    const { breaker, server } = newBreaker({ firstMs: 1, atMostMs: 5 });
    using _ = breaker;
    server.works = false;
    await breaker.run(lost).catch(() => {});
    await until('it was probed several times', () => server.probes >= 3);
    server.works = true;
    await until('it is up', breaker.isUp);
    expect(await breaker.run(async () => 'served')).toBe('served');
  });
});
