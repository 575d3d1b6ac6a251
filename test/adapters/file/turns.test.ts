import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTurns } from '../../../src/adapters/file/turns.ts';
import { Unavailable } from '../../../src/errors.ts';

describe('turns', () => {
  test('never run more at once than they may, and everybody gets one, in the order they came', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.boolean(), { maxLength: 15 }),
        async (atOnce, fates) => {
          const inTurn = createTurns({ atOnce, maxWaiting: fates.length });
          const order: number[] = [];
          let running = 0;
          const tasks = fates.map((succeeds, number) =>
            inTurn(async () => {
              order.push(number);
              running++;
              expect(running).toBeLessThanOrEqual(atOnce);
              await new Promise(setImmediate);
              running--;
              if (!succeeds) throw new Error('failed');
              return number;
            }),
          );
          const outcomes = await Promise.allSettled(tasks);
          expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(fates);
          expect(order).toEqual(fates.map((_, number) => number));
        },
      ),
    );
  });

  test('refuse at once whoever finds too many waiting, and have room again afterwards', async () => {
    const inTurn = createTurns({ atOnce: 1, maxWaiting: 1 });
    const end = Promise.withResolvers<string>();
    const first = inTurn(() => end.promise);
    const second = inTurn(async () => 'second');
    await expect(inTurn(async () => 'third')).rejects.toBeInstanceOf(Unavailable);
    end.resolve('first');
    expect(await Promise.all([first, second])).toEqual(['first', 'second']);
    expect(await inTurn(async () => 'fourth')).toBe('fourth');
  });
});
