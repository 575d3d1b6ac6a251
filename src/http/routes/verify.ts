import type { IncomingMessage, ServerResponse } from 'node:http';
import { Unavailable } from '../../errors.ts';
import type { KeyVerdict, VerifyApiKey } from '../../keys/verify-api-key.ts';
import type { Log } from '../../ports/log.ts';
import { RETRY_AFTER_SECONDS } from '../error-handler.ts';
import { groupsHeader, identityHeader } from '../identity-header.ts';
import { readPresentedKey } from '../read-credentials.ts';
import type { RemoteUser } from '../remote-user.ts';
import { logRequest, note, noteFailure } from '../request-log.ts';

/** What the answers say. */
export interface VerifyOptions {
  readonly remoteUser: RemoteUser;
}

/** Answers a gateway that asks about a request's key: the headers are the answer, bodies are neither read nor sent. */
export type VerifyHandler = (req: IncomingMessage, res: ServerResponse) => void;

const PATH = /^\/verify(?:[/?]|$)/;

/** Whether a request is for `/verify` or below it: some gateways append the path that was asked for. */
export function isVerifyRequest({ url }: IncomingMessage): boolean {
  return PATH.test(url ?? '');
}

/**
 * Make the handler. It stands before Express, whose middleware would cost more than the whole answer.
 * Exactly 200 with every identity header, even if empty, since a gateway lets the client's own through where
 * one is absent; else 401, or 503 when the store does not answer.
 */
export function createVerifyHandler(
  verifyApiKey: VerifyApiKey,
  log: Log,
  options: VerifyOptions,
): VerifyHandler {
  const decide = async (req: IncomingMessage): Promise<KeyVerdict | { refusal: 'no-credentials' }> => {
    const presented = readPresentedKey(req);
    return presented ? verifyApiKey(presented.key, presented.name) : { refusal: 'no-credentials' };
  };
  return (req, res) => {
    logRequest(req, res, '/verify', log);
    decide(req)
      .then((verdict) => answer(res, verdict, options))
      .catch((failure: unknown) => answerFailure(res, failure, log));
  };
}

function answer(
  res: ServerResponse,
  verdict: KeyVerdict | { refusal: 'no-credentials' },
  { remoteUser }: VerifyOptions,
): void {
  if ('refusal' in verdict) {
    note(res, { outcome: verdict.refusal });
    send(res, 401, { 'WWW-Authenticate': 'Basic realm="Latchkey", charset="UTF-8"' });
    return;
  }
  const { id, owner } = verdict.account;
  note(res, { outcome: 'accepted', userId: id });
  send(res, 200, {
    'Remote-User': identityHeader(remoteUser(verdict.account)),
    'Remote-Email': owner.emailIsShared ? '' : identityHeader(owner.email),
    'Remote-Name': identityHeader(owner.fullName),
    'Remote-Groups': groupsHeader(owner.groups),
    'X-Auth-User-Id': String(id),
  });
}

function answerFailure(res: ServerResponse, failure: unknown, log: Log): void {
  noteFailure(res, failure, log);
  if (failure instanceof Unavailable) send(res, 503, { 'Retry-After': String(RETRY_AFTER_SECONDS) });
  else send(res, 500, {});
}

function send(res: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  res.writeHead(status, {
    ...headers,
    'Content-Length': '0',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end();
}
