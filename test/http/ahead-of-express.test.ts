import { describe, expect, it } from '@jest/globals';
import { exchange } from './exchange.ts';
import { createMemoryApp, FETCH_API_KEY, PASSWORD } from './memory-app.ts';

const RIGHT = new URLSearchParams({ username: 'hamlet', password: PASSWORD, odd: '' }).toString();
const WRONG = new URLSearchParams({ username: 'hamlet', password: 'x' }).toString();
const FORM = 'Content-Type: application/x-www-form-urlencoded';

/** Every header and the body, but for what no two answers share. */
async function answerTo(target: string, body: string, head: string): Promise<string> {
  const { listener } = createMemoryApp({ perUsername: { attempts: 1, windowMs: 60_000 }, cors: true });
  const ask = (text: string, more: string) =>
    `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: ${text.length}\r\n${more}\r\n\r\n${text}`;
  const close = `${FORM}\r\nConnection: close`;
  const answers = await exchange(listener, ask(body, head), ask(WRONG, close));
  return answers
    .map((one) => `${one.head}\r\n\r\n${one.body}`)
    .join('\n')
    .replace(/^(X-Request-Id|Date|X-RateLimit-Reset|Retry-After): .*/gm, '$1')
    .replace(/"(api_key|user_id|retry-after)":"?[\w.]+"?/g, '"$1"');
}

describe('fetching a key ahead of Express', () => {
  it.each([
    ['a right password', RIGHT, FORM],
    ['a wrong password, and one too many', WRONG, FORM],
    ['no parameters', '', FORM],
    ['a malformed form', 'x', 'Content-Type: multipart/form-data'],
    ['an encoded body', RIGHT, `${FORM}\r\nContent-Encoding: gzip`],
    ['a body that is too large', 'x'.repeat(65_537), FORM],
  ])('answers %s as Express does', async (_case, body, head) => {
    const ahead = await answerTo(FETCH_API_KEY, body, head);
    // Only Express knows that a whole URL means the same.
    expect(ahead).toBe(await answerTo(`http://a${FETCH_API_KEY}`, body, head));
    expect(ahead).toMatch(/^HTTP\/1\.1 \d{3} .*\r\nX-Request-Id\r\n/);
    expect(ahead).toContain('Access-Control-Allow-Origin: *');
  });
});
