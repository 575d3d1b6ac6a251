import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeDnValue, fillDnTemplate } from '../../../src/adapters/ldap/distinguished-name.ts';
import { parseDn } from './groups/parse-dn.ts';

describe('escaping an attribute value for a DN', () => {
  // The examples of RFC 4514, 2.4 and 4, and what surrounds them.
  test.each([
    ['alice', 'alice'],
    ['', ''],
    [' alice', '\\ alice'],
    ['alice ', 'alice\\ '],
    [' ', '\\ '],
    ['  ', '\\ \\ '],
    ['a b', 'a b'],
    ['#1', '\\#1'],
    ['a#1', 'a#1'],
    ['# ', '\\#\\ '],
    ['James "Jim" Smith, III', 'James \\"Jim\\" Smith\\, III'],
    ['a+b', 'a\\+b'],
    ['a;b', 'a\\;b'],
    ['<a>', '\\<a\\>'],
    ['a\\b', 'a\\\\b'],
    ['a=b', 'a\\=b'],
    ['Before\rAfter', 'Before\\0dAfter'],
    ['a\nb', 'a\\0ab'],
    ['alice\0', 'alice\\00'],
    ['\u007f\u0085', '\\7f\\c2\\85'],
    ['Lučić', 'Lučić'],
    ['𝔞', '𝔞'],
  ])('%j becomes %j', (value, escaped) => {
    expect(escapeDnValue(value)).toBe(escaped);
  });
});

/** Strings in which what a DN is made of is as common as letters. */
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...' #"+,;<>\\=\0\n\ra', 'é', '𝔞', '20', 'uid=x,') }),
);

describe('a filled DN template', () => {
  test('has as many RDNs as the template, and the very value in its place', () => {
    fc.assert(
      fc.property(value, (username) => {
        const rdns = parseDn(fillDnTemplate('uid={username},ou=people,dc=example,dc=org', username));
        expect(rdns).toEqual([
          { type: 'uid', value: Buffer.from(username) },
          { type: 'ou', value: Buffer.from('people') },
          { type: 'dc', value: Buffer.from('example') },
          { type: 'dc', value: Buffer.from('org') },
        ]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('takes the username as a part of a value, too, and more than once', () => {
    fc.assert(
      fc.property(value, (username) => {
        expect(parseDn(fillDnTemplate('cn=u-{username}-x,ou={username},dc=org', username))).toEqual([
          { type: 'cn', value: Buffer.from(`u-${username}-x`) },
          { type: 'ou', value: Buffer.from(username) },
          { type: 'dc', value: Buffer.from('org') },
        ]);
      }),
    );
  });

  test('writes half a surrogate pair as every UTF-8 encoder does, without harm to what surrounds it', () => {
    const [rdn, ...others] = parseDn(fillDnTemplate('uid={username},dc=org', 'a\ud800,'));
    expect(rdn).toEqual({ type: 'uid', value: Buffer.from('a\ufffd,') });
    expect(others).toHaveLength(1);
  });

  test('does not read what replacement patterns of JavaScript would mean', () => {
    expect(fillDnTemplate('uid={username},dc=org', "$&$1$'")).toBe("uid=$&$1$',dc=org");
  });
});
