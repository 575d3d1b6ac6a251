import { describe, expect, test } from '@jest/globals';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';

describe('the canonical name', () => {
  const canonical = createCanonicalName(['Example.org', 'CORP']);

  test.each([
    ['another case', 'ALICE'],
    ['space around it', '  alice \t'],
    ['a no-break space', '\u00a0alice'],
    ['fullwidth letters', 'ａｌｉｃｅ'],
    ['mathematical letters', '𝐚𝐥𝐢𝐜𝐞'],
    ['a domain before it', 'CORP\\alice'],
    ['the domain before it in another case, and spaces', 'corp \\ Alice'],
    ['that domain behind it', 'alice@corp'],
    ['a fullwidth backslash behind the domain', 'CORP＼alice'],
    ['one domain after another', 'CORP\\example.org\\alice@corp@example.org'],
    ['the email domain behind it', 'alice@example.org'],
    ['the email domain in another case', 'Alice@EXAMPLE.ORG'],
  ])('is one for a name with %s', (_what, spelling) => {
    expect(canonical(spelling)).toBe('alice');
  });

  test.each([
    ['NFD and NFC', 'jose\u0301', 'jos\u00e9'],
    ['sharp s and ss', 'STRASSE', 'straße'],
    ['the two sigmas', 'ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['white space within', 'mary   ann', 'mary ann'],
  ])('is one for %s', (_what, a, b) => {
    expect(canonical(a)).toBe(canonical(b));
  });

  test('keeps a foreign domain and different names apart', () => {
    expect(canonical('alice@other.example')).toBe('alice@other.example');
    expect(canonical('OTHER\\alice')).toBe('other\\alice');
    expect(canonical('a\\b\\c')).not.toBe(canonical('c'));
    expect(canonical('@')).toBe('@');
    expect(canonical('\\alice')).toBe('\\alice');
    expect(canonical('alice')).not.toBe(canonical('alicia'));
  });

  test('is the name itself where that is longer than any: nobody normalises it', () => {
    const run = `h${'\u0327\u0301'.repeat(128)}`;
    expect(run.length).toBe(257);
    expect(canonical(run)).toBe(run);
    expect(canonical(run.slice(0, 256))).not.toBe(run.slice(0, 256));
  });
});
