import { Unavailable } from '../../../src/errors.ts';
import { accountOfKey, type Facts, isIn, type KeyFact, personOf, type ReplicaNumber } from './facts.ts';
import { count } from './tally.ts';
import { TIMES } from './times.ts';
import { type Answer, good, isUp, type Seen, VERIFICATION_INVARIANTS } from './verification-invariants.ts';
import { hold } from './violation.ts';
import type { World } from './world.ts';

/** Ask a replica about a key. @param name sent beside it; `undefined`: none */
export async function verify(
  world: World,
  replica: ReplicaNumber,
  key: KeyFact,
  name?: string,
): Promise<Answer> {
  try {
    const verdict = await world.replicas[replica].useCases.verifyApiKey(key.text, name);
    return 'account' in verdict ? { good: verdict.account } : { refused: verdict.refusal };
  } catch (failure) {
    if (!(failure instanceof Unavailable)) throw failure;
    return 'unanswered';
  }
}

/** Hold what was seen against the promises, and learn from it. */
export function judgeVerification(facts: Facts, replica: ReplicaNumber, key: KeyFact, answer: Answer): void {
  const seen = {
    facts,
    replica,
    key,
    answer,
    account: accountOfKey(facts, key),
    person: personOf(facts, key),
  };
  count(facts.tally, `verifications ${outcomeOf(answer)}`);
  hold(VERIFICATION_INVARIANTS, seen, () => inWords(seen));
  learn(seen);
}

function learn(seen: Seen): void {
  const { facts, key, account, person, replica, answer } = seen;
  if (answer !== 'unanswered' && 'refused' in answer && answer.refused === 'unknown-key')
    key.unknownTo.add(replica);
  if (!good(seen) || !isIn(person)) return;
  account.doubtfulSince = undefined;
  const isAsked = isUp(seen) && performance.now() >= facts.pausesEndAt;
  if (isAsked) account.answeredAt = Math.max(account.answeredAt, facts.now - TIMES.revalidateAfterMs);
}

function outcomeOf(answer: Answer): string {
  if (answer === 'unanswered') return answer;
  return 'good' in answer ? 'good' : answer.refused;
}

function inWords({ facts, key, account, person, replica, answer }: Seen): string {
  return JSON.stringify({
    ...{ answer, replica, now: facts.now, outageSince: facts.outageSince, account },
    person: { ...person, names: [...person.names] },
    key: { ...key, unknownTo: [...key.unknownTo] },
  });
}
