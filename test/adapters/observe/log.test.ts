import { describe, expect, test } from '@jest/globals';
import { createLog } from '../../../src/adapters/observe/log.ts';
import type { RequestLine } from '../../../src/ports/log.ts';

/** A log at this level, and what it has written. */
function recorded(level: string) {
  const texts: string[] = [];
  return { log: createLog(level, { write: (text) => void texts.push(text) }), texts };
}

const LINE: RequestLine = {
  requestId: '11111111-2222-4333-8444-555555555555',
  method: 'GET',
  path: '/verify',
  status: 200,
  ms: 0.123,
  outcome: 'accepted',
  userId: 7,
};

describe("a request's line", () => {
  test.each<[string, RequestLine]>([
    ['with all that is known', { ...LINE, nameDigest: 'abc', username: 'alice' }],
    ['of an aborted request', { ...LINE, status: 'aborted', outcome: undefined, userId: undefined }],
    ['of a name and a path that JSON must escape', { ...LINE, path: '/a"\\\n', username: 'Ælfrīc "\u2028"' }],
    ['of a request without a method', { ...LINE, method: undefined }],
  ])('is the same as any other line would be: %s', (_which, line) => {
    const { log, texts } = recorded('info');
    log.info(line, 'request');
    log.request(line);
    const [expected, text] = texts.map((one) => one.replace(/"time":"[^"]*"/, '"time":""'));
    expect(text).toBe(expected);
  });

  test('tells the time to the millisecond', () => {
    const { log, texts } = recorded('info');
    const before = Date.now();
    log.request(LINE);
    const { time } = JSON.parse(texts[0] ?? '');
    expect(new Date(time).toISOString()).toBe(time);
    expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
  });

  test('is left out where the level leaves every info out', () => {
    const { log, texts } = recorded('warn');
    log.request(LINE);
    log.info(LINE, 'request');
    expect(texts).toEqual([]);
    log.warn({}, 'still told');
    expect(texts).toHaveLength(1);
  });
});

describe("a verification's line", () => {
  const written = (level: string, times: number) => {
    const { log, texts } = recorded(level);
    for (let time = 0; time < times; time++) log.verification(LINE);
    log.end();
    return texts.map((text) => JSON.parse(text) as { msg: string; count?: number });
  };

  test("is a request's", () => {
    expect(written('info', 1)).toMatchObject([{ ...LINE, level: 'info', msg: 'request' }]);
  });

  test('is written for a thousand alike, and the others are counted', () => {
    const lines = written('info', 1030);
    expect(lines.filter(({ msg }) => msg === 'request')).toHaveLength(1000);
    expect(lines.at(-1)).toMatchObject({
      msg: 'more requests',
      path: '/verify',
      outcome: 'accepted',
      count: 30,
    });
    expect(lines).toHaveLength(1001);
  });

  test.each([
    ['debug', 1030],
    ['warn', 0],
  ])('follows the level: %s', (level, count) => {
    expect(written(level, 1030)).toHaveLength(count);
  });
});
