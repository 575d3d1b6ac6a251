import { describe, expect, it } from '@jest/globals';
import { mobileAppUrl, padApiKey } from '../../src/http/mobile-otp.ts';
import type { Account } from '../../src/ports/account-store.ts';

const apiKey = 'gjA04ZYcqXKalvYMA8OeXSfzUOLrtbZv';

/** The vectors of contract 7.1. */
const vectors: [name: string, pad: string, out: string][] = [
  [
    'pad 1',
    '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    '676b4333305f5f647951416a607b574251295d764c46706d4d565669687f4469',
  ],
  ['pad 2', '1234abcd'.repeat(8), '755eeafd266ef2ae636ce0ac7e42f280530ce4a84a67cdb7477be7bf6656f1bb'],
  [
    'pad 2 in upper case',
    '1234ABCD'.repeat(8),
    '755eeafd266ef2ae636ce0ac7e42f280530ce4a84a67cdb7477be7bf6656f1bb',
  ],
  ['pad 3', 'f'.repeat(64), '9895becfcba5a69c8ea7b49e9389a6b2bec7b09aa7ac9985aab0b38d8b9da589'],
];

describe('the key for the mobile app', () => {
  it.each(vectors)('is the key XOR %s, in lower-case hex', (_name, pad, out) => {
    expect(padApiKey(apiKey, pad)).toBe(out);
  });

  it('travels in the URL of contract 7.1, to the byte', () => {
    const account = { id: 5, owner: { email: 'iago+x@zulip.com' } } as Account;
    expect(mobileAppUrl({ apiKey, account }, '1234abcd'.repeat(8), 'https://zulip.example.com')).toBe(
      'zulip://login?otp_encrypted_api_key=755eeafd266ef2ae636ce0ac7e42f280530ce4a84a67cdb7477be7bf6656f1bb&email=iago%2Bx%40zulip.com&user_id=5&realm=https%3A%2F%2Fzulip.example.com',
    );
  });
});
