import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Account, AccountStore, CheckedAccount, KeyMaterial } from '../../src/ports/account-store.ts';
import { until } from '../support/until.ts';

/** A store under test, and how to empty it and end it. */
export interface StoreUnderTest {
  readonly store: AccountStore;
  readonly empty: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const ID_EPOCH_SECONDS = Date.UTC(2026, 0, 1) / 1000;

const SAMPLE_KEY: KeyMaterial = {
  nonce: '0123456789abcdef'.repeat(2),
  secretId: 'cafebabe',
  mintedAt: 1_795_000_000_001,
};
/** What says nothing else about a suspension. */
const NEVER = { forgetAfterMs: undefined };

/** The record, as a check has left it. */
const accountOf = async (checked: Promise<CheckedAccount | undefined>) => (await checked)?.account;
const HOUR_MS = 3_600_000;

/** An account with something in every field that a sign-in writes. */
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
    key: SAMPLE_KEY,
    check: { at: 0, server: 'dc1.example.org:636' },
  };
}

/** The same as it is read again: checked when it was written. */
function asKept(id: number): Account {
  const { check, ...account } = sampleAccount(id);
  return { ...account, check: { ...check, at: expect.any(Number) as unknown as number } };
}

/** What every account store must do, whatever keeps it. */
export function describeAccountStore(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`the account store ${name}`, () => {
    let { store, empty, end }: Partial<StoreUnderTest> = {};
    const accounts = (): AccountStore => {
      if (!store) throw new Error('the store is not started');
      return store;
    };

    /** A new record that a pointer leads to, and that is acknowledged. Gives whether it was written. */
    const make = async (account: Account): Promise<boolean> => {
      const isWritten = await accounts().create(account);
      await accounts().point(account.directoryId, account.entryId, account.id);
      await accounts().acknowledge({ ...account, isUnacknowledged: true });
      return isWritten;
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
      expect(await make(sampleAccount(7))).toBe(true);
      expect(await accounts().read(7)).toEqual(asKept(7));
    });

    test('never writes a record over another', async () => {
      await make(sampleAccount(7));
      expect(await accounts().create({ ...sampleAccount(7), entryId: 'other' })).toBe(false);
      expect(await accounts().read(7)).toEqual(asKept(7));
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
      await make(sampleAccount(7));
      const { nonce } = SAMPLE_KEY;
      const keys = ['1', '2', '3'].map((digit) => ({
        nonce: digit.repeat(32),
        secretId: '00000001',
        mintedAt: 5,
      }));
      const minted = await Promise.all(keys.map((key) => accounts().mint(7, nonce, key)));
      expect(minted.filter(Boolean)).toHaveLength(1);
      const winner = keys[minted.indexOf(true)];
      expect(await accounts().read(7)).toEqual({ ...asKept(7), key: winner });
    });

    test('mints nothing where there is no record', async () => {
      expect(await accounts().mint(7, '0'.repeat(32), SAMPLE_KEY)).toBe(false);
      expect(await accounts().read(7)).toBeUndefined();
    });

    test('keeps what the directory says of the owner, and nothing else changes', async () => {
      await make(sampleAccount(7));
      const owner = {
        ...sampleAccount(7).owner,
        username: 'pepe',
        emails: ['p@example.org'],
        formerNames: [],
      };
      await accounts().updateOwner(7, owner);
      expect(await accounts().read(7)).toEqual({ ...asKept(7), owner });
    });

    test('keeps that the email is shared, and that it no longer is', async () => {
      const { owner } = sampleAccount(7);
      const shared: Account['owner'] = { ...owner, emailIsShared: true };
      await make({ ...sampleAccount(7), owner: shared });
      expect((await accounts().read(7))?.owner).toEqual(shared);
      await accounts().updateOwner(7, owner);
      expect((await accounts().read(7))?.owner).toEqual(owner);
    });

    test('makes no record by updating one that is not there', async () => {
      await accounts().updateOwner(7, sampleAccount(7).owner);
      expect(await accounts().read(7)).toBeUndefined();
    });

    test('takes a key away once, and gives another only to whom knows that there is none', async () => {
      await make(sampleAccount(7));
      expect(await accounts().revoke(7)).toBe(true);
      expect((await accounts().read(7))?.key).toBeUndefined();
      expect(await accounts().revoke(7)).toBe(false);
      expect(await accounts().mint(7, SAMPLE_KEY.nonce, SAMPLE_KEY)).toBe(false);
      expect(await accounts().mint(7, undefined, SAMPLE_KEY)).toBe(true);
      expect(await accounts().read(7)).toEqual(asKept(7));
      expect(await accounts().mint(7, undefined, SAMPLE_KEY)).toBe(false);
      expect(await accounts().revoke(8)).toBe(false);
    });

    test('says of a new record that it was checked when it was written', async () => {
      const before = Date.now();
      await make(sampleAccount(7));
      const check = (await accounts().read(7))?.check;
      expect(check?.server).toBe('dc1.example.org:636');
      expect(check?.at).toBeGreaterThanOrEqual(before - 1);
      expect(check?.at).toBeLessThanOrEqual(Date.now() + 1);
    });

    describe('with somebody who is let in', () => {
      const inAt = (server: string, elapsedMs = 0, restoreAfterMs = HOUR_MS) =>
        accountOf(accounts().confirm(7, { server, elapsedMs, restoreAfterMs }));
      const outAt = (server: string, elapsedMs = 0) =>
        accountOf(accounts().suspend(7, { ...NEVER, server, elapsedMs, reason: 'not-found' }));
      /** Whether times differ is for the clock to say: the store's has milliseconds. */
      const nextMillisecond = async () => {
        const before = Date.now();
        await until('a millisecond has passed', () => Date.now() > before + 1);
      };

      beforeEach(() => make(sampleAccount(7)));

      test('keeps the check and what is said of the owner, and gives it all back', async () => {
        await nextMillisecond();
        const before = Date.now();
        const owner = { ...sampleAccount(7).owner, fullName: 'Pepe' };
        const kept = await accountOf(
          accounts().confirm(7, { server: 'dc 2:636', elapsedMs: 0, restoreAfterMs: 1, owner }),
        );
        expect(kept).toEqual({ ...asKept(7), owner, check: { server: 'dc 2:636', at: expect.any(Number) } });
        expect(kept?.check.at).toBeGreaterThanOrEqual(before - 1);
        expect(await accounts().read(7)).toEqual(kept);
      });

      test('takes a check back by how long ago it was asked, and keeps the latest', async () => {
        await inAt('late', 0);
        const at = (await accounts().read(7))?.check.at;
        await inAt('early', 60_000);
        expect((await accounts().read(7))?.check).toEqual({ server: 'late', at });
      });

      test('suspends, says why and by whom, and keeps the key', async () => {
        const kept = await accountOf(
          accounts().suspend(7, { ...NEVER, server: 'dc 1', elapsedMs: 0, reason: 'account-disabled' }),
        );
        const suspension = { reason: 'account-disabled', server: 'dc 1', at: expect.any(Number) };
        expect(kept).toEqual({ ...asKept(7), suspension, check: { server: 'dc 1', at: expect.any(Number) } });
        expect(await accounts().read(7)).toEqual(kept);
      });

      test('lifts a suspension at once where the server that gave it lets the owner in', async () => {
        await outAt('dc1');
        await nextMillisecond();
        expect((await inAt('dc1'))?.suspension).toBeUndefined();
        expect((await accounts().read(7))?.suspension).toBeUndefined();
      });

      test('is turned by one of several checks that say the same at once', async () => {
        const server = 'dc1';
        const leaving = { ...NEVER, server, elapsedMs: 0, reason: 'not-found' } as const;
        const turns = async (checks: readonly Promise<CheckedAccount | undefined>[]) =>
          (await Promise.all(checks)).filter((checked) => checked?.hasTurned).length;
        const confirmation = { server, elapsedMs: 0, restoreAfterMs: HOUR_MS };
        expect(await turns([1, 2, 3].map(() => accounts().confirm(7, confirmation)))).toBe(0);
        expect(await turns([1, 2, 3].map(() => accounts().suspend(7, leaving)))).toBe(1);
        await nextMillisecond();
        expect(await turns([1, 2, 3].map(() => accounts().confirm(7, confirmation)))).toBe(1);
      });

      test('lets another server lift it only after a while, counted from when it was last said', async () => {
        await outAt('dc1', 50_000);
        expect((await inAt('dc2', 0, 60_000))?.suspension?.server).toBe('dc1');
        await outAt('dc1', 10_000);
        expect((await inAt('dc2', 0, 45_000))?.suspension?.server).toBe('dc1');
        expect((await inAt('dc2', 0, 9_000))?.suspension).toBeUndefined();
      });

      test('never lifts it for an answer to an earlier question', async () => {
        await outAt('dc1', 1000);
        expect((await inAt('dc1', 2000, 1))?.suspension?.reason).toBe('not-found');
      });

      test('suspends nobody for an answer that the same server has gone back on', async () => {
        await nextMillisecond();
        await inAt('dc1');
        expect((await outAt('dc1', 60_000))?.suspension).toBeUndefined();
        expect((await outAt('dc2', 60_000))?.suspension?.server).toBe('dc2');
      });

      test('forgets a leaver after a while, and not who is back by then', async () => {
        await accounts().suspend(7, { server: 'dc1', elapsedMs: 0, reason: 'not-found', forgetAfterMs: 400 });
        await nextMillisecond();
        await inAt('dc1');
        await make({ ...sampleAccount(8), entryId: 'other' });
        await accounts().suspend(8, { server: 'dc1', elapsedMs: 0, reason: 'not-found', forgetAfterMs: 400 });
        await until('the leaver is forgotten', async () => (await accounts().read(8)) === undefined);
        expect(await accounts().read(7)).toEqual({ ...asKept(7), check: expect.anything() });
      });

      test('never forgets whom an operator has suspended, whichever suspension was first', async () => {
        const leave = (id: number) =>
          accounts().suspend(id, { server: 'dc1', elapsedMs: 0, reason: 'not-found', forgetAfterMs: 400 });
        for (const id of [8, 9]) await make({ ...sampleAccount(id), entryId: `e${id}` });
        await leave(7);
        await accounts().suspendByOperator(7);
        await accounts().suspendByOperator(8);
        await leave(8);
        await leave(9);
        await until('the other leaver is forgotten', async () => (await accounts().read(9)) === undefined);
        for (const id of [7, 8])
          expect((await accounts().read(id))?.suspendedByOperatorAt).toEqual(expect.any(Number));
      });

      test('knows an operator’s suspension apart, which no check lifts', async () => {
        expect(await accounts().suspendByOperator(7)).toBe(true);
        await outAt('dc1');
        await nextMillisecond();
        const kept = await inAt('dc1');
        expect(kept?.suspension).toBeUndefined();
        expect(kept?.suspendedByOperatorAt).toEqual(expect.any(Number));
        expect(await accounts().suspendByOperator(8)).toBe(false);
      });

      test('lifts both when an operator restores, and has the directory asked first', async () => {
        await accounts().suspendByOperator(7);
        await outAt('dc1');
        expect(await accounts().restore(7)).toBe(true);
        expect(await accounts().read(7)).toEqual({ ...asKept(7), check: { at: 0, server: '' } });
        expect(await accounts().restore(8)).toBe(false);
      });

      test('says nothing of somebody who is not there', async () => {
        await accounts().remove(7);
        expect(await inAt('dc1')).toBeUndefined();
        expect(await outAt('dc1')).toBeUndefined();
        expect(await accounts().read(7)).toBeUndefined();
      });
    });

    test('removes a pointer only where it holds the id', async () => {
      await accounts().point('default', 'e1', 7);
      await accounts().unpoint('default', 'e1', 8);
      expect(await accounts().findId('default', 'e1')).toBe(7);
      await accounts().unpoint('default', 'e1', 7);
      expect(await accounts().findId('default', 'e1')).toBeUndefined();
    });

    test('tells the ids of all records, and of nothing else', async () => {
      for (const id of [7, 8, 9]) await make({ ...sampleAccount(id), entryId: `e${id}` });
      await accounts().point('default', 'e7', 7);
      await accounts().nextId();
      const ids = new Set<number>();
      for await (const id of accounts().ids()) ids.add(id);
      expect(ids).toEqual(new Set([7, 8, 9]));
    });

    test('forgets a record that is removed', async () => {
      await make(sampleAccount(7));
      await accounts().remove(7);
      expect(await accounts().read(7)).toBeUndefined();
    });

    test('has acknowledged what was changed once the change is answered', async () => {
      await make(sampleAccount(7));
      const kept = () => accounts().read(7);
      const minted = { ...SAMPLE_KEY, nonce: 'f'.repeat(32) };
      await accounts().mint(7, SAMPLE_KEY.nonce, minted);
      expect(await kept()).toEqual({ ...asKept(7), key: minted });
      await accounts().revoke(7);
      expect(await kept()).toEqual({ ...asKept(7), key: undefined });
      await accounts().suspendByOperator(7);
      expect((await kept())?.isUnacknowledged).toBeUndefined();
      await accounts().restore(7);
      expect((await kept())?.isUnacknowledged).toBeUndefined();
    });

    test('acknowledges as often as it is asked', async () => {
      await make(sampleAccount(7));
      await accounts().acknowledge({ ...sampleAccount(7), isUnacknowledged: true });
      await accounts().acknowledge(sampleAccount(7));
      expect(await accounts().read(7)).toEqual(asKept(7));
    });

    test('answers', async () => {
      await expect(accounts().ping()).resolves.toBeUndefined();
    });
  });
}
