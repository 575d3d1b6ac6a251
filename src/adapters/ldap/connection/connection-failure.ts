import { ResultCodeError } from 'ldapts';
import { Unavailable } from '../../../errors.ts';

/**
 * What went wrong with a server or a connection to it: `unresolved`: no address · `refused`: nothing listens ·
 * `unreachable`: no way there · `slow`: no answer in time · `tls`: TLS or StartTLS · `disconnected`: the
 * connection was lost · `malformed`: no LDAP · `too-large`: a message above the limit · the rest: result 51
 * (`busy`), 52 (`unavailable`), 53 (`unwilling`), 80 and 1 (`failing`).
 */
export type FailureKind =
  | 'unresolved'
  | 'refused'
  | 'unreachable'
  | 'slow'
  | 'tls'
  | 'disconnected'
  | 'malformed'
  | 'too-large'
  | 'busy'
  | 'unavailable'
  | 'unwilling'
  | 'failing';

/** A server of the directory did not do its work: another may. */
export class ConnectionFailure extends Unavailable {
  readonly kind: FailureKind;

  /** Takes what reads in the log as the reason, and the error behind it. */
  constructor(kind: FailureKind, message: string, cause?: unknown) {
    super('directory', message, cause);
    this.name = 'ConnectionFailure';
    this.kind = kind;
  }
}

/** The server went while somebody waited for a connection to it: nothing was asked, and any server may be. */
export class GoneMeanwhile extends Unavailable {
  /** Takes why it went. */
  constructor(cause: ConnectionFailure) {
    super('directory', 'the server went before it was asked', cause);
    this.name = 'GoneMeanwhile';
  }
}

/** What result codes say about a server when it has them for a person's bind: 53 there is about the person. */
export const BIND_RESULTS = new Map<number, FailureKind>([
  [51, 'busy'],
  [52, 'unavailable'],
  [80, 'failing'],
]);

/** What result codes say about a server when it has them for the service account's own requests. */
export const SERVICE_RESULTS = new Map<number, FailureKind>([
  ...BIND_RESULTS,
  [53, 'unwilling'],
  [1, 'failing'],
]);

/** The failure of a server behind whatever an operation threw; `undefined` where it says nothing about the server. */
export function serverFailureOf(
  thrown: unknown,
  results: ReadonlyMap<number, FailureKind>,
): ConnectionFailure | undefined {
  for (let one = thrown; one instanceof Error; one = one.cause) {
    if (one instanceof ConnectionFailure) return one;
    const kind = one instanceof ResultCodeError ? results.get(one.code) : undefined;
    if (kind) return new ConnectionFailure(kind, `the server answered with ${one.name} (${kind})`, thrown);
  }
  return undefined;
}
