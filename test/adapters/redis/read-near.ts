import type { Account, NearAccountStore } from '../../../src/ports/account-store.ts';

/** What a verification reads: what is remembered, or else what is kept. */
export async function readNear(
  store: Pick<NearAccountStore, 'kept' | 'read'>,
  id: number,
): Promise<Account | undefined> {
  return store.kept(id) ?? (await store.read(id));
}
