import type { ServerResponse } from 'node:http';

/** Fields of an answer beside `result` and `msg`, in the order in which they are to stand. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Answer 200 in Zulip's envelope: `result`, `msg`, then the fields; compact, with one line feed at the end
 * (Zulip `lib/response.py`).
 */
export function sendSuccess(res: ServerResponse, fields: Fields = {}): void {
  sendJson(res, 200, { result: 'success', msg: '', ...fields });
}

/** Answer an error in Zulip's envelope: the error's own fields come before `code`, but for those of `after`. */
export function sendError(
  res: ServerResponse,
  status: number,
  msg: string,
  code: string | undefined,
  fields: Fields = {},
  after: Fields = {},
): void {
  sendJson(res, status, { result: 'error', msg, ...fields, ...(code && { code }), ...after });
}

/** Answer JSON with a line feed at the end, its type without a charset, as Zulip's is. */
export function sendJson(res: ServerResponse, status: number, body: Fields): void {
  sendText(res, status, `${JSON.stringify(body)}\n`);
}

/** Zulip's 405 has neither a `code` nor a line feed at its end. */
export function sendMethodNotAllowed(res: ServerResponse, methods: readonly string[]): void {
  res.setHeader('Allow', methods.join(', '));
  const body = { result: 'error', msg: 'Method Not Allowed', allowed_methods: methods };
  sendText(res, 405, JSON.stringify(body));
}

/** The answer to OPTIONS: the methods, and no body. */
export function sendAllowedMethods(res: ServerResponse, methods: readonly string[]): void {
  res.setHeader('Allow', methods.join(', '));
  res.statusCode = 204;
  res.end();
}

function sendText(res: ServerResponse, status: number, text: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json');
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
}
