import type { Measures } from './measure.ts';

/** How much more there may be at the end: a share of what there was, and so much beside. */
interface Slack {
  readonly share: number;
  readonly more: number;
}

/** Those that are not named may not grow at all. What is measured moves by itself: the watch is always at work. */
const SLACK: Readonly<Record<string, Slack>> = {
  timers: { share: 0, more: 3 },
  'sockets to slapd': { share: 0, more: 1 },
  'other sockets': { share: 0, more: 2 },
  'file descriptors': { share: 0, more: 2 },
  'connections of slapd': { share: 0, more: 2 },
  'clients of Redis': { share: 0, more: 1 },
  'keys in Redis': { share: 0, more: 5 },
  promises: { share: 0, more: 50 },
  'abort signals': { share: 0, more: 5 },
  functions: { share: 0.01, more: 200 },
  objects: { share: 0.02, more: 400 },
  'heap, KiB': { share: 0.05, more: 2 * 1024 },
  'outside the heap, KiB': { share: 0.1, more: 2 * 1024 },
  // What the heap has grown to under load is given back late.
  'resident, KiB': { share: 0.25, more: 32 * 1024 },
};

/** The most that a measure may be at the end. */
export function mostOf(name: string, before: number): number {
  const { share, more } = SLACK[name.replace(/^\w+: /, '')] ?? { share: 0, more: 0 };
  return Math.round(before * (1 + share) + more);
}

/** Which measures have grown too much. */
export function grown(before: Measures, after: Measures): string[] {
  return Object.entries(after)
    .filter(([name, value]) => value > mostOf(name, before[name] ?? 0))
    .map(([name, value]) => `${name}: ${value}, and ${before[name]} before`);
}

/** Of each measure the least: what moves by itself is not what stays. */
export function leastOf(taken: readonly Measures[]): Measures {
  const [first = {}] = taken;
  const least = (name: string) => Math.min(...taken.map((one) => one[name] ?? Number.POSITIVE_INFINITY));
  return Object.fromEntries(Object.keys(first).map((name) => [name, least(name)]));
}

/** A line for each measure. */
export function comparison(before: Measures, after: Measures): string[] {
  const row = (name: string, ...cells: (string | number | undefined)[]) =>
    `  ${name.padEnd(34)}${cells.map((cell) => String(cell ?? '').padStart(10)).join('')}`;
  const rows = Object.entries(after).map(([name, value]) =>
    row(name, before[name], value, mostOf(name, before[name] ?? 0)),
  );
  return [row('', 'before', 'after', 'at most'), ...rows];
}
