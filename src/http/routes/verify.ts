import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeyVerdict, VerifyApiKey } from '../../keys/verify-api-key.ts';
import type { Account } from '../../ports/account-store.ts';
import type { RequestLog } from '../../ports/log.ts';
import type { ClientKey } from '../rate-limit.ts';
import { readPresentedKey } from '../read-credentials.ts';
import type { RemoteUser } from '../remote-user.ts';
import { beginRequest, logFailure, logLine, logWhenClosed, type Notes } from '../request-log.ts';
import { accepted, failed, refused, type VerifyAnswer } from '../verify-answer.ts';

/** What the answers say. */
export interface VerifyOptions {
  readonly remoteUser: RemoteUser;
}

/** What the handler rests on. */
export interface VerifyParts {
  readonly verifyApiKey: VerifyApiKey;
  /** Whose refusals the log tells apart. */
  readonly clientKey: ClientKey;
  readonly log: RequestLog;
}

/** Answers a gateway that asks about a request's key: the headers are the answer, bodies are neither read nor sent. */
export type VerifyHandler = (req: IncomingMessage, res: ServerResponse) => void;

const PATH = /^\/verify(?:[/?]|$)/;

/** Whether a request is for `/verify` or below it: some gateways append the path that was asked for. */
export function isVerifyRequest({ url }: IncomingMessage): boolean {
  return PATH.test(url ?? '');
}

/** What is to be answered. */
type AskedFor = { readonly requestId: string; readonly req: IncomingMessage };

type Verdict = KeyVerdict | { readonly refusal: 'no-credentials' };

/**
 * Make the handler. It stands before Express, whose middleware would cost more than the whole answer.
 * Exactly 200 with every identity header; else 401, or 503 when the store does not answer. What can be decided at once
 * is answered in the same turn of the event loop, with no promise and no listener.
 */
export function createVerifyHandler(
  { verifyApiKey, clientKey, log }: VerifyParts,
  { remoteUser }: VerifyOptions,
): VerifyHandler {
  const accept = (account: Account) => accepted(account, remoteUser);
  const acceptAgain = oncePerAccount(accept);
  const decide = (req: IncomingMessage): Verdict | Promise<Verdict> => {
    try {
      const presented = readPresentedKey(req);
      return presented ? verifyApiKey(presented.key, presented.name) : { refusal: 'no-credentials' };
    } catch (failure) {
      return Promise.reject(failure);
    }
  };
  const fail = (requestId: string, failure: unknown) => failed(failure, logFailure(requestId, failure, log));
  const inAnswer = (
    verdict: Verdict,
    accept: (account: Account) => VerifyAnswer,
    { requestId, req }: AskedFor,
  ) => {
    try {
      return 'refusal' in verdict ? refused(verdict.refusal, clientKey(req)) : accept(verdict.account);
    } catch (failure) {
      return fail(requestId, failure);
    }
  };
  return (req, res) => {
    const request = beginRequest(req, '/verify');
    const { requestId } = request;
    const verdict = decide(req);
    if (!(verdict instanceof Promise)) {
      // The store remembers the account, and gives the same one again.
      const answer = inAnswer(verdict, acceptAgain, { requestId, req });
      // Once all that came in this turn are decided: to wake whoever waits costs as much as an answer, and whoever is
      // busy with the first answer need not be woken for the next.
      setImmediate(() => {
        send(res, requestId, answer);
        logLine(request, answer.status, answer.notes, log.verification);
      });
      return;
    }
    let notes: Notes | undefined;
    logWhenClosed(res, request, () => notes, log.verification);
    const sendLate = (answer: VerifyAnswer) => {
      notes = answer.notes;
      send(res, requestId, answer);
    };
    verdict.then(
      (late) => sendLate(inAnswer(late, accept, { requestId, req })),
      (failure: unknown) => sendLate(fail(requestId, failure)),
    );
  };
}

/** No header is set before, and they are one flat list: so Node need not merge them. */
function send(res: ServerResponse, requestId: string, { status, headers }: VerifyAnswer): void {
  res.writeHead(status, [...headers, 'X-Request-Id', requestId]).end();
}

/** The answer of an account is made once, as long as the account itself is kept. */
function oncePerAccount(make: (account: Account) => VerifyAnswer): (account: Account) => VerifyAnswer {
  const answers = new WeakMap<Account, VerifyAnswer>();
  return (account) => {
    const made = answers.get(account);
    if (made) return made;
    const answer = make(account);
    answers.set(account, answer);
    return answer;
  };
}
