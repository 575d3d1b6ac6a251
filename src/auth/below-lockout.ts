import type { Budget } from '../ports/attempt-counter.ts';
import type { Lockout } from '../ports/directory.ts';

/**
 * The budget kept below the directory's own lockout: strangers and familiar addresses together at most
 * threshold − 1, for at least as long as the directory remembers a failure. Where that is a single attempt
 * both share it. A directory that locks at the first wrong password leaves no room: one attempt is granted
 * all the same, or nobody could sign in.
 */
export function belowLockout(budget: Budget, lockout: Lockout | undefined): Budget {
  if (!lockout) return budget;
  const { familiar, ...strangers } = budget;
  const total = Math.max(1, lockout.threshold - 1);
  const capped = {
    // Directories begin anew only when they have seen no failure for a whole window.
    untilQuiet: true,
    windowMs: Math.max(strangers.windowMs, lockout.windowMs ?? 0),
  };
  if (!familiar || total < 2) return { attempts: Math.min(strangers.attempts, total), ...capped };
  const wanted = strangers.attempts + familiar.attempts;
  const share = Math.max(1, Math.floor((total * familiar.attempts) / wanted));
  const familiarAttempts = Math.min(familiar.attempts, share);
  return {
    attempts: Math.min(strangers.attempts, total - familiarAttempts),
    familiar: { ...familiar, attempts: familiarAttempts },
    ...capped,
  };
}
