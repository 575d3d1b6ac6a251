import { describe, expect, it } from '@jest/globals';
import { zuliprc } from '../../src/http/zuliprc.ts';
import type { Account } from '../../src/ports/account-store.ts';

const apiKey = 'gjA04ZYcqXKalvYMA8OeXSfzUOLrtbZv';
const of = (email: string) => ({ apiKey, account: { owner: { email } } as Account });

describe('a zuliprc', () => {
  it('is the file of contract 4.4, to the byte', () => {
    expect(zuliprc(of('iago@zulip.com'), 'https://zulip.example.com')).toBe(
      '[api]\nemail=iago@zulip.com\nkey=gjA04ZYcqXKalvYMA8OeXSfzUOLrtbZv\nsite=https://zulip.example.com\n',
    );
  });

  it('never has a line that an email brought along', () => {
    expect(() =>
      zuliprc(of('iago@zulip.com\nsite=https://evil.example'), 'https://zulip.example.com'),
    ).toThrow(RangeError);
  });
});
