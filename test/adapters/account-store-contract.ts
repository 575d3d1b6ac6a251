import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Account, AccountStore } from '../../src/ports/account-store.ts';

/** A store under test, and how to empty it and end it. */
export interface StoreUnderTest {
  readonly store: AccountStore;
  readonly empty: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const ID_EPOCH_SECONDS = Date.UTC(2026, 0, 1) / 1000;

/** An account with something in every field. */
export function sampleAccount(id: number): Account {
  return {
    id,
    directoryId: 'default',
    entryId: '11111111-1111-4111-8111-111111111111',
    createdAt: 1_795_000_000_000,
    owner: {
      username: 'jos\u00e9',
      email: 'jose@example.org',
      emails: ['jose@example.org', 'j,"@example.org'],
      fullName: 'José Ñ "x"',
      groups: ['staff', 'développeurs'],
      formerNames: ['joe'],
    },
    key: { nonce: '0123456789abcdef'.repeat(2), secretId: 'cafebabe', mintedAt: 1_795_000_000_001 },
  };
}

/** What every account store must do, whatever keeps it. */
export function describeAccountStore(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`the account store ${name}`, () => {
    let { store, empty, end }: Partial<StoreUnderTest> = {};
    const accounts = (): AccountStore => {
      if (!store) throw new Error('the store is not started');
      return store;
    };

    beforeAll(async () => {
      ({ store, empty, end } = await start());
    });
    beforeEach(() => empty?.());
    afterAll(() => end?.());

    test('knows nothing at first', async () => {
      expect(await accounts().read(1)).toBeUndefined();
      expect(await accounts().findId('default', 'e1')).toBeUndefined();
    });

    test('gives a record back as it was written', async () => {
      expect(await accounts().create(sampleAccount(7))).toBe(true);
      expect(await accounts().read(7)).toEqual(sampleAccount(7));
    });

    test('never writes a record over another', async () => {
      await accounts().create(sampleAccount(7));
      expect(await accounts().create({ ...sampleAccount(7), entryId: 'other' })).toBe(false);
      expect(await accounts().read(7)).toEqual(sampleAccount(7));
    });

    test('gives ids that are seconds since 2026, and never the same twice', async () => {
      const before = Math.floor(Date.now() / 1000) - ID_EPOCH_SECONDS;
      const ids = await Promise.all(Array.from({ length: 50 }, () => accounts().nextId()));
      expect(new Set(ids).size).toBe(50);
      expect(Math.min(...ids)).toBeGreaterThanOrEqual(before);
      expect(Math.max(...ids)).toBeLessThan(before + 3600);
      expect(await accounts().nextId()).toBeGreaterThan(Math.max(...ids));
    });

    test('lets the first pointer of an entry stand', async () => {
      expect(await accounts().point('default', 'e1', 7)).toBe(7);
      expect(await accounts().point('default', 'e1', 8)).toBe(7);
      expect(await accounts().findId('default', 'e1')).toBe(7);
    });

    test('keeps the pointers of entries and directories apart', async () => {
      await accounts().point('default', 'e1', 7);
      expect(await accounts().findId('default', 'e2')).toBeUndefined();
      expect(await accounts().findId('other', 'e1')).toBeUndefined();
    });

    test('replaces a pointer only where it still holds the id that may be replaced', async () => {
      await accounts().point('default', 'e1', 7);
      expect(await accounts().point('default', 'e1', 9, 8)).toBe(7);
      expect(await accounts().point('default', 'e1', 9, 7)).toBe(9);
      expect(await accounts().point('default', 'e1', 10, 7)).toBe(9);
      expect(await accounts().findId('default', 'e1')).toBe(9);
    });

    test('points where there is no pointer, whatever might have been replaced', async () => {
      expect(await accounts().point('default', 'e1', 9, 7)).toBe(9);
    });

    test('mints a key once for each nonce', async () => {
      await accounts().create(sampleAccount(7));
      const { nonce } = sampleAccount(7).key;
      const keys = ['1', '2', '3'].map((digit) => ({
        nonce: digit.repeat(32),
        secretId: '00000001',
        mintedAt: 5,
      }));
      const minted = await Promise.all(keys.map((key) => accounts().mint(7, nonce, key)));
      expect(minted.filter(Boolean)).toHaveLength(1);
      const winner = keys[minted.indexOf(true)];
      expect(await accounts().read(7)).toEqual({ ...sampleAccount(7), key: winner });
    });

    test('mints nothing where there is no record', async () => {
      expect(await accounts().mint(7, '0'.repeat(32), sampleAccount(7).key)).toBe(false);
      expect(await accounts().read(7)).toBeUndefined();
    });

    test('keeps what the directory says of the owner, and nothing else changes', async () => {
      await accounts().create(sampleAccount(7));
      const owner = {
        ...sampleAccount(7).owner,
        username: 'pepe',
        emails: ['p@example.org'],
        formerNames: [],
      };
      await accounts().updateOwner(7, owner);
      expect(await accounts().read(7)).toEqual({ ...sampleAccount(7), owner });
    });

    test('keeps that the email is shared, and that it no longer is', async () => {
      const { owner } = sampleAccount(7);
      const shared: Account['owner'] = { ...owner, emailIsShared: true };
      await accounts().create({ ...sampleAccount(7), owner: shared });
      expect((await accounts().read(7))?.owner).toEqual(shared);
      await accounts().updateOwner(7, owner);
      expect((await accounts().read(7))?.owner).toEqual(owner);
    });

    test('makes no record by updating one that is not there', async () => {
      await accounts().updateOwner(7, sampleAccount(7).owner);
      expect(await accounts().read(7)).toBeUndefined();
    });

    test('forgets a record that is removed', async () => {
      await accounts().create(sampleAccount(7));
      await accounts().remove(7);
      expect(await accounts().read(7)).toBeUndefined();
    });

    test('answers', async () => {
      await expect(accounts().ping()).resolves.toBeUndefined();
    });
  });
}
