import type { Account } from '../../../src/ports/account-store.ts';
import { type AccountFact, type Facts, personOf } from './facts.ts';
import { PASSWORD } from './signing-in.ts';
import { hold, type Invariant, Violation } from './violation.ts';
import { CANARY, DIRECTORY_ID, type World } from './world.ts';

/** A record, and what is known of its account. */
interface Seen {
  readonly facts: Facts;
  readonly record: Account;
  readonly account: AccountFact | undefined;
  /** All that was logged. */
  readonly lines: readonly string[];
}

const INVARIANTS: readonly Invariant<Seen>[] = [
  {
    promise: 1,
    holds: 'a record is the account of the entry that it was made for',
    isBroken: ({ record, account }) => account?.entryId !== record.entryId || account.isDeleted,
  },
  {
    promise: 5,
    holds: 'an outage of the directory suspends nobody',
    isBroken: ({ facts, record, account }) =>
      facts.outageSince !== undefined &&
      record.suspension !== undefined &&
      account?.doubtfulSince === undefined,
  },
  {
    promise: 2,
    holds: 'what an operator has suspended stays so until an operator restores it',
    isBroken: ({ record, account }) => (record.suspendedByOperatorAt !== undefined) !== account?.isStopped,
  },
  {
    promise: 7,
    holds: 'there is an audit event for every suspension by what the directory said',
    isBroken: ({ record, lines }) =>
      record.suspension !== undefined &&
      !lines.some((line) => line.includes(`"audit":"account-suspended","userId":${record.id},`)),
  },
];

/** Hold what Redis keeps against the promises. */
export async function judgeRecords(facts: Facts, world: World): Promise<void> {
  const { accounts, lines } = world;
  for await (const id of accounts.ids()) {
    const record = id === CANARY ? undefined : await accounts.read(id);
    if (!record) continue;
    const account = facts.accounts.get(id);
    hold(INVARIANTS, { facts, record, account, lines }, () =>
      JSON.stringify({ record, account, now: facts.now }),
    );
  }
  for (const account of facts.accounts.values()) {
    if (account.isDeleted || account.mayBeForgotten) continue;
    const id = await accounts.findId(DIRECTORY_ID, personOf(facts, account).entryId);
    const holds = 'the entry of everybody who has an account leads to it';
    if (id !== account.id) throw new Violation({ promise: 1, holds }, JSON.stringify({ account, id }));
  }
}

/** The part of a key that cannot be told without the secret. */
const RANDOM_WIDTH = 22;

/** Search everything that is kept, and everything that was said, for what is nobody's to know. */
export async function judgeSecrecy(facts: Facts, world: World): Promise<void> {
  const holds = { redis: 'a key is never stored', log: 'a log holds no key' };
  const secrets = [PASSWORD, ...facts.keys.map(({ text }) => text.slice(0, RANDOM_WIDTH))];
  const found = (text: string) => secrets.some((secret) => text.includes(secret));
  const stored = (await world.texts()).find(found);
  if (stored !== undefined) throw new Violation({ promise: 3, holds: holds.redis }, stored);
  const said = world.lines.find(found);
  if (said !== undefined) throw new Violation({ promise: 3, holds: holds.log }, said);
}
