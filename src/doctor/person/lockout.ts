import { belowLockout } from '../../auth/below-lockout.ts';
import type { Budget } from '../../ports/attempt-counter.ts';
import type { Lockout } from '../../ports/directory.ts';
import type { Look } from '../step.ts';

const MINUTE_MS = 60_000;

/**
 * Hold the directory's own lockout against the budget of failed sign-ins.
 * @param lockout `undefined`: the directory does not say, or locks nobody out
 */
export function lookAtLockout(budget: Budget, lockout: Lockout | undefined): Look<true> {
  if (!lockout) {
    return {
      status: 'warning',
      seen: `the directory states none for this person; our budget is ${describe(budget)}`,
      fix: 'where it does lock people out, lockout.threshold: the number of wrong passwords it takes (OpenLDAP: also lockout.policyDn, and let the service account read pwdMaxFailure)',
      value: true,
    };
  }
  const { threshold, windowMs } = lockout;
  const remembered =
    windowMs === undefined
      ? 'until a right one (so guesses slower than limits.perUsername.window may still add up)'
      : `for ${Math.round(windowMs / MINUTE_MS)} minutes`;
  const capped = belowLockout(budget, lockout);
  const seen = `locks at ${threshold} wrong passwords, remembered ${remembered}; our budget is ${describe(capped)}${isCapped(budget, capped) ? ', cut to stay below' : ', which stays below'}`;
  if (totalOf(capped) < threshold) return { status: 'ok', seen, value: true };
  return {
    status: 'warning',
    seen: `locks at ${threshold} wrong password, and one attempt is granted all the same`,
    fix: 'the directory’s own policy: a threshold of 5 or more (pwdMaxFailure, lockoutThreshold, passwordMaxFailure), or a single typing error locks people out',
    value: true,
  };
}

function describe({ attempts, familiar }: Budget): string {
  const strangers = `${attempts} from strange addresses (limits.perUsername.attempts)`;
  return familiar
    ? `${strangers} and ${familiar.attempts} from familiar ones (limits.familiar.attempts)`
    : strangers;
}

function totalOf({ attempts, familiar }: Budget): number {
  return attempts + (familiar?.attempts ?? 0);
}

function isCapped(budget: Budget, capped: Budget): boolean {
  return totalOf(capped) < totalOf(budget);
}
