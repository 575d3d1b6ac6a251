import { expect } from '@jest/globals';
import { type Answer, ask, errorText, methodText } from '../ask.ts';
import { fetchKey, INCORRECT } from '../sign-in.ts';
import type { World } from '../world.ts';
import type { Checks } from './check.ts';

const DEV_FETCH = '/api/v1/dev_fetch_api_key';
const DEV_LIST = '/api/v1/dev_list_users';
const NOT_FOUND = errorText('Not found', 'NOT_FOUND');

async function devFetch(world: World, form: Record<string, string>): Promise<Answer> {
  const { url } = await world.service('development');
  return ask(url + DEV_FETCH, { form });
}

/** Section 3. */
export const developmentChecks: Checks = {
  '3-01': async (world) => {
    const { url } = await world.service('plain');
    const form = { username: 'alice@example.org' };
    for (const answer of [await ask(url + DEV_FETCH, { form }), await ask(url + DEV_LIST)])
      expect(answer).toMatchObject({ status: 404, text: NOT_FOUND });
  },
  '3.1-01': async (world) => {
    const { url } = await world.service('development');
    const { status, text, json } = await devFetch(world, { username: 'alice@example.org' });
    const key = await fetchKey(url, 'alice');
    expect({ status, text }).toEqual({
      status: 200,
      text: `{"result":"success","msg":"","api_key":"${key}","email":"alice@example.org","user_id":${json()['user_id']}}\n`,
    });
  },
  '3.1-02': async (world) => {
    const { status, headers } = await devFetch(world, { username: 'alice@example.org' });
    expect([status, headers.getSetCookie()]).toEqual([200, []]);
  },
  '3.1-03': async (world) => {
    const text = errorText('Enter a valid email address.', 'BAD_REQUEST');
    for (const username of ['alice', 'a@b', ''])
      expect(await devFetch(world, { username })).toMatchObject({ status: 400, text });
  },
  '3.1-07': async (world) => {
    const answer = await devFetch(world, { username: 'nobody@example.org' });
    expect(answer).toMatchObject({ status: 401, text: INCORRECT });
  },
  '3.1-08': async (world) => {
    const { status, json } = await devFetch(world, { email: 'alice@example.org' });
    expect([status, json()['code'], json()['var_name']]).toEqual([
      400,
      'REQUEST_VARIABLE_MISSING',
      'username',
    ]);
  },
  '3.1-09': async (world) => {
    const { url } = await world.service('development');
    for (const method of ['GET', 'PUT', 'OPTIONS'])
      expect(await ask(url + DEV_FETCH, { method })).toMatchObject({ status: 405, text: methodText('POST') });
  },
  '3.1-10': async (world) => {
    expect((await devFetch(world, {})).json()['code']).toBe('REQUEST_VARIABLE_MISSING');
    expect((await devFetch(world, { username: 'nobody' })).json()['msg']).toBe(
      'Enter a valid email address.',
    );
  },
  '3.1-11': async (world) => {
    const { json } = await devFetch(world, { username: 'alice@example.org', zz: '1', client: 'x', aa: '2' });
    expect(json()['ignored_parameters_unsupported']).toEqual(['aa', 'zz']);
  },
  '3.2-01': async (world) => {
    const { url } = await world.service('development');
    const { status, text } = await ask(url + DEV_LIST);
    expect(status).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect(await ask(url + DEV_LIST, { method })).toMatchObject({ status, text });
  },
  '3.2-02': async (world) => {
    const { url } = await world.service('development');
    const answer = (await ask(url + DEV_LIST)).json();
    expect(Object.keys(answer)).toEqual(['result', 'msg', 'direct_admins', 'direct_users']);
    expect(answer['direct_users']).toContainEqual({ email: 'alice@example.org', realm_url: url });
  },
  '3.2-03': async (world) => {
    const { url } = await world.service('development');
    const { direct_admins: admins, direct_users: users } = (await ask(url + DEV_LIST)).json();
    expect(admins).toEqual([]);
    expect(JSON.stringify(users)).not.toContain('outsider@example.org');
  },
};
