import { setTimeout as delay } from 'node:timers/promises';
import { type Facts, isIn, personOf, type ReplicaNumber } from './facts.ts';
import { judgeRecords, judgeSecrecy } from './keeping.ts';
import { judgeVerification, verify } from './verifying.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** The two replicas. */
export const REPLICAS: readonly ReplicaNumber[] = [0, 1];

/**
 * Hold everything that can be seen against the promises: every key that anybody was ever given, on both replicas, and
 * all that Redis keeps. Throws a `Violation`.
 */
export async function check(facts: Facts, world: World): Promise<void> {
  for (;;) {
    try {
      await world.settled();
      return await checkOnce(facts, world);
    } catch (failure) {
      // Soon after a question without an answer, a replica does not ask again.
      const mayPass = failure instanceof Violation && failure.isLate && performance.now() < facts.pausesEndAt;
      if (!mayPass) throw failure;
      await delay(20);
    }
  }
}

async function checkOnce(facts: Facts, world: World): Promise<void> {
  for (const replica of REPLICAS) {
    const answers = await Promise.all(facts.keys.map((key) => verify(world, replica, key)));
    await world.settled();
    for (const [at, key] of facts.keys.entries()) {
      const answer = answers[at];
      if (answer !== undefined) judgeVerification(facts, replica, key, answer);
    }
    await checkNames(facts, world, replica);
    checkForged(facts, world, replica);
  }
  await judgeRecords(facts, world);
  await judgeSecrecy(facts, world);
}

/** A key beside the name of somebody else is refused. */
async function checkNames(facts: Facts, world: World, replica: ReplicaNumber): Promise<void> {
  const holds = 'a key does not verify beside the name of somebody else';
  for (const key of facts.keys.filter(({ endedBy }) => endedBy === undefined)) {
    const owner = personOf(facts, key);
    const other = facts.people.find((one) => isIn(one) && !owner.names.has(one.username));
    const answer = other && (await verify(world, replica, key, other.username));
    if (answer !== undefined && answer !== 'unanswered' && 'good' in answer)
      throw new Violation(
        { promise: 1, holds },
        JSON.stringify({ owner: owner.entryId, other: other?.username }),
      );
  }
}

/** A forged key is refused at once, without a question to anybody. */
function checkForged({ keys }: Facts, world: World, replica: ReplicaNumber): void {
  const holds = 'a forged key is refused without a round trip';
  for (const { text } of keys) {
    const forged = text.slice(0, -1) + (text.endsWith('x') ? 'y' : 'x');
    const verdict = world.replicas[replica].useCases.verifyApiKey(forged, undefined);
    if (!('refusal' in verdict)) throw new Violation({ promise: 4, holds }, forged);
  }
}
