import { describe, expect, test } from '@jest/globals';
import type { Entry } from 'ldapts';
import { principalOf, requestedAttributes } from '../../../../src/adapters/ldap/people/principal-of.ts';
import { Unavailable } from '../../../../src/errors.ts';
import { personAttributes as attributes } from '../options.ts';

const octets = { ...attributes, id: 'objectGUID', idSyntax: 'octets' } as const;

const alice: Entry = {
  dn: 'uid=alice,dc=org',
  entryUUID: '11111111-1111-4111-8111-11111111ABCD',
  uid: 'alice',
  mail: 'alice@example.org',
  cn: 'Alice Archer',
};
const of = (different: Record<string, string | string[] | Buffer | Buffer[]>, emailDomain?: string) =>
  principalOf('corp', { ...alice, ...different }, attributes, emailDomain);

describe('the principal whom an entry describes', () => {
  test('has what the entry says', () => {
    expect(of({})).toEqual({
      directoryId: 'corp',
      entryId: '11111111-1111-4111-8111-11111111abcd',
      dn: 'uid=alice,dc=org',
      username: 'alice',
      emails: ['alice@example.org'],
      fullName: 'Alice Archer',
      groups: [],
    });
  });

  test('has every email, in the order of the entry', () => {
    expect(of({ mail: ['z@example.org', 'a@example.org', 'm@example.org'] }).emails).toEqual([
      'z@example.org',
      'a@example.org',
      'm@example.org',
    ]);
  });

  test('has no email where the entry has none, or only blanks', () => {
    expect(of({ mail: [] }).emails).toEqual([]);
    expect(of({ mail: [' ', '', '\t'] }).emails).toEqual([]);
    const { mail: _, ...without } = alice;
    expect(principalOf('corp', without, attributes, undefined).emails).toEqual([]);
  });

  test('has values without the blanks around them, and passes over blank ones', () => {
    const principal = of({ uid: [' ', ' alice '], mail: ['', ' a@example.org'], cn: ['', 'Alice '] });
    expect(principal).toMatchObject({ username: 'alice', emails: ['a@example.org'], fullName: 'Alice' });
  });

  test('has the first login name and the first full name of several', () => {
    expect(of({ uid: ['first', 'second'], cn: ['One', 'Two'] })).toMatchObject({
      username: 'first',
      fullName: 'One',
    });
  });

  test('has the login name for a full name where there is none', () => {
    expect(of({ cn: [] }).fullName).toBe('alice');
  });

  test('has the email that a domain makes, whatever the entry says', () => {
    expect(of({ mail: 'other@example.com' }, 'example.org').emails).toEqual(['alice@example.org']);
  });

  test('is found under names of attributes in any case', () => {
    const entry = { dn: 'x=y', ENTRYUUID: 'id-1', UID: 'alice', Mail: 'a@example.org', CN: 'Alice' };
    expect(principalOf('corp', entry, attributes, undefined)).toMatchObject({
      entryId: 'id-1',
      username: 'alice',
      emails: ['a@example.org'],
      fullName: 'Alice',
    });
  });

  test('has octets as an id in lower-case hex', () => {
    const objectGUID = Buffer.from('80FC4C420A9BE84F8D1EFF00C3A97F01', 'hex');
    expect(principalOf('corp', { ...alice, objectGUID }, octets, undefined).entryId).toBe(
      '80fc4c420a9be84f8d1eff00c3a97f01',
    );
  });

  test.each([
    ['no id', { entryUUID: [] }, attributes],
    ['an empty id', { entryUUID: '' }, attributes],
    ['octets where text is expected', { entryUUID: Buffer.from([0x80, 0xfc]) }, attributes],
    ['text where octets are expected', { objectGUID: 'text' }, octets],
    ['no octets', { objectGUID: Buffer.alloc(0) }, octets],
    ['no login name', { uid: [] }, attributes],
    ['a blank login name', { uid: ' ' }, attributes],
  ])('is nobody, and it is nobody’s fault but the settings’, where there is %s', (_, different, wanted) => {
    expect(() => principalOf('corp', { ...alice, ...different }, wanted, undefined)).toThrow(Unavailable);
  });

  test('needs each attribute asked for by name, and once', () => {
    expect(requestedAttributes({ ...attributes, fullName: 'uid' })).toEqual(['entryUUID', 'uid', 'mail']);
    const disabledBy = { nsAccountLock: 'true', mail: 'true' } as const;
    expect(requestedAttributes({ ...attributes, disabledBy })).toEqual([
      'entryUUID',
      'uid',
      'mail',
      'cn',
      'nsAccountLock',
    ]);
  });
});
