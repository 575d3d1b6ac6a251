/**
 * Why a sign-in was refused. A refusal is a value, never thrown; this union is closed, and the one table
 * that turns it into an HTTP answer (`http/error-handler.ts`) does not compile without a row for each.
 */
export type SignInRefusal =
  /** No entry under the search base matches the username. */
  | 'unknown-user'
  /** More than one entry matches. */
  | 'ambiguous'
  /** The directory refused the password. */
  | 'wrong-password'
  /** The entry has no email that the account could carry. */
  | 'no-email'
  /** The directory says so, and has just accepted the password. */
  | 'account-disabled'
  /** The directory says so, and has just accepted the password. */
  | 'account-expired'
  /** The directory says so whatever the password is (389 Directory Server, FreeIPA): told to nobody. */
  | 'account-inactivated'
  /** The email belongs to another entry too, and so names nobody. */
  | 'shared-email'
  /** Locked by the directory after wrong guesses. */
  | 'account-locked'
  /** The directory says so, and has just accepted the password. */
  | 'password-expired'
  /** The directory says so, and has just accepted the password. */
  | 'password-must-change'
  /** The directory lets this person in at other hours, and has just accepted the password. */
  | 'outside-logon-hours'
  /** The directory lets this person in from named workstations only, and we are none. */
  | 'other-workstation'
  /** Outside the groups that the settings demand, or refused by a policy of the directory. */
  | 'not-permitted'
  /** Empty, too long, or with control, zero-width or bidirectional characters. */
  | 'malformed-username'
  /** Only white space (RFC 4513, 5.1.2), or with a control character. */
  | 'malformed-password'
  /** One of our own API keys was typed as the password. */
  | 'api-key-as-password'
  /** The account is suspended, by an operator or by what the directory said, and the password has just been accepted. */
  | 'account-suspended'
  /** The budget of failed sign-ins of the name, or of the person whom it stands for, is spent. */
  | 'attempts-spent';

/** Why an API key was refused. */
export type KeyRefusal =
  /** Not 32 characters of `[A-Za-z0-9]`. */
  | 'malformed-key'
  /** Forged (its tag does not verify), regenerated, revoked, or of an account that is not there. */
  | 'unknown-key'
  /** The owner's, but older than keys may be. */
  | 'expired-key'
  /** A good key beside a name that is not its owner's. */
  | 'wrong-owner'
  /** The key of an account that the directory or an operator has suspended. */
  | 'account-suspended';

/** What an answer may depend on outside this process. `token-keys`: where the keys of JSON Web Tokens are published. */
export type Part = 'directory' | 'store' | 'token-keys';

/**
 * A part that the answer depends on did not answer: thrown by adapters with the `cause`, answered 503.
 * Never a statement about a person or a key.
 */
export class Unavailable extends Error {
  readonly part: Part;

  constructor(part: Part, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'Unavailable';
    this.part = part;
  }
}

/**
 * The store has written a change, but too few of its replicas have said in time that they have it: a failover may lose
 * it. Whoever asked is to ask again.
 */
export class Unacknowledged extends Unavailable {
  constructor(message: string, cause?: unknown) {
    super('store', message, cause);
    this.name = 'Unacknowledged';
  }
}
