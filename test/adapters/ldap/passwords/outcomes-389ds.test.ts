import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { type Ds389, startDs389 } from '../../../support/ds389.ts';
import { ldapOptions } from '../options.ts';
import { type Judge, startJudge } from './judge-over.ts';

const { attributes } = ldapOptions({ urls: [] });
const preset = {
  attributes: {
    ...attributes,
    id: 'nsUniqueId',
    disabledBy: { nsAccountLock: 'true', shadowExpire: 'daysSince1970' },
  },
} as const;

/** Who, what the right password brings, what a wrong one does, and whether the entry says that they are out. */
const rows: (readonly [uid: string, right: string, wrong: string, isDisabled: boolean])[] = [
  ['alice', 'accepted', 'wrong-password', false],
  ['carol', 'password-must-change', 'wrong-password', false],
  ['erin', 'password-expired', 'wrong-password', false],
  ['dora', 'account-inactivated', 'account-inactivated', true],
  ['lena', 'account-locked', 'account-locked', false],
];

describeWithDirectory('ds389', 'a password of 389 Directory Server', () => {
  let server: Ds389;
  let over: Judge;
  beforeAll(async () => {
    server = await startDs389();
    over = await startJudge(server, preset);
  });
  afterAll(async () => {
    await over?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test.each(rows)('of %s costs one bind: right, it is %s; wrong, %s', async (...row) => {
    const [uid, right, wrong, isDisabled] = row;
    expect(await over.judge(uid, `${uid}-secret`)).toEqual({ outcome: right, isDisabled, binds: 1 });
    expect(await over.judge(uid, 'wrong')).toEqual({ outcome: wrong, isDisabled, binds: 1 });
  });

  test.each(rows.map(([uid]) => uid))('that is empty costs no bind: of %s', async (uid) => {
    expect(await over.judge(uid, '')).toMatchObject({ outcome: 'wrong-password', binds: 0 });
  });

  test('is judged by its own answer, however many are asked about at once', async () => {
    const all = [...rows, ...rows];
    const asked = all.map(([uid]) => [uid, `${uid}-secret`] as const);
    expect(await over.judgeAtOnce(asked)).toEqual(all.map(([, right]) => right));
  });

  test('tells the locked and the inactive apart without the password policy control too', async () => {
    await using without = await startJudge(server, { ...preset, passwordPolicy: false });
    const outcomes = await without.judgeAtOnce(['dora', 'lena', 'erin'].map((uid) => [uid, `${uid}-secret`]));
    expect(outcomes).toEqual(['account-inactivated', 'account-locked', 'wrong-password']);
  });
});
