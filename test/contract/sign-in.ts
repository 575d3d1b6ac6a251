import { type Answer, ask } from './ask.ts';

/** Where a username and a password are exchanged for a key. */
export const FETCH_API_KEY = '/api/v1/fetch_api_key';

/** The one answer that tells nothing. */
export const INCORRECT =
  '{"result":"error","msg":"Your username or password is incorrect","code":"AUTHENTICATION_FAILED"}\n';

/** Sign in, with the person's own password unless another is given. */
export function signIn(url: string, username: string, password = `${username}-secret`): Promise<Answer> {
  return ask(`${url}${FETCH_API_KEY}`, { form: { username, password } });
}

/** The key of someone whose password is right. */
export async function fetchKey(url: string, username: string, password?: string): Promise<string> {
  return String((await signIn(url, username, password)).json()['api_key']);
}
