import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLoginName } from '../../../../src/adapters/ldap/people/login-name.ts';
import { createCanonicalName } from '../../../../src/keys/canonical-name.ts';

const domains = { emailDomain: 'Mail.example', loginDomains: ['CORP', 'corp.example', 'ΑΣ'] };

describe('a login name', () => {
  const loginOf = createLoginName(domains);

  test.each([
    ['alice', 'alice'],
    ['CORP\\alice', 'alice'],
    ['corp\\alice', 'alice'],
    ['corp.example\\alice', 'alice'],
    ['CORP\\ alice', 'alice'],
    ['alice@corp.example', 'alice'],
    ['Alice@CORP', 'Alice'],
    ['alice @corp.example', 'alice'],
    ['alice@mail.EXAMPLE', 'alice'],
    ['alice@x@corp.example', 'alice@x'],
  ])('is behind or before one of our domains: %s', (typed, login) => {
    expect(loginOf(typed)).toBe(login);
  });

  test.each(['alice@other.example', 'alice@sub.corp.example', '@corp.example', 'alice@', 'ａlice@ＣＯＲＰ'])(
    'is what it is where no domain of ours is behind it: %s',
    (typed) => {
      expect(loginOf(typed)).toBe(typed);
    },
  );

  // An emailDomain is none of Active Directory's names.
  test.each([
    'OTHER\\alice',
    'mail.example\\alice',
    '\\alice',
    'CORP\\',
    'CORP\\ ',
    'CORP\\OTHER\\alice',
    'CORP\\CORP\\alice',
    'CORP\\alice@other.example',
    'CORP\\alice@corp.example',
    'CORP \\alice',
    ' @corp.example',
    '',
    ' ',
  ])('is nobody’s: %j', (typed) => {
    expect(loginOf(typed)).toBeUndefined();
  });

  test('may have backslashes where no domain may stand before one', () => {
    const plain = createLoginName({ emailDomain: undefined, loginDomains: [] });
    for (const typed of ['a\\b', 'CORP\\alice', '\\', 'alice@mail.example']) expect(plain(typed)).toBe(typed);
  });
});

test('whatever is taken for one login name shares its attempts', () => {
  const loginOf = createLoginName(domains);
  const canonical = createCanonicalName([...domains.loginDomains, domains.emailDomain]);
  const pieces = fc.constantFrom(
    ...[
      '\\',
      '@',
      ' ',
      '\u00a0',
      'CORP',
      'corp',
      'ＣＯＲＰ',
      'corp.example',
      'MAIL.example',
      'other.example',
    ],
    ...['alice', 'Ａlice', 'ß', 'İ', 'Σ', 'ΑΣ', 'ας', 'ασ', '\u212a', '＠', '＼'],
  );
  const typed = fc.oneof(
    fc.array(pieces, { maxLength: 7 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(typed, (name) => {
      const login = loginOf(name);
      if (login !== undefined) expect(canonical(name)).toBe(canonical(login));
    }),
    { numRuns: 5_000, examples: [['CORP\\＠CORP'], ['CORP＼@CORP']] },
  );
});
