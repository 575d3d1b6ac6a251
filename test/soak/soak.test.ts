import { beforeAll, describe, expect, test } from '@jest/globals';
import { comparison, grown } from './compare.ts';
import { loggedAround } from './logged-around.ts';
import { PATIENCE_MS } from './persist.ts';
import { type Soaked, soak } from './soak.ts';
import { readSoakOptions } from './soak-options.ts';

const options = readSoakOptions(process.env);

/** What shows that the load, the stories and the faults did what they are for: outcomes by kind. */
const MET: Readonly<Record<string, readonly (string | number)[]>> = {
  story: ['regenerated', 'revoked', 'left', 'came back', 'renamed'],
  'verify, often': [200, 503],
  'verify, rarely': [200],
  'verify, forged key': [401],
  'verify, ended key': [401],
  'users/me': [200],
  'sign-in': [200],
  'sign-in, wrong password': [401],
  'client hangs up': ['hung up'],
  'client is slow': [200],
  fault: ['replica killed', 'Redis killed', 'slapd paused'],
};

describe('two replicas under mixed load, while everything around them fails at random', () => {
  let soaked: Soaked;
  beforeAll(
    async () => {
      process.stdout.write(`soak: ${options.soakMs / 1000} s, LATCHKEY_SOAK_SEED=${options.seed}\n`);
      soaked = await soak(options);
      const { tally, before, after, logs } = soaked;
      const at = tally.violatedAt();
      const around =
        at === undefined ? [] : ['logged around what went wrong first:', ...loggedAround(logs, at)];
      process.stdout.write([...tally.lines(), ...comparison(before, after), ...around, ''].join('\n'));
    },
    2 * (options.warmUpMs + options.soakMs) + 5 * PATIENCE_MS,
  );

  test('give no wrong answer', () => {
    expect(soaked.tally.violations).toEqual([]);
  });

  test('meet all that is to happen', () => {
    const { timesOf } = soaked.tally;
    const missing = Object.entries(MET).flatMap(([kind, outcomes]) =>
      outcomes.filter((outcome) => timesOf(kind, outcome) === 0).map((outcome) => `${kind}: ${outcome}`),
    );
    expect(missing).toEqual([]);
  });

  test('suspend nobody whom the directory lets in, and never stop at the brake', () => {
    const { logs, cast } = soaked;
    const mayBe = [...cast.disabled, ...cast.leaving].map(({ userId }) => userId);
    const audited = (event: string) => logs.filter(({ audit }) => audit === event);
    const suspended = audited('account-suspended');
    expect(suspended.length).toBeGreaterThan(0);
    expect(suspended.filter(({ userId }) => !mayBe.includes(Number(userId)))).toEqual([]);
    expect(audited('leaver-brake-holds')).toEqual([]);
  });

  test('log no failure of their own', () => {
    const faults = soaked.logs.filter(({ level }) => level === 'error' || level === 'fatal');
    expect(faults.filter(({ msg }) => !String(msg).startsWith('Redis is away'))).toEqual([]);
  });

  test('need no more memory, connections and timers at the end', () => {
    expect(soaked.after).toHaveProperty(['first: heap, KiB']);
    expect(grown(soaked.before, soaked.after)).toEqual([]);
  });
});
