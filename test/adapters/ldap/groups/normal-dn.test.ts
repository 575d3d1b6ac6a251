import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeDnValue } from '../../../../src/adapters/ldap/distinguished-name.ts';
import { isBelow, normalDn, rdnValue, suffixOf } from '../../../../src/adapters/ldap/groups/normal-dn.ts';
import { parseDn } from '../../../../src/adapters/ldap/groups/parse-dn.ts';

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...' #"+,;<>\\=\0\nA\u00a0', 'é', 'e\u0301', '𝔞', '20', 'CN=x,') }),
);

/** Every octet as a pair of hex digits: what any server may write (RFC 4514, 2.4). */
const asPairs = (text: string) =>
  [...Buffer.from(text)].map((octet) => `\\${octet.toString(16).padStart(2, '0')}`).join('');

describe('reading a DN', () => {
  // The examples of RFC 4514, 4, and what RFC 2253 allowed.
  test.each([
    ['', []],
    ['UID=jsmith,DC=example,DC=net', [['UID=jsmith'], ['DC=example'], ['DC=net']]],
    ['OU=Sales+CN=J.  Smith,DC=net', [['OU=Sales', 'CN=J.  Smith'], ['DC=net']]],
    ['CN=James \\"Jim\\" Smith\\, III,DC=net', [['CN=James "Jim" Smith, III'], ['DC=net']]],
    ['CN=Before\\0dAfter,DC=net', [['CN=Before\rAfter'], ['DC=net']]],
    ['1.3.6.1.4.1.1466.0=#04024869', [['1.3.6.1.4.1.1466.0=Hi']]],
    ['CN=Lu\\C4\\8Di\\C4\\87', [['CN=Lučić']]],
    ['cn = staff , ou=groups ; dc=org', [['cn=staff'], ['ou=groups'], ['dc=org']]],
    ['cn="Sales, West",dc=org', [['cn=Sales, West'], ['dc=org']]],
    ['cn=a\\ ,dc=org', [['cn=a '], ['dc=org']]],
    ['cn=a\\\\ ,dc=org', [['cn=a\\'], ['dc=org']]],
    ['cn=\u00a0a\u00a0,dc=org', [['cn=\u00a0a\u00a0'], ['dc=org']]],
    ['cn=,dc=org', [['cn='], ['dc=org']]],
  ])('%j', (text, rdns) => {
    expect(parseDn(text).map((rdn) => rdn.map(({ type, value }) => `${type}=${value}`))).toEqual(rdns);
  });

  test.each([
    'staff',
    'cn=staff,',
    ',dc=org',
    'cn=a,,dc=org',
    'cn=a"b',
    '=a',
    'cn=a\\',
    'cn=#0405aa',
    'cn="a"b',
  ])('%j is none', (text) => {
    expect(() => parseDn(text)).toThrow('is no DN');
  });

  test('gives back any value that was escaped, in both ways of escaping', () => {
    fc.assert(
      fc.property(value, (one) => {
        const raw = one.toWellFormed();
        for (const escaped of [escapeDnValue(raw), asPairs(raw)]) {
          expect(parseDn(`cn=${escaped},ou=g+l=x,dc=org`)).toEqual([
            [{ type: 'cn', value: raw }],
            [
              { type: 'ou', value: 'g' },
              { type: 'l', value: 'x' },
            ],
            [{ type: 'dc', value: 'org' }],
          ]);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the one spelling of a DN', () => {
  test('is the same for every spelling, and a spelling itself', () => {
    fc.assert(
      fc.property(value, (one) => {
        const raw = one.toWellFormed();
        const normal = normalDn(`cn=${escapeDnValue(raw)},dc=org`);
        expect(normalDn(`CN = ${asPairs(raw)} , DC=ORG`)).toBe(normal);
        expect(normalDn(normal)).toBe(normal);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is not the same for values that differ in more than case and spaces', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z,+\\"=]+$/), fc.stringMatching(/^[a-z,+\\"=]+$/), (one, other) => {
        fc.pre(one !== other);
        expect(normalDn(`cn=${escapeDnValue(one)},dc=org`)).not.toBe(
          normalDn(`cn=${escapeDnValue(other)},dc=org`),
        );
      }),
    );
  });

  test('knows no order within an RDN, but one of RDNs', () => {
    expect(normalDn('l=x+OU=g,dc=org')).toBe(normalDn('ou=g+L=X,dc=org'));
    expect(normalDn('ou=a,ou=b')).not.toBe(normalDn('ou=b,ou=a'));
    expect(normalDn('cn=a\\,dc\\=org')).not.toBe(normalDn('cn=a,dc=org'));
  });
});

test('a DN is below its base, in any spelling, and not below one that only ends alike', () => {
  expect(isBelow('cn=a,OU=Groups, dc=org', 'ou=groups,DC=org')).toBe(true);
  expect(isBelow('ou=groups,dc=org', 'ou=groups,dc=org')).toBe(true);
  expect(isBelow('cn=a,ou=mygroups,dc=org', 'ou=groups,dc=org')).toBe(false);
  expect(isBelow('cn=a\\,ou=groups,dc=org', 'ou=groups,dc=org')).toBe(false);
  expect(isBelow('dc=org', 'ou=groups,dc=org')).toBe(false);
});

test.each([
  ['ou=people,dc=example,dc=org', 'dc=example,dc=org'],
  ['OU=P,DC=Example,DC=org', 'dc=example,dc=org'],
  ['ou=people,o=corp', 'o=corp'],
  ['ou=people,o=corp,c=de', 'o=corp,c=de'],
  ['dc=x,ou=people,dc=org', 'dc=org'],
  ['ou=people', undefined],
])('the top of the tree of %j is %j', (dn, suffix) => {
  expect(suffixOf(dn)).toBe(suffix);
});

test("the name in a DN is the first RDN's", () => {
  expect(rdnValue('CN=Sales\\2C West,cn=x', 'cn')).toBe('Sales, West');
  expect(rdnValue('gidNumber=7+cn=a,dc=org', 'cn')).toBe('a');
  expect(rdnValue('uid=a,cn=x', 'cn')).toBe(undefined);
});
