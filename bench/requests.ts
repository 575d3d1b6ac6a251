/** A person as they sign in. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The sign-in of a person, as it goes over the wire. */
export function signInRequest(credentials: Credentials): string {
  const body = new URLSearchParams({ ...credentials }).toString();
  return [
    'POST /api/v1/fetch_api_key HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

/** A request for `/` by Basic, as it goes over the wire. */
export function basicRequest({ username, password }: Credentials): string {
  const encoded = Buffer.from(`${username}:${password}`).toString('base64');
  return `GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ${encoded}\r\n\r\n`;
}

/** A gateway's question about a key, as it goes over the wire. */
export function verifyRequest(apiKey: string): string {
  return `GET /verify HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${apiKey}\r\n\r\n`;
}

/** The least that a client asks, as it goes over the wire. */
export const helloRequest = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** The key with another tag: nobody who has no secret can tell it from a good one. */
export function forged(apiKey: string): string {
  return apiKey.slice(0, -1) + (apiKey.endsWith('0') ? '1' : '0');
}

/** Sign people in, one after another, and give their keys. */
export async function fetchApiKeys(port: number, people: readonly Credentials[]): Promise<string[]> {
  const keys: string[] = [];
  for (const credentials of people) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/fetch_api_key`, {
      method: 'POST',
      body: new URLSearchParams({ ...credentials }),
    });
    const { api_key: key } = (await answer.json()) as { api_key?: string };
    if (key === undefined) throw new Error(`no key for ${credentials.username}: ${answer.status}`);
    keys.push(key);
  }
  return keys;
}
