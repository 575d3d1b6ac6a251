/** Random numbers that come again with the same seed. */
export interface Chance {
  /** A whole number from `least` up to `most`, both included. */
  between(least: number, most: number): number;
  /** Whether what happens in this part of all cases happens now. @param share from 0 to 1 */
  happens(share: number): boolean;
  /** One of these, which are not none. */
  pick<T>(of: readonly T[]): T;
  /** All of these in another order. */
  shuffle<T>(of: readonly T[]): T[];
}

/** Begin a sequence (mulberry32). @param seed a whole number */
export function createChance(seed: number): Chance {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const pick = <T>(of: readonly T[]): T => of[between(0, of.length - 1)] as T;
  return {
    between,
    pick,
    happens: (share) => next() < share,
    shuffle(of) {
      const rest = [...of];
      return of.map(() => rest.splice(between(0, rest.length - 1), 1)[0] as (typeof of)[number]);
    },
  };
}
