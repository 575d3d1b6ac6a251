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

/** Latchkey's record of a principal. It holds no key: without the service's secret it is worth nothing. */
export interface Account {
  /** Zulip's `user_id`: a positive integer that is never given twice. */
  readonly id: number;
  readonly directoryId: string;
  readonly entryId: string;
  /** When the record was made, in milliseconds since 1970. */
  readonly createdAt: number;
  readonly owner: Owner;
  readonly key: KeyMaterial;
}

/**
 * Accounts, the immutable pointers to them, and the counter of ids. Every change is atomic on one key, so
 * that it holds over any number of processes and any kind of Redis. Every method throws `Unavailable` when
 * the store does not answer in time.
 */
export interface AccountStore {
  /** The id that the pointer of this entry holds, or `undefined` where there is no pointer. */
  findId(directoryId: string, entryId: string): Promise<number | undefined>;

  /** The record, or `undefined` where there is none. One round trip. */
  read(id: number): Promise<Account | undefined>;

  /** A new id: max(last + 1, seconds since 2026-01-01 by the store's clock), never the same twice. */
  nextId(): Promise<number>;

  /** Write the record where there is none. `false`: there is one already, and nothing was written. */
  create(account: Account): Promise<boolean>;

  /**
   * Make the entry's pointer hold `id`, unless there is a pointer already; then that one stands.
   * `instead` names the one value that may be replaced: an id whose record turned out to be another's or gone.
   * Gives the id that the pointer holds afterwards.
   */
  point(directoryId: string, entryId: string, id: number, instead?: number): Promise<number>;

  /**
   * Give the account a new key, if the nonce is still `nonce`. `false`: it no longer is, or there is no
   * such record, and nothing was written.
   */
  mint(id: number, nonce: string, key: KeyMaterial): Promise<boolean>;

  /** Keep what the directory now says of the owner. Nothing happens where there is no record. */
  updateOwner(id: number, owner: Owner): Promise<void>;

  /** Remove the record. */
  remove(id: number): Promise<void>;

  /** Resolves when the store answers. */
  ping(): Promise<void>;
}
