/** What mints a key: the account's id, a nonce and one secret give the same key every time. */
export interface KeyMaterial {
  /** 16 bytes from the CSPRNG as 32 lower-case hex digits, new at each minting. */
  readonly nonce: string;
  /** Id of the secret that the key was derived with, 8 hex digits. */
  readonly secretId: string;
  /** When the key was minted, in milliseconds since 1970. */
  readonly mintedAt: number;
}

/** What the directory said of the owner when it was last asked. */
export interface Owner {
  /** Login name. */
  readonly username: string;
  /** The email that the account carries, one of `emails`. */
  readonly email: string;
  /** Set where other entries carry that email too, so that it names nobody: gateways are not told it. */
  readonly emailIsShared?: true;
  /** Every email of the entry. */
  readonly emails: readonly string[];
  readonly fullName: string;
  /** Names of the groups that gateways are told. */
  readonly groups: readonly string[];
  /** Login names and emails that were the owner's before, the latest first, at most four. */
  readonly formerNames: readonly string[];
}

/** The last check that the directory answered, whatever it said. */
export interface Check {
  /** When it was asked, in milliseconds since 1970 by the store's clock; 0: never, as far as anybody may rely on it. */
  readonly at: number;
  /** The server that answered, as `Rechecked` names it. */
  readonly server: string;
}

/** Why a directory's answer keeps somebody out who has an account. */
export type LeaverReason =
  /** The entry is gone, or outside the base or the filter. */
  | 'not-found'
  /** Disabled or expired: the entry is there and says so. */
  | 'account-disabled'
  /** Outside the groups that the settings demand. */
  | 'not-permitted'
  /** The email is another entry's too by now. */
  | 'shared-email'
  /** The entry has no email any more. */
  | 'no-email';

/** What a directory has suspended an account for. */
export interface Suspension {
  readonly reason: LeaverReason;
  /** When it was last asked and said so, in milliseconds since 1970 by the store's clock. */
  readonly at: number;
  /** The server that said so last: it may lift the suspension at once. */
  readonly server: string;
}

/** Latchkey's record of a principal. It holds no key: without the service's secret it is worth nothing. */
export interface Account {
  /** Zulip's `user_id`: a positive integer that is never given twice. */
  readonly id: number;
  readonly directoryId: string;
  readonly entryId: string;
  /** When the record was made, in milliseconds since 1970. */
  readonly createdAt: number;
  readonly owner: Owner;
  /** `undefined`: revoked, until the owner's next sign-in. */
  readonly key: KeyMaterial | undefined;
  readonly check: Check;
  /** By what the directory said; `undefined`: it lets the owner in. */
  readonly suspension?: Suspension;
  /** When an operator suspended it, in milliseconds since 1970; `undefined`: none has. The directory never lifts it. */
  readonly suspendedByOperatorAt?: number;
  /** Set while nobody knows whether a failover of the store would lose what the record says: no key is handed out. */
  readonly isUnacknowledged?: true;
}

/** What an answered check was, and how long ago it was asked, in milliseconds. */
export interface AnsweredCheck {
  readonly server: string;
  readonly elapsedMs: number;
}

/** The directory lets the owner in. */
export interface Confirmation extends AnsweredCheck {
  /** What it says of the owner, where that is to be kept; `undefined`: what is kept already. */
  readonly owner?: Owner | undefined;
  /** How long after a suspension another server than the one that gave it may lift it, in milliseconds. */
  readonly restoreAfterMs: number;
}

/** The directory keeps the owner out. */
export interface Leaving extends AnsweredCheck {
  readonly reason: LeaverReason;
  /**
   * When the record is to be forgotten, in milliseconds from the beginning of the suspension; `undefined`: never. One
   * that an operator has suspended, before or since, is not.
   */
  readonly forgetAfterMs: number | undefined;
}

/** What an answered check made of a record. */
export interface CheckedAccount {
  /** As it is then. */
  readonly account: Account;
  /** Whether it was this check that suspended the account, or lifted its suspension: of several at once, one. */
  readonly hasTurned: boolean;
}

/**
 * Accounts, the immutable pointers to them, and the counter of ids. Every change is atomic on one key, so
 * that it holds over any number of processes and any kind of Redis. Every method throws `Unavailable` when
 * the store does not answer in time; what is marked *acknowledged* throws `Unacknowledged` too, where it was
 * written but not acknowledged by as many replicas as the settings demand.
 */
export interface AccountStore {
  /** The id that the pointer of this entry holds, or `undefined` where there is no pointer. */
  findId(directoryId: string, entryId: string): Promise<number | undefined>;

  /** The record, or `undefined` where there is none. One round trip. */
  read(id: number): Promise<Account | undefined>;

  /** A new id: max(last + 1, seconds since 2026-01-01 by the store's clock), never the same twice. */
  nextId(): Promise<number>;

  /**
   * Write the record where there is none, checked now by the store's clock (`check.at` of what is given does not
   * count). `false`: there is one already, and nothing was written. The new record is unacknowledged where the
   * settings demand replicas.
   */
  create(account: Account): Promise<boolean>;

  /**
   * Make the entry's pointer hold `id`, unless there is a pointer already; then that one stands.
   * `instead` names the one value that may be replaced: an id whose record turned out to be another's or gone.
   * Gives the id that the pointer holds afterwards.
   */
  point(directoryId: string, entryId: string, id: number, instead?: number): Promise<number>;

  /**
   * Give the account a new key, if the nonce is still `nonce` (`undefined`: if it has no key). `false`: it no
   * longer is, or there is no such record, and nothing was written. *Acknowledged.*
   */
  mint(id: number, nonce: string | undefined, key: KeyMaterial): Promise<boolean>;

  /** Take the account's key away. `false`: there is no record, or it has none. *Acknowledged.* */
  revoke(id: number): Promise<boolean>;

  /**
   * Make sure that replicas have what the record and its pointer say; does nothing where that is known, or the
   * settings demand no replicas. *Acknowledged.*
   */
  acknowledge(account: Account): Promise<void>;

  /** Keep what the directory now says of the owner. Nothing happens where there is no record. */
  updateOwner(id: number, owner: Owner): Promise<void>;

  /**
   * Keep that the directory lets the owner in. A suspension is lifted only by a check asked after it: at once where
   * the server that gave it says so, and `restoreAfterMs` after it by any. `undefined`: there is no record.
   */
  confirm(id: number, confirmation: Confirmation): Promise<CheckedAccount | undefined>;

  /**
   * Suspend the account, or renew its suspension. Ignored where the same server has been asked since and let the
   * owner in. `undefined`: there is no record.
   */
  suspend(id: number, leaving: Leaving): Promise<CheckedAccount | undefined>;

  /** Suspend the account until `restore`. `false`: there is no record. *Acknowledged.* */
  suspendByOperator(id: number): Promise<boolean>;

  /**
   * Lift both suspensions, and have the directory asked before the key is believed again. `false`: there is no record.
   * *Acknowledged.*
   */
  restore(id: number): Promise<boolean>;

  /** Remove the record. */
  remove(id: number): Promise<void>;

  /** Remove the entry's pointer, where it holds `id`. */
  unpoint(directoryId: string, entryId: string, id: number): Promise<void>;

  /** The ids of all records, in no order; one may come twice. Looks through everything that is kept. */
  ids(): AsyncIterable<number>;

  /** Resolves when the store answers. */
  ping(): Promise<void>;
}

/** A store that also remembers what was just read: to accept by, never to refuse or to change by. */
export interface NearAccountStore extends AccountStore {
  /**
   * The record as it was read a moment ago, by anybody in this process, and as nobody has changed it since as far as is
   * heard; `undefined`: nothing is remembered that may be relied on.
   */
  kept(id: number): Account | undefined;
}
