import { describe, expect, test } from '@jest/globals';
import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { createReadKept } from '../../src/keys/kept-account.ts';
import type { Account, AccountStore } from '../../src/ports/account-store.ts';
import { until } from '../support/until.ts';

const entry = { directoryId: 'default', entryId: 'e1' };

const account = (id: number, entryId = 'e1'): Account => ({
  ...{ id, directoryId: 'default', entryId, createdAt: 0 },
  owner: { username: 'a', email: 'a@x', emails: ['a@x'], fullName: 'A', groups: [], formerNames: [] },
  check: { at: 0, server: '' },
  key: { nonce: '0'.repeat(32), secretId: '0'.repeat(8), mintedAt: 0 },
});

/** A store whose answers come when they are let go, all that was asked at once. */
function start() {
  const store = createMemoryAccountStore(() => 0);
  let asked: (() => void)[] = [];
  const held = async <T>(answer: () => Promise<T>): Promise<T> => {
    await new Promise<void>((letGo) => asked.push(letGo));
    return answer();
  };
  const slow: Pick<AccountStore, 'findId' | 'read'> = {
    findId: (...args) => held(() => store.findId(...args)),
    read: (id) => held(() => store.read(id)),
  };
  const readKept = createReadKept(slow);
  /** What is kept, and how many round trips that took. */
  const read = async () => {
    let roundTrips = 0;
    let isRead = false;
    const kept = readKept(entry).finally(() => {
      isRead = true;
    });
    await until('it is read', () => {
      if (asked.length > 0) roundTrips++;
      for (const letGo of asked.splice(0)) letGo();
      return isRead;
    });
    asked = [];
    return { ...(await kept), roundTrips };
  };
  return { store, read };
}

describe('what is kept for an entry', () => {
  test('is nothing where nothing points to an account', async () => {
    const { read } = start();
    expect(await read()).toEqual({ id: undefined, account: undefined, roundTrips: 1 });
  });

  test('is read in one round trip once it is known where it is', async () => {
    const { store, read } = start();
    await store.create(account(7));
    await store.point('default', 'e1', 7);
    expect(await read()).toEqual({ id: 7, account: account(7), roundTrips: 2 });
    expect(await read()).toEqual({ id: 7, account: account(7), roundTrips: 1 });
  });

  test('is what the pointer says, wherever it led before', async () => {
    const { store, read } = start();
    await store.create(account(7));
    await store.point('default', 'e1', 7);
    await read();
    await store.create(account(8));
    await store.point('default', 'e1', 8, 7);
    expect(await read()).toEqual({ id: 8, account: account(8), roundTrips: 2 });
    expect(await read()).toEqual({ id: 8, account: account(8), roundTrips: 1 });
  });

  test('is no record of another entry, nor one that is gone', async () => {
    const { store, read } = start();
    await store.create(account(7, 'e2'));
    await store.point('default', 'e1', 7);
    expect(await read()).toMatchObject({ id: 7, account: undefined });
    await store.remove(7);
    expect(await read()).toMatchObject({ id: 7, account: undefined });
  });
});
