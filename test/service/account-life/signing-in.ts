import { Unavailable } from '../../../src/errors.ts';
import type { IssuedKey } from '../../../src/keys/issue-api-key.ts';
import {
  accountOf,
  endKeys,
  type Facts,
  isTooOld,
  type KeyFact,
  type Person,
  type ReplicaNumber,
} from './facts.ts';
import { type Answer, issued, type Seen, SIGN_IN_INVARIANTS } from './sign-in-invariants.ts';
import { count } from './tally.ts';
import { TIMES } from './times.ts';
import { hold } from './violation.ts';
import type { World } from './world.ts';

/** What everybody types. */
export const PASSWORD = 'correct horse battery staple';

/** Sign somebody in. @param name their login name or their email */
export async function signIn(world: World, replica: ReplicaNumber, name: string): Promise<Answer> {
  try {
    const attempt = { username: name, password: PASSWORD, address: '192.0.2.1', admit: async () => {} };
    const fetched = await world.replicas[replica].useCases.fetchApiKey(attempt);
    return 'issued' in fetched ? { issued: fetched.issued } : { refused: fetched.refusal };
  } catch (failure) {
    if (!(failure instanceof Unavailable)) throw failure;
    return 'unanswered';
  }
}

/** Hold what was seen against the promises, and keep what has become of it. */
export function judgeSignIn(facts: Facts, replica: ReplicaNumber, person: Person, answer: Answer): void {
  const account = accountOf(facts, person);
  const living = facts.keys.find(
    (key) =>
      key.accountId === account?.id &&
      key.endedBy === undefined &&
      !isTooOld(facts, key) &&
      facts.rings[replica].includes(key.secretId),
  );
  const seen = { facts, person, account, living, answer };
  count(facts.tally, `sign-ins ${outcomeOf(answer)}`);
  hold(SIGN_IN_INVARIANTS, seen, () =>
    JSON.stringify({ ...seen, facts: undefined, replica, now: facts.now }),
  );
  const handedOut = issued(seen);
  if (handedOut) keep(seen, handedOut);
}

function outcomeOf(answer: Answer): string {
  if (answer === 'unanswered') return answer;
  return 'issued' in answer ? 'issued' : answer.refused;
}

function keep({ facts, person, account: before }: Seen, { apiKey, account: { id, key } }: IssuedKey): void {
  if (before && before.id !== id) {
    before.isDeleted = true;
    endKeys(facts, before.id, 'forgotten');
  }
  const { entryId } = person;
  const account = facts.accounts.get(id) ?? { id, entryId, isStopped: false, isDeleted: false };
  const answeredAt =
    before?.id === id ? Math.max(before.answeredAt, facts.now - TIMES.revalidateAfterMs) : facts.now;
  facts.accounts.set(
    id,
    Object.assign(account, { doubtfulSince: undefined, mayBeForgotten: false, answeredAt }),
  );
  keepKey(facts, { accountId: id, entryId }, apiKey, key?.secretId ?? '', 'replaced');
}

/** Keep a key that was handed out; a new one ends those before it. */
export function keepKey(
  facts: Facts,
  of: Pick<KeyFact, 'accountId' | 'entryId'>,
  text: string,
  secretId: string,
  ending: string,
): void {
  if (facts.keys.some((key) => key.text === text)) return;
  endKeys(facts, of.accountId, ending);
  const { accountId, entryId } = of;
  facts.keys.push({
    text,
    accountId,
    entryId,
    secretId,
    mintedAt: facts.now,
    endedBy: undefined,
    unknownTo: new Set(),
  });
}
