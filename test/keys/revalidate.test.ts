import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../src/errors.ts';
import { alice } from '../adapters/directory-contract.ts';
import { aliceAs, HOUR_MS, MINUTE_MS, somebody, startRevalidating } from './revalidating.ts';

describe('asking the directory again about an account', () => {
  test('keeps when it was asked, and by which server', async () => {
    const { issue, revalidate, accounts, advance, memory } = startRevalidating();
    const { account } = await issue();
    advance(MINUTE_MS);
    memory.setServer('dc1:636');
    const fresh = await revalidate(account);
    expect(fresh?.check).toEqual({ server: 'dc1:636', at: account.check.at + MINUTE_MS });
    expect(await accounts.read(account.id)).toEqual(fresh);
  });

  test('takes over a new name, email and groups, and the key lives', async () => {
    const { issue, revalidate, memory, verify } = startRevalidating();
    const { account, apiKey } = await issue();
    memory.setPeople([aliceAs({ username: 'alicia', emails: ['alicia@example.org'], groups: ['staff'] })]);
    expect((await revalidate(account))?.owner).toMatchObject({
      ...{ username: 'alicia', email: 'alicia@example.org', groups: ['staff'] },
      formerNames: ['alice', 'alice@example.org'],
    });
    expect(await verify(apiKey, 'alice')).toMatchObject({ account: { id: account.id } });
  });

  test.each([
    ['is gone', [], 'not-found'],
    ['is disabled', [aliceAs({}, 'account-disabled')], 'account-disabled'],
    ['has expired', [aliceAs({}, 'account-expired')], 'account-disabled'],
    ['is in the wrong groups', [aliceAs({}, 'not-permitted')], 'not-permitted'],
    ['has no email any more', [aliceAs({ emails: [] })], 'no-email'],
    [
      'has an email of two people by now',
      [aliceAs(), { ...somebody(2), principal: { ...alice, entryId: '2' } }],
      'shared-email',
    ],
  ] as const)('suspends whoever %s, says why, and refuses the key', async (_what, people, reason) => {
    const { issue, revalidate, memory, verify, log } = startRevalidating();
    const { account, apiKey } = await issue();
    memory.setPeople(people);
    const suspended = await revalidate(account);
    expect(suspended?.suspension).toEqual({ reason, server: 'memory', at: account.check.at });
    expect(await verify(apiKey, undefined)).toEqual({ refusal: 'account-suspended' });
    const events = log.lines.filter((line) => line.includes('"audit":"account-suspended"'));
    expect(events.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        userId: account.id,
        directory: 'corp',
        entryId: alice.entryId,
        server: 'memory',
        reason,
      }),
    ]);
  });

  test('lets people in whose email is others’ too, where that is allowed, and tells it to nobody', async () => {
    const { issue, revalidate, memory } = startRevalidating({ allowSharedEmails: true });
    const { account } = await issue();
    memory.setPeople([aliceAs(), { ...somebody(2), principal: { ...alice, entryId: '2' } }]);
    expect(await revalidate(account)).toMatchObject({ owner: { emailIsShared: true } });
  });

  test.each(['account-locked', 'password-expired', 'password-must-change'] as const)(
    'leaves the key of somebody alone who is %s',
    async (state) => {
      const { issue, revalidate, memory, verify } = startRevalidating();
      const { account, apiKey } = await issue();
      memory.setPeople([aliceAs({}, state)]);
      expect((await revalidate(account))?.suspension).toBeUndefined();
      expect(await verify(apiKey, undefined)).toMatchObject({ account: { id: account.id } });
    },
  );

  test('has whoever is let back in live again, with the same key', async () => {
    const { issue, revalidate, memory, verify, advance, log } = startRevalidating();
    const { account, apiKey } = await issue();
    memory.setPeople([]);
    await revalidate(account);
    advance(MINUTE_MS + 1);
    memory.setPeople([aliceAs()]);
    expect(await verify(apiKey, undefined)).toMatchObject({ account: { id: account.id } });
    expect((await issue()).apiKey).toBe(apiKey);
    expect(log.lines.filter((line) => line.includes('"audit":"account-restored"'))).toHaveLength(1);
  });

  test('never flaps where two servers disagree', async () => {
    const { issue, revalidate, memory, verify, advance, accounts } = startRevalidating();
    const { account, apiKey } = await issue();
    const says = async (server: string, people: Parameters<typeof memory.setPeople>[0]) => {
      memory.setServer(server);
      memory.setPeople(people);
      advance(MINUTE_MS + 1);
      const kept = await accounts.read(account.id);
      return kept && (await revalidate(kept));
    };
    await says('dc1', [aliceAs({}, 'account-disabled')]);
    for (let minute = 0; minute < 30; minute++) {
      expect((await says('dc2', [aliceAs()]))?.suspension?.server).toBe('dc1');
      expect((await says('dc1', [aliceAs({}, 'account-disabled')]))?.suspension?.server).toBe('dc1');
      expect(await verify(apiKey, undefined)).toEqual({ refusal: 'account-suspended' });
    }
    advance(15 * MINUTE_MS);
    expect((await says('dc2', [aliceAs()]))?.suspension).toBeUndefined();
  });

  test('changes nothing where the directory does not answer', async () => {
    const { issue, revalidate, memory, accounts, writes } = startRevalidating();
    const { account } = await issue();
    memory.setAway(true);
    await expect(revalidate(account)).rejects.toBeInstanceOf(Unavailable);
    expect(await accounts.read(account.id)).toEqual(account);
    expect(writes).toEqual([]);
  });

  test('takes an account of a directory that is not configured for unanswered', async () => {
    const { revalidate, issue } = startRevalidating();
    const { account } = await issue();
    await expect(revalidate({ ...account, directoryId: 'gone' })).rejects.toBeInstanceOf(Unavailable);
  });

  test('asks once about whoever is asked about at the same time', async () => {
    const { issue, revalidate, memory } = startRevalidating();
    const { account } = await issue();
    const answers = await Promise.all(Array.from({ length: 20 }, () => revalidate(account)));
    expect(memory.rechecks()).toBe(1);
    expect(new Set(answers).size).toBe(1);
    await revalidate(account);
    expect(memory.rechecks()).toBe(2);
  });

  test('says that the record is gone', async () => {
    const { issue, revalidate, accounts } = startRevalidating();
    const { account } = await issue();
    await accounts.remove(account.id);
    expect(await revalidate(account)).toBeUndefined();
  });
});

describe('the brake', () => {
  const people = Array.from({ length: 20 }, (_, number) => somebody(number));

  async function startWithEverybody() {
    const started = startRevalidating({ people });
    const issued = await Promise.all(people.map(({ principal }) => started.issue(principal)));
    for (const { account } of issued) await started.revalidate(account);
    const suspended = async () => {
      const accounts = await Promise.all(issued.map(({ account }) => started.accounts.read(account.id)));
      return accounts.filter((account) => account?.suspension).length;
    };
    /** Asks about everybody as they are now, and gives how many got no answer. */
    const askAll = async () => {
      const asked = await Promise.allSettled(
        issued.map(async ({ account }) => {
          const kept = await started.accounts.read(account.id);
          return kept && started.revalidate(kept);
        }),
      );
      return asked.filter(({ status }) => status === 'rejected').length;
    };
    return { ...started, issued, suspended, askAll };
  }

  test('holds where the directory shows nobody any more, keeps the others in, and says so once and loudly', async () => {
    const { memory, askAll, suspended, log, brake, verify, issued } = await startWithEverybody();
    memory.setPeople([]);
    expect(await askAll()).toBe(10);
    expect(await suspended()).toBe(10);
    expect(await askAll()).toBe(10);
    expect(await suspended()).toBe(10);
    expect(log.lines.filter((line) => line.includes('"audit":"leaver-brake-holds"'))).toHaveLength(1);
    expect((await brake.standing('corp')).heldSince).toEqual(expect.any(Number));
    const verdicts = await Promise.all(issued.map(({ apiKey }) => verify(apiKey, undefined)));
    expect(verdicts.filter((verdict) => 'account' in verdict)).toHaveLength(10);
  });

  test('does not stop those whom the directory shows as disabled', async () => {
    const { memory, askAll, suspended } = await startWithEverybody();
    memory.setPeople([]);
    await askAll();
    memory.setPeople(people.map((person) => ({ ...person, state: 'account-disabled' })));
    expect(await askAll()).toBe(0);
    expect(await suspended()).toBe(20);
  });

  test('lets everybody go once it is released', async () => {
    const { memory, askAll, suspended, brake } = await startWithEverybody();
    memory.setPeople([]);
    await askAll();
    await brake.release('corp', HOUR_MS);
    expect(await askAll()).toBe(0);
    expect(await suspended()).toBe(20);
  });

  test('has them all as before when the mistake is mended', async () => {
    const { memory, askAll, suspended, advance } = await startWithEverybody();
    memory.setPeople([]);
    await askAll();
    memory.setPeople(people);
    advance(1);
    expect(await askAll()).toBe(0);
    expect(await suspended()).toBe(0);
  });
});

describe('signing in to a suspended account', () => {
  test('asks the directory first, and gives the same key to who is let back in', async () => {
    const { issue, tryToIssue, revalidate, memory, advance } = startRevalidating();
    const { account, apiKey } = await issue();
    memory.setPeople([]);
    await revalidate(account);
    expect(await tryToIssue()).toEqual({ refusal: 'account-suspended' });
    memory.setPeople([aliceAs()]);
    advance(1);
    expect((await issue()).apiKey).toBe(apiKey);
  });

  test('is refused while an operator’s suspension stands, whatever the directory says', async () => {
    const { issue, tryToIssue, accounts, verify, memory, revalidate } = startRevalidating();
    const { account, apiKey } = await issue();
    await accounts.suspendByOperator(account.id);
    await revalidate(account);
    const asked = memory.rechecks();
    expect(await tryToIssue()).toEqual({ refusal: 'account-suspended' });
    expect(await verify(apiKey, undefined)).toEqual({ refusal: 'account-suspended' });
    expect(memory.rechecks()).toBe(asked);
    await accounts.restore(account.id);
    expect(await verify(apiKey, undefined)).toMatchObject({ account: { id: account.id } });
    expect(memory.rechecks()).toBe(asked + 1);
  });

  test('counts as an answered check, written only where the last one is old', async () => {
    const { issue, writes, accounts, advance } = startRevalidating();
    const { account } = await issue();
    await issue();
    expect(writes).toEqual([]);
    advance(MINUTE_MS + 1);
    await issue();
    expect(writes).toEqual(['confirm']);
    expect((await accounts.read(account.id))?.check.at).toBe(account.check.at + MINUTE_MS + 1);
  });

  test('mints another key where the old one was revoked', async () => {
    const { issue, accounts, verify } = startRevalidating();
    const { account, apiKey } = await issue();
    await accounts.revoke(account.id);
    expect(await verify(apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
    const again = await issue();
    expect(again.account.id).toBe(account.id);
    expect(again.apiKey).not.toBe(apiKey);
    expect(await verify(again.apiKey, undefined)).toMatchObject({ account: { id: account.id } });
    expect(await verify(apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
  });
});
