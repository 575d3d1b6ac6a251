import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { dnOf, ldapDirectory, ldapOptions, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';
import { type Judge, startJudge } from './judge-over.ts';

const { attributes } = ldapOptions({ urls: [] });
const preset = {
  attributes: {
    ...attributes,
    disabledBy: {
      pwdAccountLockedTime: 'lockedForEver',
      pwdEndTime: 'generalizedTime',
      shadowExpire: 'daysSince1970',
    },
  },
} as const;

/** Who, what the right password brings, what a wrong one does, and whether the entry says that they are out. */
type Row = readonly [uid: string, right: string, wrong: string, isDisabled: boolean];
const rows: Row[] = [
  ['alice', 'accepted', 'wrong-password', false],
  ['carol', 'password-must-change', 'wrong-password', false],
  ['erin', 'password-expired', 'wrong-password', false],
  ['frank', 'accepted', 'wrong-password', false],
  ['sven', 'accepted', 'wrong-password', true],
];
const toldLocked: Row[] = [
  ['dave', 'account-locked', 'account-locked', true],
  ['edith', 'account-locked', 'account-locked', true],
  ['lena', 'account-locked', 'account-locked', false],
];
const untoldLocked: Row[] = [
  ['dave', 'wrong-password', 'wrong-password', true],
  ['edith', 'wrong-password', 'wrong-password', true],
  ['lena', 'wrong-password', 'wrong-password', false],
];

describe.each([
  ['that tells who is locked', true, toldLocked],
  ['that does not tell who is locked', false, untoldLocked],
])('a password of OpenLDAP with policies %s', (_, useLockout, locked) => {
  let server: OpenLdap;
  let over: Judge;
  beforeAll(async () => {
    server = await startOpenLdap({ policies: true, useLockout });
    over = await startJudge(server, preset);
  });
  afterAll(async () => {
    await over?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test.each([...rows, ...locked])('of %s costs one bind: right, it is %s; wrong, %s', async (...row) => {
    const [uid, right, wrong, isDisabled] = row;
    expect(await over.judge(uid, `${uid}-secret`)).toEqual({ outcome: right, isDisabled, binds: 1 });
    expect(await over.judge(uid, 'wrong')).toEqual({ outcome: wrong, isDisabled, binds: 1 });
  });

  test.each([...rows, ...locked].map(([uid]) => uid))('that is empty costs no bind: of %s', async (uid) => {
    expect(await over.judge(uid, '')).toMatchObject({ outcome: 'wrong-password', binds: 0 });
  });

  test('is judged by its own answer, however many are asked about at once', async () => {
    const all = [...rows, ...locked, ...rows, ...locked];
    const asked = all.map(([uid]) => [uid, `${uid}-secret`] as const);
    expect(await over.judgeAtOnce(asked)).toEqual(all.map(([, right]) => right));
  });

  test('says less where binds do without the password policy control', async () => {
    await using without = await startJudge(server, { ...preset, passwordPolicy: false });
    const outcomes = await without.judgeAtOnce(
      ['alice', 'carol', 'erin', 'dave'].map((uid) => [uid, `${uid}-secret`]),
    );
    expect(outcomes).toEqual(['accepted', 'accepted', 'wrong-password', 'wrong-password']);
  });
});

test('a password that OpenLDAP wants over TLS alone is no wrong one, and the settings are named', async () => {
  await using server = await startOpenLdap({ extra: 'security simple_bind=128' });
  await using directory = ldapDirectory({ urls: [server.url] });
  for (const password of ['alice-secret', 'wrong']) {
    const reasons = await reasonsOf(directory.verifyPassword(principalAt(dnOf('alice')), password));
    expect(reasons).toMatch(/LDAP_STARTTLS=true.*LDAP_URL/);
  }
  expect(await reasonsOf(directory.find('alice'))).toMatch(/LDAP_STARTTLS=true.*LDAP_URL/);
});
