/** How often each of several things was done or seen. */
export type Tally = Map<string, number>;

/** One more of `what`. */
export function count(tally: Tally, what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1);
}

/** As text, what was there most often first. */
export function inWords(tally: Tally): string {
  const parts = [...tally].toSorted(([, one], [, other]) => other - one);
  return parts.map(([what, times]) => `${what} ${times}`).join(', ');
}
