import { describe, expect, test } from '@jest/globals';
import { createStepLines, renderVerdict } from '../../src/doctor/render.ts';
import { withoutSecrets } from '../../src/doctor/secrets-of.ts';
import { createWalk, type Step } from '../../src/doctor/step.ts';

const steps: readonly Step[] = [
  { name: 'dns', directory: 'corp', server: 'ldaps://dc1', status: 'ok', ms: 1.25, seen: '10.0.0.1' },
  {
    name: 'service bind',
    directory: 'corp',
    server: 'ldaps://dc1',
    status: 'failed',
    ms: 12,
    seen: '49',
    fix: 'bindDn',
  },
  { name: 'redis', status: 'skipped', ms: 0, seen: 'not asked' },
];

describe('the report as text', () => {
  test('has every step in columns under its place, and the fix below it', () => {
    const linesOf = createStepLines(false);
    expect(steps.map(linesOf).join('')).toBe(`
directory corp, ldaps://dc1
  ok       dns                  1.3 ms  10.0.0.1
  FAILED   service bind        12.0 ms  49
                                        → bindDn

service
  skipped  redis                        not asked
`);
  });

  test('has colours for a terminal alone', () => {
    expect(steps.map(createStepLines(false)).join('')).not.toContain('\u001b');
    expect(steps.map(createStepLines(true)).join('')).toContain('\u001b[31mFAILED \u001b[0m');
  });

  test('ends with what it came to', () => {
    expect(renderVerdict({ ok: false, steps })).toBe(
      '\nA sign-in would not work. 1 failed, 0 warnings, 1 skipped.\n',
    );
  });
});

describe('a step', () => {
  test('shows what was not foreseen as a failure, and the walk goes on', async () => {
    const walk = createWalk();
    const given = await walk.step('dns', {}, () => Promise.reject(new Error('out of order')));
    expect(given).toBeUndefined();
    expect(walk.steps).toEqual([expect.objectContaining({ status: 'failed', seen: 'out of order' })]);
  });

  test('takes as long as the clock says', async () => {
    let time = 100;
    const walk = createWalk(undefined, () => time);
    await walk.step('dns', {}, async () => {
      time += 12.34;
      return { status: 'ok', seen: 'there', value: true };
    });
    expect(walk.steps[0]?.ms).toBe(12.3);
  });

  test('has one line of bounded length, whatever was seen', async () => {
    const walk = createWalk();
    await walk.step('dns', {}, async () => ({
      status: 'skipped',
      seen: `a\n\u001b[31mb\u202e${'c'.repeat(10_000)}`,
    }));
    expect(walk.steps[0]?.seen).toMatch(/^a \[31mb c+…$/);
    expect(walk.steps[0]?.seen.length).toBeLessThan(700);
  });
});

test('secrets are blanked out, the longer first, and short ones leave words alone', () => {
  const text = withoutSecrets('cn=x with hunter2-longer and hunter2 said a', [
    'hunter2',
    'hunter2-longer',
    'a',
  ]);
  expect(text).toBe('cn=x with [secret] and [secret] said a');
});
