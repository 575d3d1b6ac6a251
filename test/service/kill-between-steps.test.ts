import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadName } from '../support/people.ts';
import type { Stop } from '../support/stopping-relay.ts';
import { expectKept, type Fate, type Person } from './kill-between-steps/expect-kept.ts';
import { OPERATIONS, type Operation } from './kill-between-steps/operations.ts';
import { STEPS } from './kill-between-steps/steps.ts';
import { type Surroundings, startSurroundings } from './kill-between-steps/surroundings.ts';
import { createServiceVictims, type ServiceVictims } from './kill-between-steps/victims.ts';
import { signIn, verify } from './stack.ts';

/** Whether replicas of Redis acknowledge, which takes steps of its own, and where each step is stopped. */
const FORMS: readonly { readonly replicas: number; readonly stops: readonly Stop[] }[] = [
  { replicas: 0, stops: ['before', 'after'] },
  { replicas: 1, stops: ['before'] },
];

describe.each(FORMS)('kill -9 at any step, where $replicas replicas acknowledge,', ({ replicas, stops }) => {
  let around: Surroundings;
  let victims: ServiceVictims;
  let next = 1;
  const fates: Fate[] = [];

  beforeAll(async () => {
    around = await startSurroundings(replicas);
    victims = createServiceVictims({ ...around, redis: around.stack.redis }, 2);
  });
  afterAll(async () => {
    await victims?.[Symbol.asyncDispose]();
    await around?.[Symbol.asyncDispose]();
  });

  /** Somebody nobody has met yet, with what there is to be before; `old`: a key they have had. */
  const meet = async ({ before }: Operation): Promise<{ person: Person; old: string | undefined }> => {
    const { url, accounts } = around.witnesses;
    const name = loadName(next++);
    const person = { name, password: `secret-${name}` };
    if (before === 'nothing') return { person, old: undefined };
    const { apiKey: old, userId = 0 } = await signIn(url, name, person.password);
    expect((await verify(url, old)).status).toBe(200);
    if (before !== 'a key') await accounts.revoke(userId);
    return { person, old };
  };

  /** Whether it was stopped; if not, it is killed as soon as there is an answer. */
  const killAt = async (operation: Operation, stop: Stop, step: number): Promise<boolean> => {
    const { person, old } = await meet(operation);
    const stopped = Promise.withResolvers<void>();
    await using asked = await operation.ask({
      ...{ ...around, redis: around.stack.redis, victims, person, old: old ?? '' },
      arm: (relay) => void relay.stopAt(step, stop, STEPS[stop]).then(stopped.resolve),
    });
    await Promise.race([stopped.promise, asked.heard]);
    await asked.victim.kill();
    fates.push(await expectKept(around.witnesses, person, old, await asked.heard));
    return asked.victim.relay.hasStopped();
  };
  /** Every step in turn. Gives how many there are. */
  const killAtEach = async (operation: Operation, stop: Stop): Promise<number> => {
    let steps = 0;
    while (await killAt(operation, stop, steps)) steps++;
    return steps;
  };

  const operations = OPERATIONS.filter(({ isAcknowledged }) => replicas === 0 || isAcknowledged);
  test.each(operations)('of $what', async (operation) => {
    const chains = await Promise.allSettled(stops.map((stop) => killAtEach(operation, stop)));
    for (const chain of chains) if (chain.status === 'rejected') throw chain.reason;
    const steps = chains.map((chain) => (chain.status === 'fulfilled' ? chain.value : 0));
    process.stderr.write(
      `${operation.what}, killed ${stops.join(' and ')} each of ${steps.join(' and ')} steps\n`,
    );
    expect(Math.min(...steps)).toBeGreaterThan(0);
  });

  test('leaves no key alive that was dead, and none dead that was handed out last', async () => {
    const late = await around.stack.startService(around.env);
    for (const { url } of [around.witnesses, late]) {
      for (const { living, dead } of fates) {
        expect((await verify(url, living)).status).toBe(200);
        for (const key of dead) expect((await verify(url, key)).status).toBe(401);
      }
    }
  });
});
