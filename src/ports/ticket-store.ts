/**
 * Short-lived values under keys that nobody can guess: page sessions, single-use tokens. The key is an HMAC
 * of what the person holds, so that what is stored opens nothing. Every method is one round trip, atomic,
 * and throws `Unavailable` when the store does not answer in time.
 */
export interface TicketStore {
  /** Keep `value` for `lifetimeMs`, in place of what was there. */
  put(key: string, value: string, lifetimeMs: number): Promise<void>;
  /** The value, or `undefined` where there is none any more. */
  get(key: string): Promise<string | undefined>;
  /** The value, given to one caller alone: it is gone with the answer. */
  take(key: string): Promise<string | undefined>;
  /** Forget the value. */
  drop(key: string): Promise<void>;
}
