import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readBasic, readPresentedKey } from '../../src/http/read-credentials.ts';

const KEY = 'a'.repeat(32);
const OTHER = 'B'.repeat(32);

function encode(text: string | Buffer): string {
  return Buffer.from(text).toString('base64');
}

describe("a Basic header's second word", () => {
  it.each([
    ['hamlet:key', { name: 'hamlet', key: 'key' }],
    [' hamlet\t: key\n', { name: 'hamlet', key: 'key' }],
    ['zoë@example.org:key', { name: 'zoë@example.org', key: 'key' }],
    [':', { name: '', key: '' }],
  ])('holds %j', (text, credentials) => {
    expect(readBasic(encode(text))).toEqual(credentials);
  });

  it.each([
    ['no colon', encode('hamlet')],
    ['two colons', encode('a:b:c')],
    ['nothing', ''],
    ['characters outside base64', 'aGFt%bGV0OmtleQ=='],
    ['base64url', '_-9hOmI'],
    ['padding in the middle', 'YTpi=YTpi'],
    ['too much padding', 'YTpi==='],
    ['bytes that are not UTF-8', encode(Buffer.from([0x68, 0xff, 0x3a, 0x6b]))],
  ])('holds nothing where it is %s', (_case, word) => {
    expect(readBasic(word)).toBeUndefined();
  });

  it('never makes the reader throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string().map(encode)), (word) => {
        const credentials = readBasic(word);
        expect(credentials === undefined || typeof credentials.key === 'string').toBe(true);
      }),
    );
  });
});

describe('the key that a request presents', () => {
  const presented = (authorization?: string, apiKey?: string) => {
    const message = new IncomingMessage(new Socket());
    if (authorization !== undefined) message.headers.authorization = authorization;
    if (apiKey !== undefined) message.headers['x-api-key'] = apiKey;
    return readPresentedKey(message);
  };

  it.each([
    ['Bearer', `Bearer ${KEY}`, undefined, { key: KEY, name: undefined }],
    ['Basic', `Basic ${encode(`hamlet:${KEY}`)}`, undefined, { key: KEY, name: 'hamlet' }],
    ['X-API-Key', undefined, KEY, { key: KEY, name: undefined }],
    ['both, the same', `Basic ${encode(`hamlet:${KEY}`)}`, KEY, { key: KEY, name: 'hamlet' }],
    ['a foreign Bearer token and X-API-Key', 'Bearer e.y.J', KEY, { key: KEY, name: undefined }],
    ['a key and a foreign X-API-Key', `Bearer ${KEY}`, 'sk-1', { key: KEY, name: undefined }],
  ])('is read from %s', (_case, authorization, apiKey, expected) => {
    expect(presented(authorization, apiKey)).toEqual(expected);
  });

  it.each([
    ['is none', undefined, undefined],
    ['are two different ones', `Bearer ${KEY}`, OTHER],
    ['has the wrong length', `Bearer ${KEY}a`, `${KEY}a`],
    ['has other characters', `Bearer ${KEY.slice(1)}-`, `${KEY.slice(1)}ä`],
    ['stands under another scheme', `Token ${KEY}`, undefined],
    ['is followed by more', `Bearer ${KEY} ${KEY}`, undefined],
  ])('is missing where there %s', (_case, authorization, apiKey) => {
    expect(presented(authorization, apiKey)).toBeUndefined();
  });
});
