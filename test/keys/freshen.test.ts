import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../src/errors.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { until } from '../support/until.ts';
import { aliceAs, HOUR_MS, MINUTE_MS, startRevalidating, TIMES } from './revalidating.ts';

const DAY_MS = 24 * HOUR_MS;

/** A directory that answers rechecks only when it is let. */
function holding() {
  let letGo = () => {};
  const wrap = (directory: Directory): Directory => ({
    ...directory,
    recheck: async (entry) => {
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      return directory.recheck(entry);
    },
  });
  return { wrap, letGo: () => letGo() };
}

describe('a key in use', () => {
  test('is believed while the last check is young, and nobody is asked', async () => {
    const { issue, verify, advance, memory } = startRevalidating();
    const { apiKey } = await issue();
    memory.setPeople([]);
    advance(TIMES.revalidateAfterMs);
    expect(await verify(apiKey, undefined)).toHaveProperty('account');
    expect(memory.rechecks()).toBe(0);
  });

  test('is believed once more while the directory is asked in the background, and is dead then', async () => {
    const { issue, verify, advance, memory, accounts } = startRevalidating();
    const { apiKey, account } = await issue();
    memory.setPeople([]);
    advance(TIMES.revalidateAfterMs + 1);
    expect(await verify(apiKey, undefined)).toHaveProperty('account');
    await until('the leaver is out', async () => (await accounts.read(account.id))?.suspension !== undefined);
    expect(await verify(apiKey, undefined)).toEqual({ refusal: 'account-suspended' });
    expect(memory.rechecks()).toBe(1);
  });

  test('waits for the directory once the last check is too old', async () => {
    const { issue, verify, advance, memory } = startRevalidating();
    const { apiKey } = await issue();
    advance(TIMES.maxStalenessMs + 1);
    memory.setPeople([]);
    expect(await verify(apiKey, undefined)).toEqual({ refusal: 'account-suspended' });
  });

  test('waits no longer than it may, and what comes late is kept all the same', async () => {
    const { wrap, letGo } = holding();
    const { issue, verify, advance, memory, accounts } = startRevalidating({ wrap });
    const { apiKey, account } = await issue();
    advance(TIMES.maxStalenessMs + 1);
    memory.setPeople([]);
    expect(await verify(apiKey, undefined)).toHaveProperty('account');
    letGo();
    await until('the leaver is out', async () => (await accounts.read(account.id))?.suspension !== undefined);
    expect(await verify(apiKey, undefined)).toEqual({ refusal: 'account-suspended' });
  });

  test('waits for nothing while the directory is thought to be away, and nobody is asked', async () => {
    const { issue, verify, advance, memory } = startRevalidating();
    const { apiKey } = await issue();
    advance(TIMES.maxStalenessMs + 1);
    memory.setUp(false);
    expect(await verify(apiKey, undefined)).toHaveProperty('account');
    expect(memory.rechecks()).toBe(0);
  });

  test('is not asked about again at once where the directory did not answer', async () => {
    const { issue, verify, advance, memory } = startRevalidating();
    const { apiKey } = await issue();
    advance(TIMES.maxStalenessMs + 1);
    memory.setAway(true);
    memory.setUp(true);
    for (let request = 0; request < 5; request++)
      expect(await verify(apiKey, undefined)).toHaveProperty('account');
    expect(memory.rechecks()).toBe(1);
  });

  test('outlives an outage of the directory for as long as was allowed, counted from the last answered check', async () => {
    const { issue, verify, advance, memory } = startRevalidating();
    const { apiKey } = await issue();
    advance(HOUR_MS);
    await verify(apiKey, undefined);
    memory.setAway(true);
    advance(DAY_MS);
    expect(await verify(apiKey, undefined)).toHaveProperty('account');
    advance(1);
    await expect(verify(apiKey, undefined)).rejects.toBeInstanceOf(Unavailable);
    memory.setAway(false);
    expect(
      await until('the directory is asked again', async () =>
        Promise.resolve(verify(apiKey, undefined)).catch(() => undefined),
      ),
    ).toHaveProperty('account');
  });

  test('counts a check from the future as none: a clock that is wrong keeps nobody in', async () => {
    const { issue, verify, advance, memory, accounts } = startRevalidating();
    advance(DAY_MS);
    const { apiKey, account } = await issue();
    advance(-DAY_MS);
    memory.setPeople([]);
    expect(await verify(apiKey, undefined)).toEqual({ refusal: 'account-suspended' });
    expect((await accounts.read(account.id))?.suspension?.reason).toBe('not-found');
  });

  test('of a suspended account is asked about on use, and no more often than others', async () => {
    const { issue, verify, advance, memory, revalidate } = startRevalidating();
    const { apiKey, account } = await issue();
    memory.setPeople([]);
    await revalidate(account);
    memory.setPeople([aliceAs()]);
    for (let request = 0; request < 5; request++)
      expect(await verify(apiKey, undefined)).toEqual({ refusal: 'account-suspended' });
    expect(memory.rechecks()).toBe(1);
    advance(TIMES.revalidateAfterMs + 1);
    expect(await verify(apiKey, undefined)).toHaveProperty('account');
    expect(memory.rechecks()).toBe(2);
  });

  test('of a suspended account stays refused while the directory is away, however long', async () => {
    const { issue, verify, advance, memory, revalidate } = startRevalidating();
    const { apiKey, account } = await issue();
    memory.setPeople([]);
    await revalidate(account);
    memory.setAway(true);
    advance(2 * DAY_MS);
    expect(await verify(apiKey, undefined)).toEqual({ refusal: 'account-suspended' });
  });

  test('that was regenerated while the directory was asked is refused', async () => {
    const { wrap, letGo } = holding();
    const { issue, verify, advance, accounts } = startRevalidating({ wrap });
    const { apiKey, account } = await issue();
    if (!account.key) throw new Error('the account has no key');
    advance(TIMES.maxStalenessMs + 1);
    const verdict = verify(apiKey, undefined);
    await accounts.mint(account.id, account.key.nonce, { ...account.key, nonce: 'f'.repeat(32) });
    letGo();
    expect(await verdict).toEqual({ refusal: 'unknown-key' });
  });

  test('is refused beside a name that was its owner’s until just now only where it was never theirs', async () => {
    const { issue, verify, advance, memory } = startRevalidating();
    const { apiKey } = await issue();
    memory.setPeople([aliceAs({ username: 'alicia' })]);
    advance(5 * MINUTE_MS + 1);
    expect(await verify(apiKey, 'alicia')).toHaveProperty('account');
    expect(await verify(apiKey, 'alice')).toHaveProperty('account');
    expect(await verify(apiKey, 'bob')).toEqual({ refusal: 'wrong-owner' });
  });
});
