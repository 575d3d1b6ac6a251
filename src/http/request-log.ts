import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Unavailable } from '../errors.ts';
import type { Log } from '../ports/log.ts';

/** What a handler knows of a request beside its answer; never a secret, never a name that no directory knows. */
export interface Notes {
  /** What was decided: `accepted`, a refusal's name, or the part that did not answer. */
  readonly outcome?: string;
  /** Whose request it was. */
  readonly userId?: number;
  /** HMAC of the name that was typed. */
  readonly nameDigest?: string;
  /** Login name of a person whom a directory knows. */
  readonly username?: string;
}

const notes = new WeakMap<ServerResponse, Notes>();

/** Add to what the request's line in the log will say. */
export function note(res: ServerResponse, more: Notes): void {
  notes.set(res, { ...notes.get(res), ...more });
}

/** Log what kept a request from its answer, under the request's id; the answer itself shows nothing of it. */
export function noteFailure(res: ServerResponse, err: unknown, log: Log): void {
  const requestId = res.getHeader('X-Request-Id');
  if (err instanceof Unavailable) {
    note(res, { outcome: `${err.part}-unavailable` });
    log.warn({ requestId, err }, err.message);
  } else {
    note(res, { outcome: 'failed' });
    log.error({ requestId, err }, 'a request failed');
  }
}

/**
 * Give the request an id, and write one line when its answer is out or its client gone. The id is always our
 * own: one sent by a client could carry anything into the log.
 * @param path what to call the endpoint; never with a query
 */
export function logRequest(req: IncomingMessage, res: ServerResponse, path: string, log: Log): void {
  const requestId = randomUUID();
  const start = performance.now();
  res.setHeader('X-Request-Id', requestId);
  res.once('close', () => {
    const ms = Math.round((performance.now() - start) * 1000) / 1000;
    const status = res.writableFinished ? res.statusCode : 'aborted';
    log.info({ requestId, method: req.method, path, status, ms, ...notes.get(res) }, 'request');
  });
}

/** The path as it may be logged: without its query, with whatever could be a key blotted out, and cut. */
export function loggablePath(url: string): string {
  const [path = ''] = url.split('?', 1);
  return path.replace(/[A-Za-z0-9]{20,}/g, '*').slice(0, 200);
}
