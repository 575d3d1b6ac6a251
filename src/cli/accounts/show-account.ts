import type { Environment } from '../../config/environment.ts';
import { createSecretRing } from '../../keys/secret-ring.ts';
import { type Output, withStore } from '../with-store.ts';
import { linesOf, objectOf } from './account-text.ts';
import { nameAccount } from './name-account.ts';

/** What is asked of the description. */
export interface ShowOptions {
  /** Whether it is a JSON object. */
  readonly json?: boolean;
}

/**
 * Write everything about an account but the nonce of its key. Gives the exit code: 0; 1 where `nameAccount` finds none,
 * and as `withStore` does.
 * @param name id, login name or email
 */
export function showAccountCommand(
  env: Environment,
  name: string,
  { json }: ShowOptions,
  streams: Output,
): Promise<number> {
  return withStore(env, streams, async (opened) => {
    const account = await nameAccount(opened, name, streams);
    if (!account) return 1;
    const ring = createSecretRing(opened.config.secret);
    streams.output.write(json ? `${JSON.stringify(objectOf(account))}\n` : linesOf(account, ring));
    return 0;
  });
}
