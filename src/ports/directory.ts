import type { Principal } from './principal.ts';

/** How many wrong passwords the directory itself takes before it locks a person out. */
export interface Lockout {
  /** It locks at this many. */
  readonly threshold: number;
  /** For how long it remembers each of them, in milliseconds; `undefined`: until a right one. */
  readonly windowMs: number | undefined;
}

/** Somebody whose entry can be read only as themselves: a directory without a service account. */
export interface UnreadPerson {
  readonly directoryId: string;
  /** What is bound as: a DN, or what Active Directory takes instead. */
  readonly bindName: string;
  /** As it was searched for. */
  readonly username: string;
}

/** The one entry that a username stands for, or why there is none. */
export type Found =
  | {
      readonly principal: Principal;
      /**
       * Set where the entry says so. Nobody but its owner may be told: a password is asked about all the same,
       * and whoever vouches for the person without one vouches for nobody.
       */
      readonly isDisabled?: true;
      /** `undefined` where the directory does not say, or locks nobody out. */
      readonly lockout?: Lockout;
    }
  | { readonly unread: UnreadPerson; readonly lockout?: Lockout }
  | { readonly refusal: 'unknown-user' | 'ambiguous' | 'not-permitted' };

/** The person as seen once the password was accepted, or why the directory refused it. */
export type Verified =
  | { readonly principal: Principal; readonly isDisabled?: true }
  | {
      readonly refusal:
        | 'wrong-password'
        | 'account-disabled'
        | 'account-expired'
        | 'account-inactivated'
        | 'account-locked'
        | 'password-expired'
        | 'password-must-change'
        | 'outside-logon-hours'
        | 'other-workstation'
        /** Two entries fit somebody unread. */
        | 'ambiguous'
        | 'not-permitted';
    };

/** The person with the groups that gateways are told, or that the groups keep them out. */
export type Admitted = { readonly principal: Principal } | { readonly refusal: 'not-permitted' };

/** What a directory says of an entry that has an account, and which of its servers said it. */
export type Rechecked =
  | ({ readonly server: string } & (
      | { /** As now seen, groups included: still in. */ readonly principal: Principal }
      | {
          /** No more: gone or outside base and filter, disabled or expired, or kept out by groups. */
          readonly out: 'not-found' | 'account-disabled' | 'not-permitted';
        }
    ))
  /** Nobody can be asked: the directory has no service account. */
  | 'cannot-tell';

/**
 * One LDAP service (or a stand-in for one). The steps of a sign-in are calls of their own, so that the budget
 * of the person who was found can be taken between them. A refusal is returned; `Unavailable` is thrown when
 * the directory did not give an answer, which says nothing about the person. An aborted `signal` ends the
 * wait, and keeps a bind that has not been sent from being sent: then its reason is thrown.
 */
export interface Directory {
  /**
   * Look for the one person whom `username` stands for: a login name or an email, raw (the directory's
   * adapter does what its filter language needs). Costs no bind as the person.
   */
  find(username: string, signal?: AbortSignal): Promise<Found>;

  /**
   * Ask the directory whether `password` is the person's: one bind, and never a second.
   * The principal that comes back may say more than the one given, where the entry can be read only as
   * its owner.
   */
  verifyPassword(person: Principal | UnreadPerson, password: string, signal?: AbortSignal): Promise<Verified>;

  /** Read the groups of somebody whose identity is proven, nested ones included, and decide by them. */
  admit(principal: Principal, signal?: AbortSignal): Promise<Admitted>;

  /**
   * Ask again about an entry, by its immutable id: whether its person may still come in, and what it says now. Those
   * who are asked about at the same time share a search. `Unavailable` where the directory is not configured.
   */
  recheck(entry: Pick<Principal, 'directoryId' | 'entryId'>, signal?: AbortSignal): Promise<Rechecked>;

  /** Whether a server of this directory is thought to answer; asks nobody. `false` where it is not configured. */
  isUp(directoryId: string): boolean;

  /**
   * How many entries that `find` can find carry this email, in any case; no more than two are counted. One where
   * nobody can be searched for: then nobody can tell.
   */
  countByEmail(email: string): Promise<number>;

  /**
   * How many entries that `find` can find have this person's login name, as the directory compares names; no more
   * than two are counted. One where nobody can be searched for.
   */
  countByUsername(person: Pick<Principal, 'directoryId' | 'username'>): Promise<number>;

  /**
   * People whom `find` can find, whoever they are: at most `limit` of them, in no order. For development
   * alone, which shows everybody's name to everybody.
   */
  list(limit: number): Promise<readonly Principal[]>;

  /** Resolves when the directory answers; throws `Unavailable` when it does not. */
  ping(): Promise<void>;
}
