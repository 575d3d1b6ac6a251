import type { SignInRefusal } from '../../../src/errors.ts';
import type { Case, Cell, DirectoryName } from './case.ts';

const accepted: Cell = { answer: 'key', outcome: 'accepted', binds: 1 };
/** Refused by the directory, and told nothing. */
const refused = (outcome: SignInRefusal): Cell => ({ answer: 'incorrect', outcome, binds: 1 });
/** Refused before any bind, and told nothing. */
const unasked = (outcome: SignInRefusal): Cell => ({ answer: 'incorrect', outcome, binds: 0 });
/** Told, since the directory has taken the password for the right one. */
const deactivated = (outcome: SignInRefusal): Cell => ({ answer: 'deactivated', outcome, binds: 1 });
const reset = (outcome: SignInRefusal): Cell => ({ answer: 'reset', outcome, binds: 1 });
const cannot = (reason: string): Cell => ({ cannot: reason });

const wrongPassword = refused('wrong-password');
const nobody = unasked('unknown-user');

const everywhere = (cell: Cell): Record<DirectoryName, Cell> => ({
  openLdap: cell,
  activeDirectory: cell,
  ds389: cell,
});
const right = (username: string) => ({ username, password: `${username}-secret` });
const wrong = (username: string) => ({ username, password: 'wrong' });
/** Another spelling of alice, with her password. */
const alice = (username: string) => ({ username, password: 'alice-secret' });

const noDisabledState = cannot('no such state');
const noHours = cannot('no logon hours');
const noWorkstations = cannot('no workstations');
const noLockForEver = cannot('an administrator disables accounts, and locks none');

const passwords: readonly Case[] = [
  { what: 'right password', ...right('alice'), ...everywhere(accepted) },
  { what: 'wrong password', ...wrong('alice'), ...everywhere(wrongPassword) },
  {
    what: 'empty password',
    ...{ username: 'alice', password: '' },
    ...everywhere(unasked('malformed-password')),
  },
  {
    what: 'blank password',
    ...{ username: 'alice', password: ' \u3000' },
    ...everywhere(unasked('malformed-password')),
  },
  {
    what: 'API key as password',
    ...{ username: 'alice', password: { special: 'own-key' } },
    ...everywhere(unasked('api-key-as-password')),
  },
];

const names: readonly Case[] = [
  { what: 'unknown user', ...right('nobody'), ...everywhere(nobody) },
  { what: 'name in capitals', ...alice('ALICE'), ...everywhere(accepted) },
  { what: 'spaces around the name', ...alice('  alice '), ...everywhere(accepted) },
  { what: 'no-break spaces around the name', ...alice('\u00a0alice\u00a0'), ...everywhere(accepted) },
  { what: 'email for the name', ...alice('Alice@Example.ORG'), ...everywhere(accepted) },
  {
    what: 'name in fullwidth letters',
    ...alice('ａｌｉｃｅ'),
    ...{ openLdap: accepted, activeDirectory: nobody, ds389: nobody },
  },
  {
    what: 'no-break space within the name',
    ...{ username: 'mary\u00a0ann', password: 'mary ann-secret' },
    ...{ openLdap: accepted, activeDirectory: nobody, ds389: nobody },
  },
  { what: 'accent in NFC', ...right('josé'), ...everywhere(accepted) },
  {
    what: 'accent in NFD',
    ...{ username: 'jose\u0301', password: 'josé-secret' },
    ...everywhere(accepted),
  },
  {
    what: 'UPN',
    ...alice('alice@ad.example.org'),
    ...{ openLdap: nobody, activeDirectory: accepted, ds389: nobody },
  },
  {
    what: 'DOMAIN\\user',
    ...alice('AD\\alice'),
    ...{ openLdap: nobody, activeDirectory: accepted, ds389: nobody },
  },
  { what: 'DOMAIN\\user of another domain', ...alice('OTHER\\alice'), ...everywhere(nobody) },
  { what: 'NUL behind the name', ...alice('alice\0'), ...everywhere(unasked('malformed-username')) },
  {
    what: '`EXTERNAL` for the name',
    ...{ username: 'EXTERNAL', password: 'dn:cn=latchkey,ou=services,dc=example,dc=org' },
    ...everywhere(nobody),
  },
  { what: 'wildcard for the name', ...alice('*'), ...everywhere(nobody) },
  {
    what: 'two entries match',
    ...{ username: 'twins@example.org', password: 'twin-a-secret' },
    ...everywhere(unasked('ambiguous')),
  },
  { what: 'no email', ...right('mute'), ...everywhere(unasked('no-email')) },
];

const states: readonly Case[] = [
  {
    what: 'disabled, right password',
    ...right('dora'),
    ...{
      openLdap: noDisabledState,
      activeDirectory: deactivated('account-disabled'),
      ds389: refused('account-inactivated'),
    },
  },
  {
    what: 'disabled, wrong password',
    ...wrong('dora'),
    ...{ openLdap: noDisabledState, activeDirectory: wrongPassword, ds389: refused('account-inactivated') },
  },
  {
    what: 'locked for ever by an administrator',
    ...right('dave'),
    ...{ openLdap: refused('account-locked'), activeDirectory: noLockForEver, ds389: noLockForEver },
  },
  {
    what: 'account expired, right password',
    ...right('olga'),
    ...everywhere(deactivated('account-disabled')),
    // Its own word comes with the bind; elsewhere the entry says it.
    activeDirectory: deactivated('account-expired'),
  },
  { what: 'account expired, wrong password', ...wrong('olga'), ...everywhere(wrongPassword) },
  {
    what: 'password must change, right password',
    ...right('carol'),
    ...everywhere(reset('password-must-change')),
  },
  { what: 'password must change, wrong password', ...wrong('carol'), ...everywhere(wrongPassword) },
  {
    what: 'password expired, right password',
    ...right('erin'),
    ...everywhere(reset('password-expired')),
  },
  { what: 'password expired, wrong password', ...wrong('erin'), ...everywhere(wrongPassword) },
  {
    what: 'password expired, with grace logins left',
    ...right('frank'),
    ...{ openLdap: accepted, activeDirectory: cannot('no grace logins'), ds389: accepted },
  },
  {
    what: 'outside the logon hours, right password',
    ...right('hugo'),
    ...{ openLdap: noHours, activeDirectory: refused('outside-logon-hours'), ds389: noHours },
  },
  {
    what: 'outside the logon hours, wrong password',
    ...wrong('hugo'),
    ...{ openLdap: noHours, activeDirectory: wrongPassword, ds389: noHours },
  },
  {
    what: 'other workstations only, right password',
    ...right('wanda'),
    ...{ openLdap: noWorkstations, activeDirectory: refused('other-workstation'), ds389: noWorkstations },
  },
  {
    what: 'other workstations only, wrong password',
    ...wrong('wanda'),
    ...{ openLdap: noWorkstations, activeDirectory: wrongPassword, ds389: noWorkstations },
  },
  { what: 'locked, right password', ...right('lena'), ...everywhere(refused('account-locked')) },
  { what: 'locked, wrong password', ...wrong('lena'), ...everywhere(refused('account-locked')) },
  {
    what: 'locked just now by wrong passwords, right password',
    wrongBefore: 10,
    ...right('victim'),
    ...everywhere(refused('account-locked')),
  },
];

const groups: readonly Case[] = [
  {
    what: 'in the required group, through another',
    setup: 'requires staff',
    ...right('alice'),
    ...everywhere(accepted),
  },
  {
    what: 'not in the required group',
    setup: 'requires staff',
    ...right('bob'),
    ...everywhere(refused('not-permitted')),
  },
  {
    what: 'not in the required group, wrong password',
    setup: 'requires staff',
    ...wrong('bob'),
    ...everywhere(wrongPassword),
  },
  {
    what: 'in a denied group, through another',
    setup: 'denies staff',
    ...right('alice'),
    ...everywhere(refused('not-permitted')),
  },
  { what: 'in no denied group', setup: 'denies staff', ...right('bob'), ...everywhere(accepted) },
];

/** Every case: what a sign-in comes to, at each directory. */
export const cases: readonly Case[] = [...passwords, ...names, ...states, ...groups];

const common = [
  'bob',
  'BOB',
  'Bob',
  '  bob',
  'bob ',
  '\u00a0bob\u3000',
  'bob@example.org',
  ' BOB@Example.ORG',
];

/** Ten ways to write bob's name that a directory takes for him, each its own. */
export const spellings: Readonly<Record<DirectoryName, readonly string[]>> = {
  openLdap: [...common, 'ｂｏｂ', 'ＢＯＢ'],
  activeDirectory: [...common, 'AD\\bob', 'bob@AD.example.org'],
  ds389: [...common, 'bOb', 'boB@EXAMPLE.org\u00a0'],
};
