import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { type SambaAd, startSambaAd } from '../../../support/samba-ad.ts';
import { activeDirectoryPreset as preset } from './active-directory-preset.ts';
import { type Judge, startJudge } from './judge-over.ts';

/** Who, what the right password brings, what a wrong one does, and whether the entry says that they are out. */
const rows: (readonly [name: string, right: string, wrong: string, isDisabled: boolean])[] = [
  ['alice', 'accepted', 'wrong-password', false],
  ['carol', 'password-must-change', 'wrong-password', false],
  ['dora', 'account-disabled', 'wrong-password', true],
  ['erin', 'password-expired', 'wrong-password', false],
  ['hugo', 'outside-logon-hours', 'wrong-password', false],
  ['lena', 'account-locked', 'account-locked', false],
  ['olga', 'account-expired', 'wrong-password', true],
  ['wanda', 'other-workstation', 'wrong-password', false],
];

describeWithDirectory('samba-ad', 'a password of Active Directory', () => {
  let server: SambaAd;
  let over: Judge;
  beforeAll(async () => {
    server = await startSambaAd();
    over = await startJudge(server, preset);
  });
  afterAll(async () => {
    await over?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test.each(rows)('of %s costs one bind: right, it is %s; wrong, %s', async (...row) => {
    const [name, right, wrong, isDisabled] = row;
    expect(await over.judge(name, `${name}-secret`)).toEqual({ outcome: right, isDisabled, binds: 1 });
    expect(await over.judge(name, 'wrong')).toEqual({ outcome: wrong, isDisabled, binds: 1 });
  });

  test.each(rows.map(([name]) => name))('that is empty costs no bind: of %s', async (name) => {
    expect(await over.judge(name, '')).toMatchObject({ outcome: 'wrong-password', binds: 0 });
  });

  test('is judged alike where binds carry the password policy control, which it does not know', async () => {
    await using withControl = await startJudge(server, { ...preset, passwordPolicy: true });
    const asked = rows.map(([name]) => [name, `${name}-secret`] as const);
    expect(await withControl.judgeAtOnce(asked)).toEqual(rows.map(([, right]) => right));
  });
});
