import { type Budgeted, findBudgets, type SignInNames } from '../auth/find-budgets.ts';
import { signInBudgets } from '../auth/sign-in-budgets.ts';
import type { Environment } from '../config/environment.ts';
import { createSecretRing } from '../keys/secret-ring.ts';
import type { AttemptCounter, Standing } from '../ports/attempt-counter.ts';
import { canonicalName, personBudget } from '../sign-in-settings.ts';
import { type Output, withStore } from './with-store.ts';

/** What is done with the budgets of a name. */
export type AttemptsAction = 'show' | 'clear';

/**
 * Show or clear what counts as failed sign-ins of the person whom `name` stands for: under every name of
 * theirs, and under the person. Gives the exit code: 0; 1 where no directory knows the name (what was counted
 * under it is shown or cleared all the same), and as `withStore` does.
 */
export function attemptsCommand(
  env: Environment,
  action: AttemptsAction,
  name: string,
  streams: Output,
): Promise<number> {
  const { output, errors } = streams;
  return withStore(env, streams, async ({ config, directory, store }) => {
    const canonical = canonicalName(config);
    const { keys, digestName } = signInBudgets({ ring: createSecretRing(config.secret), canonical });
    const names: SignInNames = { directory, canonical, digestName, keys };
    const { budgets, unknown } = await findBudgets(names, name, personBudget(config));
    for (const one of budgets) output.write(await lines[action](store.attempts, one));
    if (unknown)
      errors.write(`no directory can say who this is (${unknown}): only the name itself was looked at\n`);
    return unknown ? 1 : 0;
  });
}

/** Do it to one budget, and say so. */
const lines: Record<AttemptsAction, (counter: AttemptCounter, one: Budgeted) => Promise<string>> = {
  async show(counter, { label, key, budget }) {
    const { strangers, familiar } = await counter.show(key, budget);
    const second = familiar ? `  familiar:  ${describe(familiar)}\n` : '';
    return `${label}\n  strangers: ${describe(strangers)}\n${second}`;
  },
  async clear(counter, { label, key }) {
    await counter.clear(key);
    return `${label}: cleared\n`;
  },
};

function describe({ used, remaining, retryAfterMs }: Standing): string {
  const wait = retryAfterMs > 0 ? `, next in ${Math.ceil(retryAfterMs / 1000)} s` : '';
  return `${used} used, ${remaining} left${wait}`;
}
