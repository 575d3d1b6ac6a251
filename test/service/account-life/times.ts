const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The settings of this life, in milliseconds: no sum of `LEAPS` comes near one of them. */
export const TIMES = {
  revalidateAfterMs: 1.5 * HOUR_MS,
  maxStalenessMs: 5.5 * HOUR_MS,
  /** As patient as the machine may need. */
  revalidateWithinMs: 30_000,
  outageGraceMs: 24.5 * HOUR_MS,
  restoreAfterMs: 3.5 * HOUR_MS,
  maxAgeMs: 60.5 * DAY_MS,
  forgetAfterMs: 365.5 * DAY_MS,
} as const;

/** How time passes, in milliseconds, by what it is called; and how much more often than the rarest. */
export const LEAPS = {
  'two hours': { ms: 2 * HOUR_MS, weight: 5 },
  'six hours': { ms: 6 * HOUR_MS, weight: 8 },
  'a day': { ms: 25 * HOUR_MS, weight: 4 },
  'two months': { ms: 61 * DAY_MS, weight: 1 },
  'a year': { ms: 366 * DAY_MS, weight: 1 },
} as const;
