/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, as it came. */
  readonly text: string;
  /** The body as JSON; throws where it is none. */
  json(): Record<string, unknown>;
}

/** What is asked. */
export interface Question {
  /** GET, or POST where there is a form or a body, unless it is given. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent urlencoded. */
  readonly form?: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
  /** Sent as it is; its type is in the headers. */
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData;
}

/** Ask over HTTP; a redirection is an answer like any other. */
export async function ask(url: string, { method, headers = {}, form, body }: Question = {}): Promise<Answer> {
  const sent = form ? new URLSearchParams(form as Record<string, string>) : body;
  const response = await fetch(url, {
    method: method ?? (sent === undefined ? 'GET' : 'POST'),
    headers,
    redirect: 'manual',
    ...(sent !== undefined && { body: sent }),
  });
  const text = await response.text();
  const { status, headers: answered } = response;
  return { status, headers: answered, text, json: () => JSON.parse(text) };
}

/** The value of a Basic header. */
export function basic(name: string, key: string): string {
  return `Basic ${Buffer.from(`${name}:${key}`).toString('base64')}`;
}

/** The text of an error in the envelope, for comparison byte by byte. */
export function errorText(msg: string, code: string): string {
  return `{"result":"error","msg":"${msg}","code":"${code}"}\n`;
}

/** The text of a 405, which has neither a code nor a line feed. */
export function methodText(...methods: string[]): string {
  return `{"result":"error","msg":"Method Not Allowed","allowed_methods":${JSON.stringify(methods)}}`;
}
