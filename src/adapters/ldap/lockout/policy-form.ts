import type { Entry } from 'ldapts';
import type { Lockout } from '../../../ports/directory.ts';

/** How one kind of directory writes down when it locks people out. */
export interface PolicyForm {
  /** The person's attribute with the DN of a policy of their own. */
  readonly personAttribute: string;
  /** The DN of the policy that holds for the others; `undefined`: the directory does not say which it is. */
  readonly defaultPolicy: (person: Entry) => string | undefined;
  /** What to read of a policy. */
  readonly policyAttributes: readonly string[];
  /** What a policy states; `undefined` where nothing of it can be read. */
  readonly statedIn: (policy: Entry) => Stated | undefined;
}

/** `never`: wrong passwords lock nobody out. */
export type Stated = Lockout | 'never';

/**
 * What a policy comes to.
 * @param threshold as it is written; 0 stands for never in every directory
 * @param windowMs `undefined`: failures are remembered until a right password
 */
export function stated(threshold: string | undefined, windowMs: number | undefined): Stated | undefined {
  const count = Number(threshold);
  if (threshold === undefined || !Number.isInteger(count) || count < 0) return undefined;
  return count === 0 ? 'never' : { threshold: count, windowMs };
}

/** A window written in seconds, where 0, or nothing, is one without end. */
export function secondsWindow(written: string | undefined): number | undefined {
  const seconds = Number(written ?? 0);
  return seconds > 0 ? seconds * 1000 : undefined;
}
