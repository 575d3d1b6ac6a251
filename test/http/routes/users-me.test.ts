import { describe, expect, it } from '@jest/globals';
import request, { type Test } from 'supertest';
import type { MemoryPerson } from '../../../src/adapters/memory/directory.ts';
import { basic, createMemoryApp, FIRST_ID, fetchKey, type MemoryApp, person } from '../memory-app.ts';

const ME = '/api/v1/users/me';
const CHALLENGE = 'Basic realm="zulip"';

function me(app: MemoryApp, authorization: string): Test {
  return request(app.listener).get(ME).set('Authorization', authorization);
}

function encoded(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

describe('contract 5: a request that is not authorized', () => {
  const key = 'A'.repeat(32);
  const noHeader = 'Not logged in: API authentication or user session required';
  const invalid = 'Invalid authorization header for basic auth';

  it.each([
    ['no base64', 'Basic %%%', invalid],
    ['bytes that are no text', 'Basic /////zo=', invalid],
    ['no colon', encoded('hamlet'), invalid],
    ['two colons', encoded(`hamlet:${key}:`), invalid],
    ['one word', 'Basic', invalid],
    ['three words', `${basic('hamlet', key)} more`, invalid],
    ['a short key', basic('hamlet', 'A'.repeat(31)), 'Malformed API key'],
    ['a long key', basic('hamlet', 'A'.repeat(33)), 'Malformed API key'],
    ['a key with a dash', basic('hamlet', `${'A'.repeat(31)}-`), 'Malformed API key'],
    ['an empty key', basic('hamlet', ''), 'Malformed API key'],
    ['an unknown key', basic('hamlet', key), 'Invalid API key'],
  ])('for %s is a 401 with a challenge', async (_case, header, msg) => {
    const { text, headers } = await me(createMemoryApp(), header).expect(401);
    expect(text).toBe(`{"result":"error","msg":"${msg}","code":"UNAUTHORIZED"}\n`);
    expect(headers['www-authenticate']).toBe(CHALLENGE);
    expect(headers['cache-control']).toMatch(/no-store/);
  });

  it.each([undefined, 'text/html', 'text/html,application/xhtml+xml,*/*;q=0.8'])(
    'for want of a header is a 401 in JSON, where Accept is %s',
    async (accept) => {
      const test = request(createMemoryApp().listener).get(ME);
      const { text, headers } = await (accept ? test.set('Accept', accept) : test).expect(401);
      expect(text).toBe(`{"result":"error","msg":"${noHeader}","code":"UNAUTHORIZED"}\n`);
      expect(headers['www-authenticate']).toBe(CHALLENGE);
      expect(headers['content-type']).toBe('application/json');
    },
  );

  it.each(['Bearer', 'Digest', 'Negotiate'])('for the scheme %s is a 400 without one', async (scheme) => {
    const { text, headers } = await me(createMemoryApp(), `${scheme} ${key}`).expect(400);
    expect(text).toBe(
      '{"result":"error","msg":"This endpoint requires HTTP basic authentication.","code":"BAD_REQUEST"}\n',
    );
    expect(headers).not.toHaveProperty('www-authenticate');
  });

  it.each(['ophelia', 'ophelia@example.org', 'nobody', ''])(
    "for a good key beside the name %j, which is not its owner's, tells as little as for an unknown key",
    async (name) => {
      const app = createMemoryApp();
      const { text, headers } = await me(app, basic(name, await fetchKey(app))).expect(401);
      expect(text).toBe('{"result":"error","msg":"Invalid API key","code":"UNAUTHORIZED"}\n');
      expect(headers['www-authenticate']).toBe(CHALLENGE);
    },
  );

  it('costs no read where the key is forged', async () => {
    const app = createMemoryApp();
    for (const header of [basic('hamlet', key), basic('hamlet', 'short')]) await me(app, header).expect(401);
    expect(app.store.reads()).toBe(0);
  });
});

describe("a good key beside its owner's name", () => {
  it.each([
    ['the email', 'hamlet@example.org'],
    ['the email in another case', 'Hamlet@EXAMPLE.org'],
    ['the login name', 'hamlet'],
    ['the login name in another case', 'HAMLET'],
    ['another email of the entry', 'h@example.org'],
    ['white space around it', '  hamlet@example.org\t'],
  ])('is accepted (%s)', async (_case, name) => {
    const emails = ['hamlet@example.org', 'h@example.org'];
    const app = createMemoryApp({ people: [person('hamlet', { emails })] });
    const { body } = await me(app, basic(name, await fetchKey(app))).expect(200);
    expect(body.user_id).toBe(FIRST_ID);
  });

  it.each(['basic', 'BASIC', 'bAsIc'])('is accepted under the scheme %s', async (scheme) => {
    const app = createMemoryApp();
    const header = basic('hamlet', await fetchKey(app)).replace('Basic', scheme);
    await me(app, header).expect(200);
  });

  it('is accepted with white space around the key and between the words', async () => {
    const app = createMemoryApp();
    const header = basic('hamlet', ` ${await fetchKey(app)} `).replace('Basic ', 'Basic   ');
    await me(app, header).expect(200);
  });
});

describe('a renamed person', () => {
  const renamed = (app: MemoryApp, people: MemoryPerson[], username: string) => {
    people[0] = person(username, { entryId: 'the-prince' });
    return fetchKey(app, username);
  };

  it('keeps the key, under the new name and under the last four', async () => {
    const people = [person('name0', { entryId: 'the-prince' })];
    const app = createMemoryApp({ people });
    const key = await fetchKey(app, 'name0');
    expect(await renamed(app, people, 'name1')).toBe(key);
    for (const name of ['name0', 'NAME0@example.org', 'name1']) await me(app, basic(name, key)).expect(200);
    expect(await renamed(app, people, 'name2')).toBe(key);
    for (const name of ['name0', 'name1', 'name2']) await me(app, basic(name, key)).expect(200);
    await renamed(app, people, 'name3');
    for (const name of ['name1', 'name2', 'name3']) await me(app, basic(name, key)).expect(200);
    await me(app, basic('name0', key)).expect(401);
    const { body } = await me(app, basic('name1@example.org', key)).expect(200);
    expect(body).toMatchObject({ email: 'name3@example.org', user_id: FIRST_ID });
  });
});
