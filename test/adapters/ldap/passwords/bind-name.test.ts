import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBindNames, demandDns } from '../../../../src/adapters/ldap/passwords/bind-name.ts';
import { parseDn } from '../groups/parse-dn.ts';

const base = 'ou=people,dc=example,dc=org';
const nameOf = (template: string, login: string) => createBindNames(template, base).of(login);

/** Strings in which what names are made of is as common as letters. */
const login = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      ...' #"+,;<>\\=@/\0\n\ra',
      'é',
      '＠',
      '＼',
      '／',
      '﹫',
      '{username}',
      ',ou=x',
      '$&',
    ),
  }),
);

describe('a bind name', () => {
  test.each([
    ['uid={username},ou=people,dc=example,dc=org', 'alice', 'uid=alice,ou=people,dc=example,dc=org'],
    ['{username}@corp.example', 'alice', 'alice@corp.example'],
    ['CORP\\{username}', 'alice', 'CORP\\alice'],
    ['CORP\\{username}', 'josé d’arc', 'CORP\\josé d’arc'],
    ['{username}@corp.example', '$&', '$&@corp.example'],
  ])('by the template %s of %s', (template, typed, name) => {
    expect(nameOf(template, typed)).toBe(name);
  });

  test.each([
    'alice@other.example',
    'OTHER\\alice',
    'corp/alice',
    'alice\0',
    'a\nb',
    '',
    'alice＠x',
    '／',
    '＼',
  ])('is nobody’s where it would be of another form: %j', (typed) => {
    expect(nameOf('{username}@corp.example', typed)).toBeUndefined();
    expect(nameOf('CORP\\{username}', typed)).toBeUndefined();
  });

  test('that is a DN has as many RDNs as its template, whatever is typed', () => {
    fc.assert(
      fc.property(login, (typed) => {
        const name = nameOf('uid={username},ou=staff,ou=people,dc=example,dc=org', typed);
        if (name === undefined) return expect(typed).toBe('');
        const types = parseDn(name).map(({ type }) => type);
        expect(types).toEqual(['uid', 'ou', 'ou', 'dc', 'dc']);
        expect(parseDn(name)[0]?.value).toEqual(Buffer.from(typed));
      }),
      { numRuns: 1_000 },
    );
  });

  test('that is none has the one separator of its template, whatever is typed', () => {
    const separators = (name: string) => name.normalize('NFKC').replace(/[^@\\/\p{Cc}]/gu, '');
    fc.assert(
      fc.property(login, (typed) => {
        expect(separators(nameOf('{username}@corp.example', typed) ?? '@')).toBe('@');
        expect(separators(nameOf('CORP\\{username}', typed) ?? '\\')).toBe('\\');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a template of bind names', () => {
  test.each([
    'uid={username},OU=People, dc=example,dc=org',
    'cn=u-{username}+ou=x,ou=staff,ou=people,dc=example,dc=org',
  ])('may be a DN below the base: %s', (template) => {
    expect(createBindNames(template, base).areDns).toBe(true);
  });

  test.each([
    ['{username}'],
    ['uid=alice,ou=people,dc=example,dc=org'],
    ['{username}=x,ou=people,dc=example,dc=org'],
    ['uid={username},ou=elsewhere,dc=example,dc=org'],
    ['uid={username},ou=people,dc=example,dc=com'],
    ['uid={username},dc=example,dc=org'],
    ['uid={username},ou=people\\,dc=example,dc=org'],
    ['{username}@a@b'],
    ['A\\B\\{username}'],
    ['{username}\\CORP'],
    ['x{username}@corp.example'],
  ])('is refused where it is no such name, or one outside the base: %s', (template) => {
    expect(() => createBindNames(template, base)).toThrow(/LDAP_USER_DN_TEMPLATE/);
  });

  test('is of no use to a service account where its names are no DNs', () => {
    expect(() => demandDns(createBindNames('CORP\\{username}', base))).toThrow(/LDAP_USER_DN_TEMPLATE/);
    demandDns(createBindNames('uid={username},ou=people,dc=example,dc=org', base));
    demandDns(undefined);
  });
});
