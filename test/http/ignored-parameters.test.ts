import { describe, expect, it } from '@jest/globals';
import request, { type Test } from 'supertest';
import { createMemoryApp, FETCH_API_KEY, PASSWORD } from './memory-app.ts';

const PAIRS = new URLSearchParams({ username: 'hamlet', password: PASSWORD }).toString();

function post(query: string, form: string): Test {
  return request(createMemoryApp().listener).post(`${FETCH_API_KEY}${query}`).type('form').send(form);
}

describe('ignored_parameters_unsupported', () => {
  it('stands last and names what nobody read in form and query, sorted, each once', async () => {
    const { text, body } = await post('?zz=1&device_name=x', `${PAIRS}&device_name=y&alpha=`).expect(200);
    expect(text).toBe(
      `{"result":"success","msg":"","api_key":"${body.api_key}","email":"hamlet@example.org",` +
        `"user_id":${body.user_id},"ignored_parameters_unsupported":["alpha","device_name","zz"]}\n`,
    );
  });

  it.each([
    ['nothing is left over', '', PAIRS],
    ['only client is, in the form', '', `${PAIRS}&client=zulip-js`],
    ['only client is, in the query', '?client=website', PAIRS],
    ['a parameter is in both', `?${PAIRS}`, PAIRS],
  ])('is absent where %s', async (_case, query, form) => {
    const { body } = await post(query, form).expect(200);
    expect(Object.keys(body)).toEqual(['result', 'msg', 'api_key', 'email', 'user_id']);
  });

  it.each([
    [400, 'username=hamlet&extra=1'],
    [401, 'username=hamlet&password=wrong&extra=1'],
  ])('is not in a %i', async (status, form) => {
    const { body } = await post('?more=1', form).expect(status);
    expect(body).not.toHaveProperty('ignored_parameters_unsupported');
  });

  it('names the fields of a multipart form in their own script', async () => {
    const { body } = await request(createMemoryApp().listener)
      .post(FETCH_API_KEY)
      .field('username', 'hamlet')
      .field('password', PASSWORD)
      .field('größe', '1')
      .expect(200);
    expect(body.ignored_parameters_unsupported).toEqual(['größe']);
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for a name like any other', async (name) => {
    const { body } = await post('', `${PAIRS}&${name}=1`).expect(200);
    expect(body.ignored_parameters_unsupported).toEqual([name]);
  });
});
