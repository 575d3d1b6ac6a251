import { Unavailable } from '../errors.ts';
import type { Authenticate } from './authenticate.ts';

/**
 * Let no sign-in take longer than `withinMs`, whatever it waits for. Then the caller is told `Unavailable`,
 * and `signal` tells whoever still works on it: no bind is sent any more, and what was counted is given back.
 */
export function withSignInDeadline(authenticate: Authenticate, withinMs: number): Authenticate {
  return (attempt) =>
    new Promise((resolve, reject) => {
      const deadline = new AbortController();
      const timer = setTimeout(() => {
        deadline.abort(new Unavailable('directory', `the sign-in was not answered within ${withinMs} ms`));
        reject(deadline.signal.reason);
      }, withinMs);
      const signal = attempt.signal ? AbortSignal.any([attempt.signal, deadline.signal]) : deadline.signal;
      authenticate({ ...attempt, signal })
        .finally(() => clearTimeout(timer))
        .then(resolve, reject);
    });
}
