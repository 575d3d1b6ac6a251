/** What happened, counted; and what must never happen, in words. */
export interface Tally {
  /** Count one event of a kind by what came of it. */
  count(kind: string, outcome: string | number): void;
  /** Tell of something that must not be. */
  violate(words: string): void;
  /** What was told of, in order, with the time since the tally began; at most as many as anybody reads. */
  readonly violations: readonly string[];
  /** When it was told of first, in milliseconds since 1970; `undefined`: it never was. */
  violatedAt(): number | undefined;
  /** How often a kind had one outcome. */
  timesOf(kind: string, outcome: string | number): number;
  /** A line for each kind. */
  lines(): string[];
}

const MOST_VIOLATIONS = 40;

/** Begin to count. */
export function createTally(): Tally {
  const begunAt = performance.now();
  const kinds = new Map<string, Map<string, number>>();
  const violations: string[] = [];
  let violatedAt: number | undefined;
  return {
    violations,
    violatedAt: () => violatedAt,
    count(kind, outcome) {
      const counted = kinds.get(kind) ?? new Map<string, number>();
      kinds.set(kind, counted.set(String(outcome), (counted.get(String(outcome)) ?? 0) + 1));
    },
    violate(words) {
      violatedAt ??= Date.now();
      const at = ((performance.now() - begunAt) / 1000).toFixed(1);
      if (violations.length < MOST_VIOLATIONS)
        violations.push(`${at} s (${new Date().toISOString()}): ${words}`);
    },
    timesOf: (kind, outcome) => kinds.get(kind)?.get(String(outcome)) ?? 0,
    lines: () =>
      [...kinds].sort(byName).map(([kind, counted]) => {
        const outcomes = [...counted].sort(byName).map(([outcome, times]) => `${outcome}: ${times}`);
        return `  ${kind.padEnd(34)} ${outcomes.join(', ')}`;
      }),
  };
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) =>
  one < other ? -1 : 1;
