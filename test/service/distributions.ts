/** Two samples of one distribution are taken for two once in a million comparisons. */
const ALPHA = 1e-6;

/** The largest distance between two empirical distributions (Kolmogorov–Smirnov): 0 to 1, and by ranks alone. */
export function distance(one: readonly number[], other: readonly number[]): number {
  const first = one.toSorted((a, b) => a - b);
  const second = other.toSorted((a, b) => a - b);
  const countUpTo = (sample: readonly number[], value: number, from: number) => {
    let at = from;
    while (at < sample.length && (sample[at] ?? 0) <= value) at++;
    return at;
  };
  let largest = 0;
  let [i, j] = [0, 0];
  for (const value of [...first, ...second].sort((a, b) => a - b)) {
    i = countUpTo(first, value, i);
    j = countUpTo(second, value, j);
    largest = Math.max(largest, Math.abs(i / first.length - j / second.length));
  }
  return largest;
}

/** Whether two samples are of different distributions, beyond all doubt. */
export function isApart(one: readonly number[], other: readonly number[]): boolean {
  const size = (one.length * other.length) / (one.length + other.length);
  return distance(one, other) > Math.sqrt(-Math.log(ALPHA / 2) / 2 / size);
}

/**
 * How long each of these takes, in milliseconds: `times` rounds, in each of which every one has its turn, in an order
 * that is drawn anew. So whatever the machine does meanwhile it does to all of them, and so does what one leaves behind
 * for the next.
 * @param random from 0 up to 1
 */
export async function interleaved<K extends string>(
  times: number,
  each: Readonly<Record<K, () => Promise<unknown>>>,
  random: () => number = Math.random,
): Promise<Record<K, number[]>> {
  const kinds = Object.keys(each) as K[];
  const took = Object.fromEntries(kinds.map((kind): [K, number[]] => [kind, []])) as Record<K, number[]>;
  for (let round = 0; round < times; round++) {
    const drawn = kinds.map((kind) => ({ kind, place: random() })).sort((a, b) => a.place - b.place);
    for (const { kind } of drawn) {
      const begun = performance.now();
      await each[kind]();
      took[kind].push(performance.now() - begun);
    }
  }
  return took;
}
