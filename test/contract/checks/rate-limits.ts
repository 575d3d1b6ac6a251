import { expect } from '@jest/globals';
import { createMemoryApp, MINUTE_MS, signIn as signInInMemory } from '../../http/memory-app.ts';
import { type Answer, ask, basic } from '../ask.ts';
import { FETCH_API_KEY, fetchKey, INCORRECT, signIn } from '../sign-in.ts';
import type { World } from '../world.ts';
import type { Checks } from './check.ts';

/** Fail under each name in turn; gives the last answer. */
async function fail(world: World, ...names: string[]): Promise<Answer> {
  const { url } = await world.service('limited');
  const [first = '', ...more] = names;
  let answer = await signIn(url, first, 'wrong');
  for (const name of more) answer = await signIn(url, name, 'wrong');
  return answer;
}

const times = (count: number, name: string) => Array.from({ length: count }, () => name);
const left = ({ headers }: Answer) => headers.get('x-ratelimit-remaining');

/** Fail once from an address. */
async function failFrom(url: string, headers: Record<string, string>, name: string): Promise<number> {
  const form = { username: name, password: 'wrong' };
  return (await ask(url + FETCH_API_KEY, { headers, form })).status;
}

/** Section 6. Each row has people of its own, so that none spends another's budget. */
export const rateLimitChecks: Checks = {
  '6-01': async (world) => {
    const { status, headers } = await fail(world, ...times(5, 'six-one'));
    expect(status).toBe(401);
    expect(headers.get('x-ratelimit-limit')).toBe('5');
    const { json } = await fail(world, 'six-one');
    const wait = Number(json()['retry-after']);
    expect([wait > 29 * 60, wait <= 30 * 60]).toEqual([true, true]);
  },
  '6-02': async (world) => {
    const last = await fail(world, 'carol', 'CAROL', ' carol ', 'ｃａｒｏｌ', 'carol@example.org');
    expect(last.status).toBe(401);
    const { url } = await world.service('limited');
    // Five in all, so that the right password is none; and four by this name.
    const { status, text } = await signIn(url, 'carol');
    expect([status, text]).toEqual([401, INCORRECT]);
    expect((await fail(world, 'Carol')).status).toBe(429);
  },
  '6-06': async (world) => {
    const { url } = await world.service('strict');
    const headers = { 'X-Forwarded-For': '203.0.113.1' };
    for (const name of ['a1', 'a2', 'a3']) expect(await failFrom(url, headers, name)).toBe(401);
    expect(await failFrom(url, headers, 'a4')).toBe(429);
    expect(await failFrom(url, { 'X-Forwarded-For': '203.0.113.2' }, 'a4')).toBe(401);
  },
  '6-07': async (world) => {
    const { url } = await world.service('limited');
    expect(left(await fail(world, ...times(4, 'alice')))).toBe('1');
    expect((await signIn(url, 'alice')).status).toBe(200);
    expect(left(await fail(world, 'alice'))).toBe('4');
  },
  '6-08': async (world) => {
    const { url } = await world.service('limited');
    await fail(world, ...times(5, 'guid'));
    expect((await signIn(url, 'guid')).status).toBe(429);
  },
  '6-09': async () => {
    const app = createMemoryApp();
    for (let time = 0; time < 5; time++) await signInInMemory(app, 'hamlet', 'wrong').expect(401);
    for (let minute = 0; minute < 30; minute += 6) {
      await signInInMemory(app, 'hamlet', 'wrong').expect(429);
      app.advance(6 * MINUTE_MS);
    }
    await signInInMemory(app, 'hamlet').expect(200);
  },
  '6-10': async (world) => {
    await fail(world, ...times(5, 'six-ten'));
    // Nobody has the name: the command says so, and clears what is counted under it all the same.
    expect((await world.command('limited', 'attempts', 'clear', 'six-ten')).code).toBe(1);
    expect(left(await fail(world, 'six-ten'))).toBe('4');
  },
  '6-11': async (world) => {
    expect(left(await fail(world, 'in-no-directory'))).toBe('4');
  },
  '6-12': async () => {
    const app = createMemoryApp();
    for (let time = 0; time < 5; time++) {
      await signInInMemory(app, 'hamlet', 'wrong').expect(401);
      app.advance(MINUTE_MS);
    }
    const { body } = await signInInMemory(app, 'hamlet', 'wrong').expect(429);
    expect(body['retry-after']).toBe(25 * 60);
    app.advance(25 * MINUTE_MS);
    await signInInMemory(app, 'hamlet', 'wrong').expect(401);
    await signInInMemory(app, 'hamlet', 'wrong').expect(429);
  },
  '6-15': async (world) => {
    const { url } = await world.service('strict');
    const from = (address: string, real: string) => ({ 'X-Forwarded-For': address, 'X-Real-IP': real });
    for (const name of ['b1', 'b2', 'b3'])
      expect(await failFrom(url, from('203.0.113.15', `203.0.113.${name.charCodeAt(1)}`), name)).toBe(401);
    expect(await failFrom(url, from('203.0.113.15', '203.0.113.99'), 'b4')).toBe(429);
  },
  '6-16': async (world) => {
    const { json } = await fail(world, ...times(6, 'six-sixteen'));
    expect(json()['retry-after']).toEqual(expect.any(Number));
    expect(Object.keys(json())).toEqual(['result', 'msg', 'code', 'retry-after']);
  },
  '6-17': async (world) => {
    const { headers, json } = await fail(world, ...times(6, 'six-seventeen'));
    expect(headers.get('retry-after')).toBe(String(Math.ceil(Number(json()['retry-after']))));
  },
  '6-18': async (world) => {
    const { url } = await world.service('limited');
    for (const { headers } of [await signIn(url, 'jose@example.org', 'josé-secret'), await fail(world, 'x')])
      expect(
        ['limit', 'remaining', 'reset'].map((name) => /^\d+$/.test(headers.get(`x-ratelimit-${name}`) ?? '')),
      ).toEqual([true, true, true]);
  },
  '6-19': async (world) => expect(left(await fail(world, ...times(6, 'six-nineteen')))).toBe('0'),
  '6-20': async (world) => {
    const { headers } = await fail(world, 'six-twenty');
    const ahead = Number(headers.get('x-ratelimit-reset')) - Date.now() / 1000;
    expect([ahead > 29 * 60, ahead <= 30 * 60]).toEqual([true, true]);
  },
  '6-22': async (world) => {
    const { url } = await world.service('limited');
    const authorization = basic('spacey', await fetchKey(url, 'spacey', 'pässwörd with spaces '));
    for (const path of ['server_settings', 'users/me']) {
      const { status, headers } = await ask(`${url}/api/v1/${path}`, { headers: { authorization } });
      expect([status, headers.get('x-ratelimit-limit')]).toEqual([200, null]);
    }
  },
  '6-23': async (world) => {
    const { url } = await world.service('limited');
    await fail(world, ...times(5, 'two-mails'));
    const other = 'second@example.org';
    for (const remaining of ['4', '3', '2', '1', '0']) {
      const answer = await signIn(url, other, 'two-mails-secret');
      expect([answer.status, answer.text, left(answer)]).toEqual([401, INCORRECT, remaining]);
    }
    expect((await signIn(url, other, 'two-mails-secret')).status).toBe(429);
  },
};
