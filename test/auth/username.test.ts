import { describe, expect, test } from '@jest/globals';
import { isFitPassword } from '../../src/auth/password.ts';
import { readUsername } from '../../src/auth/username.ts';

describe('a username', () => {
  test('is searched for in NFC, trimmed', () => {
    expect(readUsername('  jose\u0301 ')).toBe('jos\u00e9');
  });

  test.each([
    ['plain', 'alice'],
    ['an email', 'alice@example.org'],
    ['with a domain', 'CORP\\alice'],
    ['with DN and filter metacharacters', 'o\'brien, pat+x "q" #1 \\ <a>;=*()'],
    ['in another script', '山田太郎'],
    ['of 256 characters', 'a'.repeat(256)],
  ])('may be %s', (_what, typed) => {
    expect(readUsername(typed)).toBe(typed);
  });

  test.each([
    ['empty', ''],
    ['blank', ' \u00a0\u3000'],
    ['longer than 256 characters', 'a'.repeat(257)],
    ['ended by NUL', 'alice\0'],
    ['broken by a line feed', 'ali\nce'],
    ['with a C1 control', 'alice\u0085'],
    ['with a zero-width space', 'ali\u200bce'],
    ['with a soft hyphen', 'ali\u00adce'],
    ['with a bidirectional override', '\u202eecila'],
    ['with a word joiner', 'alice\u2060'],
    ['with a Hangul filler', 'alice\u3164'],
    ['with a variation selector', 'alice\ufe0f'],
    ['with a line separator', 'alice\u2028'],
    ['with a lone surrogate', 'alice\ud800'],
    ['with an unassigned code point', 'alice\u{e0080}'],
  ])('may not be %s', (_what, typed) => {
    expect(readUsername(typed)).toBeUndefined();
  });
});

describe('a password', () => {
  test.each(['x', ' leading and trailing ', 'pässwörd', '山', '\u200b'.concat('x')])(
    'may be %j',
    (password) => {
      expect(isFitPassword(password)).toBe(true);
    },
  );

  test.each(['', ' ', '\u00a0\u3000', '\t', '\0', 'secret\0', 'two\nlines'])('may not be %j', (password) => {
    expect(isFitPassword(password)).toBe(false);
  });
});
