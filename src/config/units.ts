import { z } from 'zod';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const BYTES: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** The longest that a timer of Node takes, in milliseconds; a longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A number and a unit of time, read as milliseconds. */
export function lengthOfTime(longestMs: number, shortestMs = 1) {
  const longest = longestMs === MAX_TIMER_MS ? '24d' : 'any number of days';
  return z.string('not a duration; write a number and a unit, such as 30s').transform((written, context) => {
    const [, number, unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(written) ?? [];
    const value = Number(number) * (MILLISECONDS[unit] ?? Number.NaN);
    if (value >= shortestMs && value <= longestMs) return value;
    const message = `not a duration from ${shortestMs}ms to ${longest}; write a number and a unit (ms, s, m, h, d), such as 30s`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** A number of bytes, alone or with a unit, read as bytes. */
export function amountOfMemory() {
  const message =
    'not a number of bytes from 1; write it alone or with a unit (KiB, MiB, GiB), such as 64MiB';
  return z.union([z.number(), z.string()], message).transform((written, context) => {
    const [, number, unit = ''] = /^(\d+)(KiB|MiB|GiB)?$/.exec(String(written)) ?? [];
    const value = Number(number) * (BYTES[unit] ?? Number.NaN);
    if (value > 0 && Number.isSafeInteger(value)) return value;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
