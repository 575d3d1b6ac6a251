import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Nginx, startNginx } from '../support/nginx.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { ask, basic } from './ask.ts';
import { decodeKey, PAD } from './otp.ts';
import { createPageClient } from './page-client.ts';
import { fetchKey } from './sign-in.ts';
import { SSO_HEADER, SSO_SECRET, startWorld, type World } from './world.ts';

const SSO = '/accounts/login/sso/';

/** A gateway that signs people in itself on one location, and passes everything on as it comes on the others. */
const gateway = (listen: string, latchkey: number) => `
upstream latchkey { server 127.0.0.1:${latchkey}; }
server {
  listen ${listen};
  location / {
    proxy_pass http://latchkey;
  }
  location = ${SSO} {
    auth_basic "the organization";
    auth_basic_user_file people;
    proxy_set_header Authorization "";
    proxy_set_header Remote-User $remote_user;
    proxy_set_header ${SSO_HEADER} "${SSO_SECRET}";
    proxy_pass http://latchkey;
  }
  location = /open-sso/ {
    proxy_pass http://latchkey${SSO};
  }
}
`;

/** nginx compares these passwords as they are. */
const PEOPLE = 'alice:{PLAIN}at-the-gateway\nghost:{PLAIN}at-the-gateway\n';

describe('sign-in by the header of an nginx that passes client headers on', () => {
  let world: World;
  let service: ServiceProcess;
  let nginx: Nginx;

  beforeAll(async () => {
    world = await startWorld();
    service = await world.service('federated');
    nginx = await startNginx({
      http: (listen) => gateway(listen, service.port),
      files: { people: PEOPLE },
    });
  });
  afterAll(async () => {
    await nginx?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  const signedIn = { Authorization: basic('alice', 'at-the-gateway') };
  const claims = { 'Remote-User': 'bob' };
  const withPad = `?mobile_flow_otp=${PAD}`;

  test('lets an app in whose person nginx has signed in', async () => {
    const start = await ask(`${nginx.url}/accounts/login/start/sso/${withPad}`);
    expect([start.status, start.headers.get('location')]).toEqual([302, SSO + withPad]);
    const { status, headers } = await ask(nginx.url + SSO + withPad, { headers: signedIn });
    const { href, searchParams } = new URL(headers.get('location') ?? '');
    expect([status, href.split('?')[0]]).toEqual([302, 'zulip://login']);
    expect(searchParams.get('email')).toBe('alice@example.org');
    const key = decodeKey(searchParams.get('otp_encrypted_api_key') ?? '', PAD);
    expect(key).toBe(await fetchKey(service.url, 'alice'));
  });

  test('signs a browser in as the person whom nginx has signed in', async () => {
    const client = createPageClient(nginx.url);
    expect((await client.open(SSO, signedIn)).headers.get('location')).toBe('/account');
    expect((await client.open('/account')).text).toContain('alice@example.org');
  });

  test('does not believe a client that names somebody else beside its own password', async () => {
    const { headers } = await ask(nginx.url + SSO + withPad, { headers: { ...signedIn, ...claims } });
    expect(new URL(headers.get('location') ?? '').searchParams.get('email')).toBe('alice@example.org');
  });

  test('tells nothing to somebody whom the directory does not know', async () => {
    const headers = { Authorization: basic('ghost', 'at-the-gateway') };
    const answer = await ask(nginx.url + SSO + withPad, { headers });
    expect([answer.status, answer.headers.get('location')]).toEqual([401, null]);
  });

  test('leaves it to nginx to refuse a wrong password', async () => {
    const headers = { Authorization: basic('alice', 'wrong'), ...claims };
    expect((await ask(nginx.url + SSO + withPad, { headers })).status).toBe(401);
  });

  test.each([
    ['no secret', {}],
    ['a guessed secret', { [SSO_HEADER]: 'a guess' }],
    ['an empty secret', { [SSO_HEADER]: '' }],
    ['the secret under another name', { 'X-SSO-Secret': SSO_SECRET }],
  ])(
    'does not believe a header that the client sent through another location, with %s',
    async (_what, more) => {
      const answer = await ask(`${nginx.url}/open-sso/${withPad}`, { headers: { ...claims, ...more } });
      expect([answer.status, answer.headers.get('location')]).toEqual([401, null]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    },
  );

  test('does not believe a header that came past nginx', async () => {
    for (const more of [{}, { [SSO_HEADER]: 'a guess' }, { 'X-Forwarded-For': '127.0.0.1' }]) {
      const headers = { ...claims, ...more };
      const answer = await ask(service.url + SSO + withPad, { headers });
      expect([answer.status, answer.headers.get('location')]).toEqual([401, null]);
    }
  });

  test('gives nobody a key or an account on other paths', async () => {
    const headers = { ...claims, [SSO_HEADER]: SSO_SECRET };
    expect((await ask(`${nginx.url}/account`, { headers })).status).toBe(303);
    expect((await ask(`${nginx.url}/api/v1/users/me`, { headers })).status).toBe(401);
    expect((await ask(`${nginx.url}/verify`, { headers })).status).toBe(401);
  });

  test('does not exist where it is not set up', async () => {
    const { url } = await world.service('plain');
    const headers = { ...claims, [SSO_HEADER]: SSO_SECRET };
    expect((await ask(url + SSO + withPad, { headers })).status).toBe(404);
  });
});
