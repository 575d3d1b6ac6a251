import { parseSetCookie, stringifyCookie } from 'cookie';
import request, { type Response } from 'supertest';
import { PASSWORD } from '../memory-app.ts';
import type { PageApp } from './page-app.ts';

export const LOGIN = '/accounts/login/';

type Fields = Readonly<Record<string, string>>;

/** A browser without a script: it keeps cookies and follows nothing. */
export interface Browser {
  readonly cookies: Map<string, string>;
  readonly get: (path: string, headers?: Fields) => Promise<Response>;
  /** Send a form as it is. */
  readonly post: (path: string, fields: Fields, headers?: Fields) => Promise<Response>;
  /** Send a form with the token of the page that was seen last. */
  readonly submit: (path: string, fields?: Fields, headers?: Fields) => Promise<Response>;
  /** The token of the page that was seen last. */
  readonly csrf: () => string;
}

/** Open a browser on the app. */
export function openBrowser({ listener }: Pick<PageApp, 'listener'>): Browser {
  const cookies = new Map<string, string>();
  let csrf = '';
  const seen = (answer: Response): Response => {
    const set: unknown = answer.headers['set-cookie'];
    for (const line of Array.isArray(set) ? set : []) {
      const { name, value = '', maxAge } = parseSetCookie(line);
      if (maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
    }
    csrf = /name="csrf" value="([^"]*)"/.exec(answer.text ?? '')?.[1] ?? csrf;
    return answer;
  };
  const held = () => ({ Cookie: stringifyCookie(Object.fromEntries(cookies)) });
  const post = async (path: string, fields: Fields, headers: Fields = {}) =>
    seen(
      await request(listener)
        .post(path)
        .set({ ...held(), ...headers })
        .type('form')
        .send(new URLSearchParams(fields).toString()),
    );
  return {
    cookies,
    get: async (path, headers = {}) =>
      seen(
        await request(listener)
          .get(path)
          .set({ ...held(), ...headers }),
      ),
    post,
    submit: (path, fields = {}, headers = {}) => post(path, { ...fields, csrf }, headers),
    csrf: () => csrf,
  };
}

/** Open the sign-in page, and send it filled in. */
export async function signInOnPage(
  browser: Browser,
  fields: Fields = {},
  headers: Fields = {},
): Promise<Response> {
  await browser.get(LOGIN);
  return browser.submit(LOGIN, { username: 'hamlet', password: PASSWORD, ...fields }, headers);
}

/** A browser in which someone is signed in. */
export async function openSignedInBrowser(
  app: Pick<PageApp, 'listener'>,
  username = 'hamlet',
): Promise<Browser> {
  const browser = openBrowser(app);
  const { status } = await signInOnPage(browser, { username });
  if (status !== 303) throw new Error(`the sign-in was answered ${status}`);
  return browser;
}
