/**
 * Which secret keys are derived with by now, over all replicas: one id, never a secret. A replica whose ring lacks it
 * would refuse the keys that the others hand out, and they the keys that it does. Every method throws `Unavailable`
 * when the store does not answer in time.
 */
export interface SecretRegistry {
  /**
   * Say which secrets a replica has; gives the id that is registered afterwards. Where none was, that is the first of
   * `ids`; where it is one of them and the replica starts, too. A ring that lacks what is registered changes nothing.
   * @param ids of the ring, the current one first
   */
  register(ids: readonly [string, ...string[]], isStart: boolean): Promise<string>;

  /** Register this id, whatever was registered before. */
  accept(id: string): Promise<void>;

  /** The id that is registered; `undefined`: none has ever been. */
  registered(): Promise<string | undefined>;
}
