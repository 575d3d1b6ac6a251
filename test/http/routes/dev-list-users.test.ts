import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { devListUsersRoute } from '../../../src/http/routes/dev-list-users.ts';
import { createMemoryApp, person } from '../memory-app.ts';
import { routeApp } from './route-app.ts';

const DEV_LIST = '/api/v1/dev_list_users';
const URL = 'http://localhost:9991';

function start(people = [person('ophelia'), person('hamlet'), person('ghost', { emails: [] })]) {
  const app = createMemoryApp({ people });
  return { app, listener: routeApp(app.log, devListUsersRoute(app.directory, URL)) };
}

describe('contract 3.2: everybody', () => {
  it('is told by email and realm, and nobody administers anything', async () => {
    const { text, headers } = await request(start().listener).get(DEV_LIST).expect(200);
    expect(text).toBe(
      '{"result":"success","msg":"","direct_admins":[],"direct_users":[' +
        `{"email":"hamlet@example.org","realm_url":"${URL}"},{"email":"ophelia@example.org","realm_url":"${URL}"}]}\n`,
    );
    expect(headers['content-type']).toBe('application/json');
  });

  it.each(['post', 'put', 'patch', 'delete', 'options'] as const)(
    'is told to any method: %s',
    async (method) => {
      const { body } = await request(start().listener)[method](`${DEV_LIST}?extra=1`).expect(200);
      expect(Object.keys(body)).toEqual(['result', 'msg', 'direct_admins', 'direct_users']);
    },
  );

  it('is told to HEAD by the headers alone', async () => {
    const { text, headers } = await request(start().listener).head(DEV_LIST).expect(200);
    expect(text).toBeUndefined();
    expect(Number(headers['content-length'])).toBeGreaterThan(100);
  });

  it('is the first email of each, and of a hundred at most', async () => {
    const many = Array.from({ length: 130 }, (_, at) =>
      person(`p${at}`, { emails: [`p${at}@example.org`, `q${at}@example.org`] }),
    );
    const { body } = await request(start(many).listener).get(DEV_LIST).expect(200);
    expect(body.direct_users).toHaveLength(100);
    for (const { email } of body.direct_users) expect(email).toMatch(/^p\d+@example\.org$/);
  });

  it('is nobody where the directory is empty', async () => {
    const { body } = await request(start([]).listener).get(DEV_LIST).expect(200);
    expect(body).toMatchObject({ direct_admins: [], direct_users: [] });
  });

  it('is not told while the directory is away: 503', async () => {
    const { app, listener } = start();
    app.directory.setAway(true);
    const { body } = await request(listener).get(DEV_LIST).expect(503);
    expect(body.code).toBe('SERVICE_UNAVAILABLE');
  });
});
