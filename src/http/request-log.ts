import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Unavailable } from '../errors.ts';
import type { Log, RequestLine, WriteLine } from '../ports/log.ts';

/** What a handler knows of a request beside its answer; never a secret, never a name that no directory knows. */
export type Notes = Pick<RequestLine, 'outcome' | 'userId' | 'nameDigest' | 'username' | 'address'>;

const notes = new WeakMap<ServerResponse, Notes>();

/** Add to what the request's line in the log will say. */
export function note(res: ServerResponse, more: Notes): void {
  notes.set(res, { ...notes.get(res), ...more });
}

/** Log what kept a request from its answer, under the request's id; the answer itself shows nothing of it. */
export function noteFailure(res: ServerResponse, err: unknown, log: Log): void {
  note(res, logFailure(String(res.getHeader('X-Request-Id')), err, log));
}

/** The same, with the request's id given. Gives what the request's line is to say of it. */
export function logFailure(requestId: string, err: unknown, log: Log): Notes {
  if (err instanceof Unavailable) {
    log.warn({ requestId, err }, err.message);
    return { outcome: `${err.part}-unavailable` };
  }
  log.error({ requestId, err }, 'a request failed');
  return { outcome: 'failed' };
}

/** A request that is to have its line in the log. */
export interface LoggedRequest {
  /** Always our own: one sent by a client could carry anything into the log. */
  readonly requestId: string;
  readonly method: string | undefined;
  /** What to call the endpoint; never with a query. */
  readonly path: string;
  /** By the monotonic clock, in milliseconds. */
  readonly start: number;
}

/** Give a request an id, as its answer's `X-Request-Id` and its line in the log will have it. */
export function beginRequest({ method }: IncomingMessage, path: string): LoggedRequest {
  return { requestId: randomUUID(), method, path, start: performance.now() };
}

/** Write a request's line. @param status the answer's; `aborted`: the client was gone before it was out */
export function logLine(
  { requestId, method, path, start }: LoggedRequest,
  status: number | 'aborted',
  more: Notes | undefined,
  write: WriteLine,
): void {
  const ms = Math.round((performance.now() - start) * 1000) / 1000;
  const { outcome, userId, nameDigest, username, address } = more ?? {};
  write({ requestId, method, path, status, ms, outcome, userId, nameDigest, username, address });
}

/**
 * Write a request's line when its answer is out or its client gone.
 * @param notesOf what it is to say beside the answer, asked for then
 */
export function logWhenClosed(
  res: ServerResponse,
  request: LoggedRequest,
  notesOf: () => Notes | undefined,
  write: WriteLine,
): void {
  // Emitted once; `once` would cost as much again.
  res.on('close', () =>
    logLine(request, res.writableFinished ? res.statusCode : 'aborted', notesOf(), write),
  );
}

/** Give the request an id, and write one line when its answer is out or its client gone. @param path never with a query */
export function logRequest(req: IncomingMessage, res: ServerResponse, path: string, write: WriteLine): void {
  const request = beginRequest(req, path);
  res.setHeader('X-Request-Id', request.requestId);
  logWhenClosed(res, request, () => notes.get(res), write);
}

/** The path as it may be logged: without its query, with whatever could be a key blotted out, and cut. */
export function loggablePath(url: string): string {
  const [path = ''] = url.split('?', 1);
  return path.replace(/[A-Za-z0-9]{20,}/g, '*').slice(0, 200);
}
