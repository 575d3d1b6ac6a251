/** Hears of every change to an account, whichever process makes it. */
export interface AccountNews extends AsyncDisposable {
  /** Whether changes are heard of now. While they are not, nobody may rely on what was read before. */
  readonly isHeard: () => boolean;
  /**
   * Call `listener` after each change with the account's id; `undefined`: each account may have changed, among others
   * since news are not heard any more.
   */
  listen(listener: (id: number | undefined) => void): void;
}
