import type { Principal } from './principal.ts';

/** The one entry that a username stands for, or why there is none. */
export type Found =
  | {
      readonly principal: Principal;
      /**
       * Set where the entry says so: whoever vouches for the person then vouches for nobody. A password is
       * asked about all the same, so that the state is told to its owner only.
       */
      readonly isDisabled?: true;
    }
  | { readonly refusal: 'unknown-user' | 'ambiguous' | 'not-permitted' };

/** The person as seen once the password was accepted, or why the directory refused it. */
export type Verified =
  | { readonly principal: Principal }
  | {
      readonly refusal:
        | 'wrong-password'
        | 'account-disabled'
        | 'account-locked'
        | 'password-expired'
        | 'password-must-change'
        | 'not-permitted';
    };

/**
 * One LDAP service (or a stand-in for one). The two steps of a sign-in are two calls, so that the budget of
 * the person who was found can be taken between them. A refusal is returned; `Unavailable` is thrown when
 * the directory did not give an answer, which says nothing about the person.
 */
export interface Directory {
  /**
   * Look for the one person whom `username` stands for: a login name or an email, raw (the directory's
   * adapter does what its filter language needs). Costs no bind as the person.
   */
  find(username: string): Promise<Found>;

  /**
   * Ask the directory whether `password` is the principal's: one bind, and never a second.
   * The principal that comes back may say more than the one given, where the entry can be read only as
   * its owner.
   */
  verifyPassword(principal: Principal, password: string): Promise<Verified>;

  /**
   * People whom `find` can find, whoever they are: at most `limit` of them, in no order. For development
   * alone, which shows everybody's name to everybody.
   */
  list(limit: number): Promise<readonly Principal[]>;

  /** Resolves when the directory answers; throws `Unavailable` when it does not. */
  ping(): Promise<void>;
}
