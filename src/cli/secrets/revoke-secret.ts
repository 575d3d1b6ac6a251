import type { Environment } from '../../config/environment.ts';
import { allAccounts } from '../../keys/all-accounts.ts';
import { createSecretRing } from '../../keys/secret-ring.ts';
import { tellUnreadable } from '../accounts/tell-unreadable.ts';
import { type Output, withStore } from '../with-store.ts';

/** What is asked of the revocation. */
export interface RevokeSecretOptions {
  /** Whether it is really wanted; without it the accounts are counted only. */
  readonly yes?: boolean;
}

/** So many keys are revoked at the same time. */
const BATCH = 100;

/**
 * Revoke the keys of all accounts that were derived with a secret, in this ring or not. Looks through all accounts; who is
 * given a key of another secret at that very moment may lose it, and has one again at the next sign-in. Interrupted or
 * unacknowledged, it can be repeated. Gives the exit code: 0; 1 where `yes` is missing, where `id` is no secret's, where a
 * record cannot be read, and as `withStore` does.
 * @param id of the secret, 8 hex digits
 */
export function revokeSecretCommand(
  env: Environment,
  id: string,
  { yes }: RevokeSecretOptions,
  streams: Output,
): Promise<number> {
  const { output, errors } = streams;
  return withStore(env, streams, async ({ config, store: { accounts } }) => {
    if (!/^[0-9a-f]{8}$/.test(id)) {
      errors.write('that is no id of a secret: 8 hex digits, as `latchkey secrets` shows them\n');
      return 1;
    }
    const unreadable = tellUnreadable(errors);
    const carrying: number[] = [];
    for await (const account of allAccounts(accounts, unreadable.tell))
      if (account.key?.secretId === id) carrying.push(account.id);
    const isCurrent = createSecretRing(config.secret).current.id === id;
    if (isCurrent) errors.write('this ring derives new keys with it: sign-ins go on to mint such keys\n');
    if (!yes) {
      errors.write(`the keys of ${count(carrying.length)} would be revoked: repeat it with --yes\n`);
      return 1;
    }
    for (let at = 0; at < carrying.length; at += BATCH)
      await Promise.all(carrying.slice(at, at + BATCH).map((one) => accounts.revoke(one)));
    output.write(`the keys of ${count(carrying.length)} are revoked; the next sign-in mints new ones\n`);
    return unreadable.count() > 0 ? 1 : 0;
  });
}

function count(accounts: number): string {
  return `${accounts} account${accounts === 1 ? '' : 's'}`;
}
