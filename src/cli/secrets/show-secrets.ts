import type { Environment } from '../../config/environment.ts';
import { allAccounts } from '../../keys/all-accounts.ts';
import { createSecretRing, type SecretRing } from '../../keys/secret-ring.ts';
import type { Store } from '../../open-store.ts';
import { tellUnreadable } from '../accounts/tell-unreadable.ts';
import { type Output, withStore } from '../with-store.ts';

/** What is asked of the list. */
export interface SecretsOptions {
  /** Whether it is a JSON object. */
  readonly json?: boolean;
}

/** One secret, by its id. */
interface SecretUse {
  readonly id: string;
  /** How many accounts have a key that was derived with it. */
  readonly accounts: number;
  readonly isInRing: boolean;
  /** Whether this ring derives new keys with it. */
  readonly isCurrent: boolean;
  /** Whether it is the one that replicas must have. */
  readonly isRegistered: boolean;
}

/**
 * Show the secrets of this ring and those that accounts carry, by their ids, and whether the ring is accepted. Looks
 * through all accounts. Gives the exit code: 0; 1 where a record cannot be read, and as `withStore` does.
 */
export function showSecretsCommand(
  env: Environment,
  { json }: SecretsOptions,
  streams: Output,
): Promise<number> {
  const { output, errors } = streams;
  return withStore(env, streams, async ({ config, store }) => {
    const ring = createSecretRing(config.secret);
    const registered = await store.secrets.registered();
    const unreadable = tellUnreadable(errors);
    const { carried, withoutKey } = await countAccounts(store, unreadable.tell);
    const secrets = usesOf(ring, registered, carried);
    const isAccepted = registered === undefined || ring.byId(registered) !== undefined;
    output.write(
      json
        ? `${JSON.stringify({ registered: registered ?? null, isAccepted, secrets, withoutKey })}\n`
        : `${secrets.map(lineOf).join('')}${verdict(registered, isAccepted, withoutKey)}`,
    );
    return unreadable.count() > 0 ? 1 : 0;
  });
}

async function countAccounts({ accounts }: Store, unreadable: (failure: unknown) => void) {
  const carried = new Map<string, number>();
  let withoutKey = 0;
  for await (const { key } of allAccounts(accounts, unreadable)) {
    if (key) carried.set(key.secretId, (carried.get(key.secretId) ?? 0) + 1);
    else withoutKey++;
  }
  return { carried, withoutKey };
}

/** The ring's in its order, then what is registered, then others. */
function usesOf(
  ring: SecretRing,
  registered: string | undefined,
  carried: ReadonlyMap<string, number>,
): SecretUse[] {
  const own = ring.secrets.map(({ id }) => id);
  const ids = new Set([...own, ...(registered === undefined ? [] : [registered]), ...carried.keys()]);
  return [...ids].map((id) => ({
    id,
    accounts: carried.get(id) ?? 0,
    isInRing: ring.byId(id) !== undefined,
    isCurrent: id === ring.current.id,
    isRegistered: id === registered,
  }));
}

function lineOf({ id, accounts, isInRing, isCurrent, isRegistered }: SecretUse): string {
  const notes = [
    isInRing ? 'in this ring' : 'not in this ring',
    ...(isCurrent ? ['current here'] : []),
    ...(isRegistered ? ['registered'] : []),
  ];
  return `${id}  ${accounts} account${accounts === 1 ? '' : 's'}  ${notes.join(', ')}\n`;
}

function verdict(registered: string | undefined, isAccepted: boolean, withoutKey: number): string {
  const revoked = withoutKey > 0 ? `${withoutKey} without a key\n` : '';
  if (registered === undefined)
    return `${revoked}none is registered: the first replica to start registers its own\n`;
  if (isAccepted) return revoked;
  return `${revoked}this ring is not accepted: no key is issued with it until: latchkey secrets accept\n`;
}
