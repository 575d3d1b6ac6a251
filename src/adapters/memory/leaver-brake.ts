import {
  BRAKE_SAMPLE,
  type BrakeOptions,
  type BrakeStanding,
  type LeaverBrake,
} from '../../ports/leaver-brake.ts';

/** The accounts of one directory, each with when it was last counted, the one counted last at the end. */
interface Counted {
  readonly checked: Map<number, number>;
  readonly absent: Map<number, number>;
  heldSince?: number;
  releasedUntil?: number;
}

/** A brake in this process. @param now milliseconds since 1970 */
export function createMemoryLeaverBrake(
  { share, atLeast, windowMs }: BrakeOptions,
  now: () => number,
): LeaverBrake {
  const all = new Map<string, Counted>();
  const of = (directoryId: string): Counted => {
    const counted = all.get(directoryId) ?? { checked: new Map(), absent: new Map() };
    all.set(directoryId, counted);
    return counted;
  };
  const count = (times: Map<number, number>, id: number) => {
    times.delete(id);
    times.set(id, now());
  };
  const standingOf = ({ checked, absent, heldSince, releasedUntil }: Counted): BrakeStanding => {
    const sample = [...checked.values()].filter((at) => at > now() - windowMs).slice(-BRAKE_SAMPLE);
    const isCut = sample.length === BRAKE_SAMPLE;
    const since = (isCut ? sample[0] : undefined) ?? now() - windowMs;
    return {
      checked: sample.length,
      absent: [...absent.values()].filter((at) => at >= since).length,
      heldSince,
      releasedUntil: releasedUntil !== undefined && releasedUntil > now() ? releasedUntil : undefined,
    };
  };
  return {
    async checked(directoryId, accountId) {
      count(of(directoryId).checked, accountId);
    },
    async mayLeave(directoryId, accountId) {
      const counted = of(directoryId);
      count(counted.checked, accountId);
      count(counted.absent, accountId);
      const { checked, absent, releasedUntil } = standingOf(counted);
      const isReleased = releasedUntil !== undefined;
      const isTooMany = absent >= atLeast && absent > share * checked;
      const hasJustTaken = !isReleased && isTooMany && counted.heldSince === undefined;
      if (hasJustTaken) counted.heldSince = now();
      const isAllowed = isReleased || counted.heldSince === undefined;
      return { isAllowed, hasJustTaken, standing: standingOf(counted) };
    },
    standing: async (directoryId) => standingOf(of(directoryId)),
    async release(directoryId, forMs) {
      const counted = of(directoryId);
      delete counted.heldSince;
      counted.absent.clear();
      counted.releasedUntil = now() + forMs;
    },
  };
}
