import { describe, expect, test } from '@jest/globals';
import { distance, interleaved, isApart } from './distributions.ts';

const spread = (size: number, shift = 0) => Array.from({ length: size }, (_, index) => index / size + shift);

describe('two samples', () => {
  test('are as far apart as the largest difference of their shares', () => {
    expect(distance([1, 2, 3, 4], [1, 2, 3, 4])).toBe(0);
    expect(distance([1, 2, 3, 4], [5, 6])).toBe(1);
    expect(distance([1, 2, 3, 4], [3, 4, 5, 6])).toBe(0.5);
    expect(distance([1, 1, 1, 2], [1])).toBe(0.25);
  });

  test('are told apart where one is shifted by a third, and not where by a twentieth', () => {
    expect(isApart(spread(300), spread(300, 1 / 3))).toBe(true);
    expect(isApart(spread(300), spread(300, 1 / 20))).toBe(false);
    expect(isApart(spread(300), spread(300))).toBe(false);
  });
});

test('those that are compared take turns, in an order that is drawn for each round', async () => {
  const turns: string[] = [];
  const turn = (name: string) => async () => void turns.push(name);
  const draws = [0.1, 0.2, 0.3, 0.3, 0.2, 0.1, 0.2, 0.3, 0.1];
  const random = () => draws.shift() ?? 0;
  const took = await interleaved(3, { a: turn('a'), b: turn('b'), c: turn('c') }, random);
  expect(turns.join('')).toBe('abccbacab');
  expect(Object.values(took).map(({ length }) => length)).toEqual([3, 3, 3]);
});
