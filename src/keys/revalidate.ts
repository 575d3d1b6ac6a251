import { Unavailable } from '../errors.ts';
import type { Account, AccountStore, LeaverReason, Owner } from '../ports/account-store.ts';
import type { Directory, Rechecked } from '../ports/directory.ts';
import type { LeaverBrake } from '../ports/leaver-brake.ts';
import type { Log } from '../ports/log.ts';
import type { CanonicalName } from './canonical-name.ts';
import { ownerOf, sameOwner } from './owner.ts';
import { judgeEmail, type SharedEmailParts } from './shared-email.ts';

/**
 * Asks the directory again about the owner of an account, and keeps what it says, for every replica: who is out is
 * suspended, who is back lives again, a new name, email or group is taken over. Gives the account as it is then;
 * `undefined`: its record is gone. Whoever asks about an account that is being asked about gets the same answer.
 * Throws `Unavailable` when the directory or the store does not answer, which says nothing about the owner, and while
 * the brake keeps somebody in whom the directory does not show any more.
 */
export type Revalidate = (account: Account) => Promise<Account | undefined>;

/** What revalidating rests on. */
export interface RevalidatingParts extends SharedEmailParts {
  /** Every directory of the service as one. */
  readonly directory: Pick<Directory, 'recheck' | 'countByEmail'>;
  readonly accounts: Pick<AccountStore, 'confirm' | 'suspend'>;
  readonly brake: Pick<LeaverBrake, 'checked' | 'mayLeave'>;
  readonly canonical: CanonicalName;
  readonly log: Log;
  /** How long after a suspension another server than the one that gave it may lift it, in milliseconds. */
  readonly restoreAfterMs: number;
  /** When a leaver's record is forgotten, in milliseconds from the suspension; `undefined`: never. */
  readonly forgetAfterMs: number | undefined;
  /** Monotonic clock, in milliseconds. */
  readonly elapsed: () => number;
}

/** A directory's answer about somebody, as far as it decides. */
type Verdict = { readonly owner: Owner } | { readonly reason: LeaverReason };

/** Revalidate the accounts of `parts.accounts`. */
export function createRevalidate(parts: RevalidatingParts): Revalidate {
  const asking = new Map<number, Promise<Account | undefined>>();
  return (account) => {
    const asked =
      asking.get(account.id) ??
      revalidate(parts, account).finally(() => {
        asking.delete(account.id);
      });
    asking.set(account.id, asked);
    return asked;
  };
}

async function revalidate(parts: RevalidatingParts, account: Account): Promise<Account | undefined> {
  const begunAt = parts.elapsed();
  const answer = await parts.directory.recheck(account);
  if (answer === 'cannot-tell') return account;
  const verdict = await judge(parts, account, answer);
  const answered = { server: answer.server, elapsedMs: Math.ceil(parts.elapsed() - begunAt) };
  if ('owner' in verdict) return letIn(parts, account, verdict.owner, answered);
  if (verdict.reason !== 'account-disabled' && !account.suspension)
    await demandRelease(parts, account, verdict.reason);
  return putOut(parts, account, verdict.reason, answered);
}

async function judge(
  parts: RevalidatingParts,
  account: Account,
  answer: Exclude<Rechecked, 'cannot-tell'>,
): Promise<Verdict> {
  if ('out' in answer) return { reason: answer.out };
  if (answer.principal.emails.length === 0) return { reason: 'no-email' };
  // Asked each time: the email may have become another entry's too without any change to this one.
  const judged = await judgeEmail(
    parts,
    ownerOf(answer.principal, account.owner, parts.canonical),
    undefined,
  );
  return 'refusal' in judged ? { reason: judged.refusal } : judged;
}

/** An answered check, as the store takes it. */
interface Answered {
  readonly server: string;
  readonly elapsedMs: number;
}

async function letIn(
  { accounts, brake, log, restoreAfterMs }: RevalidatingParts,
  account: Account,
  owner: Owner,
  answered: Answered,
): Promise<Account | undefined> {
  const changed = sameOwner(owner, account.owner) ? undefined : owner;
  const counted = brake.checked(account.directoryId, account.id);
  const [checked] = await Promise.all([
    accounts.confirm(account.id, { ...answered, restoreAfterMs, owner: changed }),
    counted,
  ]);
  if (checked?.hasTurned) {
    log.info(
      audit('account-restored', account, answered.server),
      'an account lives again: its directory lets the owner in',
    );
  }
  return checked?.account;
}

/** @throws {Unavailable} while the brake holds */
async function demandRelease(
  { brake, log }: RevalidatingParts,
  { directoryId, id }: Account,
  reason: LeaverReason,
): Promise<void> {
  const { isAllowed, hasJustTaken, standing } = await brake.mayLeave(directoryId, id);
  if (isAllowed) return;
  if (hasJustTaken) {
    const { checked, absent } = standing;
    log.error(
      { audit: 'leaver-brake-holds', directory: directoryId, checked, absent, reason },
      'the directory does not show many people any more: nobody is suspended for that until an operator looks (latchkey brake)',
    );
  }
  throw new Unavailable(
    'directory',
    'the leaver brake holds: the directory does not show too many people any more',
  );
}

async function putOut(
  { accounts, log, forgetAfterMs }: RevalidatingParts,
  account: Account,
  reason: LeaverReason,
  answered: Answered,
): Promise<Account | undefined> {
  const checked = await accounts.suspend(account.id, { ...answered, reason, forgetAfterMs });
  if (checked?.hasTurned) {
    log.info(
      { ...audit('account-suspended', account, answered.server), reason },
      'an account is suspended by what its directory says',
    );
  }
  return checked?.account;
}

function audit(event: string, { id, directoryId, entryId }: Account, server: string) {
  return { audit: event, userId: id, directory: directoryId, entryId, server };
}
