import { expect, test } from '@jest/globals';
import { until } from './until.ts';

test('what is waited for in vain is told, with what was seen last', async () => {
  const looks = [false, undefined] as const;
  let look = 0;
  const waiting = until('it rains', () => looks[look++ % 2], 30);
  await expect(waiting).rejects.toThrow(
    /^waited 30 ms in vain until it rains; seen last: (false|undefined)$/,
  );
  const told = until(
    'it rains',
    () => false,
    30,
    () => ({ clouds: 3 }),
  );
  await expect(told).rejects.toThrow('seen last: {"clouds":3}');
});

test('a probe that throws is asked again, and its last error is told', async () => {
  let asked = 0;
  const probe = () => {
    asked += 1;
    if (asked < 3) throw new Error(`not yet (${asked})`);
    return asked;
  };
  expect(await until('it is asked thrice', probe)).toBe(3);
  const failing = until('it works', () => Promise.reject(new Error('broken')), 30);
  await expect(failing).rejects.toMatchObject({
    message: expect.stringContaining('Error: broken'),
    cause: { message: 'broken' },
  });
});
