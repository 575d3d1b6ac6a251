import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createGate, type GateOptions } from '../../src/adapters/gate.ts';
import { Unavailable } from '../../src/errors.ts';

/** A gate through which one gets in time, but for what is said. */
const gateOf = (options: Partial<GateOptions>) =>
  createGate({ size: 1, maxWaiting: 1, maxWaitMs: 60_000, awaited: 'a place', ...options });

/** A task that says when it has begun and ends when it is told to. */
function newTask() {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  const run = () => {
    begun.resolve();
    return end.promise;
  };
  return { run, begun: begun.promise, end: end.resolve, fail: end.reject };
}

describe('a gate', () => {
  test('gives what the task gives, and throws what it throws', async () => {
    const gate = gateOf({ maxWaiting: 0 });
    expect(await gate(async () => 'given')).toBe('given');
    await expect(gate(() => Promise.reject(new Error('thrown')))).rejects.toThrow('thrown');
    expect(await gate(async () => 'given again')).toBe('given again');
  });

  test('never has more inside than it may, and everybody gets in, in the order they came', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.boolean(), { maxLength: 20 }),
        fc.constantFrom(60_000, undefined),
        async (size, fates, maxWaitMs) => {
          const gate = gateOf({ size, maxWaiting: fates.length, maxWaitMs });
          const order: number[] = [];
          let inside = 0;
          const tasks = fates.map((succeeds, number) =>
            gate(async () => {
              order.push(number);
              inside++;
              expect(inside).toBeLessThanOrEqual(size);
              await new Promise(setImmediate);
              inside--;
              if (!succeeds) throw new Error('failed');
            }),
          );
          const outcomes = await Promise.allSettled(tasks);
          expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(fates);
          expect(order).toEqual(fates.map((_, number) => number));
        },
      ),
    );
  });

  test('refuses at once whoever finds the queue full, and only them', async () => {
    const gate = gateOf({});
    const [inside, waiting] = [newTask(), newTask()];
    const first = gate(inside.run);
    const second = gate(waiting.run);
    const refused = gate(async () => 'third');
    await expect(refused).rejects.toThrow(new Unavailable('directory', 'too many wait for a place'));
    inside.end('first');
    waiting.end('second');
    expect(await Promise.all([first, second])).toEqual(['first', 'second']);
  });

  test('lets nobody wait longer than they may, and does not run them later', async () => {
    const gate = gateOf({ maxWaiting: 2, maxWaitMs: 20 });
    const inside = newTask();
    const first = gate(inside.run);
    let ran = false;
    const late = gate(async () => {
      ran = true;
    });
    await expect(late).rejects.toBeInstanceOf(Unavailable);
    inside.end('first');
    await first;
    expect(await gate(async () => 'next')).toBe('next');
    expect(ran).toBe(false);
  });

  test('has the place of those who gave up waiting free for others', async () => {
    const gate = gateOf({ maxWaitMs: 20 });
    const inside = newTask();
    const first = gate(inside.run);
    await expect(gate(async () => 'gave up')).rejects.toThrow('within 20 ms');
    const waiting = gate(async () => 'second');
    inside.end('first');
    expect(await Promise.all([first, waiting])).toEqual(['first', 'second']);
  });

  test('ends the wait of whoever has gone, and has their place free for others', async () => {
    const gate = gateOf({});
    const inside = newTask();
    const first = gate(inside.run);
    const leaving = new AbortController();
    let ran = false;
    const run = async () => {
      ran = true;
    };
    const gone = gate(run, leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    await expect(gate(run, leaving.signal)).rejects.toThrow('gone');
    const waiting = gate(async () => 'second');
    inside.end('first');
    expect(await Promise.all([first, waiting])).toEqual(['first', 'second']);
    expect(ran).toBe(false);
  });
});

test('a gate is left by whoever waits as soon as any of several signals is aborted', async () => {
  const gate = gateOf({ maxWaiting: 2 });
  const task = newTask();
  const inside = gate(task.run);
  await task.begun;
  const [one, other] = [new AbortController(), new AbortController()];
  const waiting = gate(async () => 'never', one.signal, other.signal);
  const staying = gate(async () => 'served', one.signal);
  other.abort(new Error('the other'));
  await expect(waiting).rejects.toThrow('the other');
  task.end('over');
  expect(await inside).toBe('over');
  expect(await staying).toBe('served');
  await expect(gate(async () => 'never', undefined, other.signal)).rejects.toThrow('the other');
});
