import type { KeyRefusal } from '../errors.ts';
import { Unavailable } from '../errors.ts';
import type { Account } from '../ports/account-store.ts';
import { RETRY_AFTER_SECONDS } from './error-handler.ts';
import { groupsHeader, identityHeader } from './identity-header.ts';
import type { RemoteUser } from './remote-user.ts';
import type { Notes } from './request-log.ts';

/** What a gateway is answered. There is no body. */
export interface VerifyAnswer {
  readonly status: number;
  /** All but the request's id: name, value, … */
  readonly headers: readonly string[];
  /** What the request's line in the log says beside. */
  readonly notes: Notes;
}

/** On every answer. */
const COMMON = ['Content-Length', '0', 'Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff'];

/**
 * The key is good, and this account's. Every identity header is there, even if empty: a gateway lets the client's own
 * through where one is absent.
 */
export function accepted(account: Account, remoteUser: RemoteUser): VerifyAnswer {
  const { id, owner } = account;
  return {
    status: 200,
    headers: [
      ...['Remote-User', identityHeader(remoteUser(account))],
      ...['Remote-Email', owner.emailIsShared ? '' : identityHeader(owner.email)],
      ...['Remote-Name', identityHeader(owner.fullName)],
      ...['Remote-Groups', groupsHeader(owner.groups)],
      ...['X-Auth-User-Id', String(id)],
      ...COMMON,
    ],
    notes: { outcome: 'accepted', userId: id },
  };
}

const REFUSED = ['WWW-Authenticate', 'Basic realm="Latchkey", charset="UTF-8"', ...COMMON];

/** The key is not good, or there is none. @param address what names the client */
export function refused(refusal: KeyRefusal | 'no-credentials', address: string): VerifyAnswer {
  return { status: 401, headers: REFUSED, notes: { outcome: refusal, address } };
}

/** Nobody can say. @param notes what the log is to say of it */
export function failed(failure: unknown, notes: Notes): VerifyAnswer {
  if (!(failure instanceof Unavailable)) return { status: 500, headers: COMMON, notes };
  return { status: 503, headers: ['Retry-After', String(RETRY_AFTER_SECONDS), ...COMMON], notes };
}
