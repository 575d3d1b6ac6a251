import { describe, expect, it } from '@jest/globals';
import request, { type Test } from 'supertest';
import { exchange } from './exchange.ts';
import { createMemoryApp, FETCH_API_KEY, PASSWORD, person } from './memory-app.ts';

const PAIRS = new URLSearchParams({ username: 'hamlet', password: PASSWORD }).toString();

function post(query = '', app = createMemoryApp()): Test {
  return request(app.listener).post(`${FETCH_API_KEY}${query}`);
}

describe('parameters', () => {
  it.each(['application/x-www-form-urlencoded', 'Application/X-WWW-Form-Urlencoded; charset=UTF-8'])(
    'are read from a body of type %s',
    async (type) => {
      await post().type(type).send(PAIRS).expect(200);
    },
  );

  it('are read from a multipart form', async () => {
    await post().field('username', 'hamlet').field('password', PASSWORD).expect(200);
  });

  it('are read from the query, with no body at all', async () => {
    await post(`?${PAIRS}`).expect(200);
  });

  it('are taken each from the form first, then from the query', async () => {
    await post('?username=nobody&password=to+be%2C+or+not+to+be')
      .type('form')
      .send('username=hamlet')
      .expect(200);
    await post('?username=hamlet').type('form').send('username=nobody&password=x').expect(401);
  });

  it('that stand empty in the form are not looked for in the query', async () => {
    await post(`?${PAIRS}`).type('form').send('password=').expect(401);
  });

  it.each(['form', 'query'])('that are repeated in the %s count by their last value', async (where) => {
    const text = `username=nobody&${PAIRS}&username=hamlet`;
    await (where === 'form' ? post().type('form').send(text) : post(`?${text}`)).expect(200);
    const wrong = `${PAIRS}&password=wrong`;
    await (where === 'form' ? post().type('form').send(wrong) : post(`?${wrong}`)).expect(401);
  });

  it('that are repeated in a multipart form count by their last value', async () => {
    await post()
      .field('username', 'nobody')
      .field('username', 'hamlet')
      .field('password', PASSWORD)
      .expect(200);
  });

  it.each(['application/json', 'text/plain', 'application/xml', 'multipart/mixed; boundary=x'])(
    'are not read from a body of type %s',
    async (type) => {
      const { text } = await post()
        .set('Content-Type', type)
        .send(JSON.stringify({ username: 'hamlet', password: PASSWORD }))
        .expect(400);
      expect(text).toBe(MISSING_USERNAME);
    },
  );

  it('keep a question mark that begins the form', async () => {
    const { body } = await request(createMemoryApp().listener)
      .post(FETCH_API_KEY)
      .send(`?username=hamlet&password=${PASSWORD}`)
      .expect(400);
    expect(body.var_name).toBe('username');
  });

  it('are not read from a body without a type, but from the query beside it', async () => {
    const head = `POST ${FETCH_API_KEY} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`;
    const [answer] = await exchange(
      createMemoryApp().listener,
      `${head}Content-Length: ${PAIRS.length}\r\n\r\n${PAIRS}`,
    );
    expect(answer).toMatchObject({ status: 400, body: MISSING_USERNAME });
    await post(`?${PAIRS}`).type('json').send('{"username":"nobody"}').expect(200);
  });
});

describe('a parameter that is missing', () => {
  it('is named, the username before the password', async () => {
    expect((await post().expect(400)).text).toBe(MISSING_USERNAME);
    expect((await post('?password=x').expect(400)).text).toBe(MISSING_USERNAME);
    const { text } = await post('?username=hamlet').expect(400);
    expect(text).toBe(
      `{"result":"error","msg":"Missing 'password' argument","var_name":"password","code":"REQUEST_VARIABLE_MISSING"}\n`,
    );
  });

  it('is not one that is there and empty', async () => {
    const { body } = await post('?username=&password=').expect(401);
    expect(body.code).toBe('AUTHENTICATION_FAILED');
  });

  it('costs no attempt and asks nobody', async () => {
    const app = createMemoryApp({ perUsername: { attempts: 1, windowMs: 1000 } });
    for (let time = 0; time < 3; time++) await post('?username=hamlet', app).expect(400);
    await post(`?${PAIRS}`, app).expect(200);
  });
});

describe('oddly encoded values', () => {
  it.each([
    ['100%', 'password=100%'],
    ['50%zz', 'password=50%zz'],
    ['a+b c', 'password=a%2Bb+c'],
    ['a=b', 'password=a=b'],
    ['käse', 'password=k%C3%A4se'],
    ['käse', 'password=käse'],
    ['日本語', 'password=%E6%97%A5%E6%9C%AC%E8%AA%9E'],
    ['a?b', 'password=a?b'],
  ])('are read as %j from %s', async (password, text) => {
    const app = createMemoryApp({ people: [{ ...person('hamlet'), password }] });
    await post('', app).type('form').send(`username=hamlet&${text}`).expect(200);
  });

  it.each(['zoë', 'Ζωή', '林'])('name %s in both kinds of form', async (username) => {
    const app = createMemoryApp({ people: [{ ...person(username), password: 'pässwörd' }] });
    const text = new URLSearchParams({ username, password: 'pässwörd' }).toString();
    await post('', app).type('form').send(text).expect(200);
    await post('', app).field('username', username).field('password', 'pässwörd').expect(200);
  });
});

const MISSING_USERNAME = `{"result":"error","msg":"Missing 'username' argument","var_name":"username","code":"REQUEST_VARIABLE_MISSING"}\n`;
