import fc from 'fast-check';
import { REPLICAS } from './check.ts';
import { command, pick, type Weighted } from './command.ts';
import { endKeys, type Facts, type KeyFact, type Person, type ReplicaNumber } from './facts.ts';
import { judgeSignIn, keepKey, signIn } from './signing-in.ts';
import { verify } from './verifying.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

const which = fc.nat({ max: 1000 });
const replica = fc.constantFrom<ReplicaNumber>(0, 1);

/** What people do: sign in, and take new keys; on one replica, or on both at once. */
export const peopleCommands: readonly Weighted[] = [
  [
    6,
    fc.tuple(which, replica, fc.boolean()).map(([who, at, byEmail]) =>
      command({
        name: `sign in #${who} by ${byEmail ? 'email' : 'name'} on ${at}`,
        async run(facts, world) {
          const person = somebody(facts, who);
          judgeSignIn(facts, at, person, await signIn(world, at, byEmail ? person.email : person.username));
        },
      }),
    ),
  ],
  [
    3,
    which.map((who) =>
      command({
        name: `sign in #${who} on both at once`,
        run: (facts, world) => signInOnBoth(facts, world, somebody(facts, who)),
      }),
    ),
  ],
  [
    2,
    fc.tuple(which, replica).map(([key, at]) =>
      command({
        name: `regenerate #${key} on ${at}`,
        isPossible: hasKey,
        run: (facts, world) => regenerate(facts, world, keyOf(facts, key), [at]),
      }),
    ),
  ],
  [
    1,
    which.map((key) =>
      command({
        name: `regenerate #${key} on both at once`,
        isPossible: hasKey,
        run: (facts, world) => regenerate(facts, world, keyOf(facts, key), REPLICAS),
      }),
    ),
  ],
];

const hasKey = ({ keys }: Readonly<Facts>) => keys.length > 0;

/** Those who are gone have no name any more to sign in by. */
function somebody({ people }: Facts, who: number): Person {
  return pick(
    people.filter(({ isGone }) => !isGone),
    who,
  ) as Person;
}

/** One that has ended, one time in four. */
function keyOf({ keys }: Facts, which: number): KeyFact {
  const living = keys.filter(({ endedBy }) => endedBy === undefined);
  return pick(living.length > 0 && which % 4 > 0 ? living : keys, which) as KeyFact;
}

/** At once where the replicas have the same secrets: where only one has that of the key, the other mints anew. */
async function signInOnBoth(facts: Facts, world: World, person: Person): Promise<void> {
  const signInOn = (at: ReplicaNumber) => signIn(world, at, person.username);
  if (String(facts.rings[0]) !== String(facts.rings[1])) {
    for (const at of REPLICAS) judgeSignIn(facts, at, person, await signInOn(at));
    return;
  }
  const answers = await Promise.all(REPLICAS.map(signInOn));
  const keys = answers.flatMap((answer) =>
    answer !== 'unanswered' && 'issued' in answer ? [answer.issued] : [],
  );
  const holds = 'who signs in on two replicas at once gets one key, of one account';
  if (new Set(keys.map(({ apiKey }) => apiKey)).size > 1)
    throw new Violation({ promise: 6, holds }, JSON.stringify(keys.map(({ account }) => account)));
  for (const at of REPLICAS) judgeSignIn(facts, at, person, answers[at] ?? 'unanswered');
}

const isOld = ({ keys }: Facts, text: string | undefined) => keys.some((key) => key.text === text);

/** As the endpoint does: the key is verified first. On several replicas at once, one of them does it. */
async function regenerate(
  facts: Facts,
  world: World,
  key: KeyFact,
  replicas: readonly ReplicaNumber[],
): Promise<void> {
  const verdicts = await Promise.all(replicas.map((at) => verify(world, at, key)));
  const accounts = verdicts.flatMap((answer) =>
    answer !== 'unanswered' && 'good' in answer ? [answer.good] : [],
  );
  if (accounts.length < replicas.length) return;
  const given = await Promise.all(
    replicas.map((at, turn) => world.replicas[at].useCases.regenerateApiKey(accounts[turn] as never)),
  );
  const issued = given.filter((one) => one !== undefined);
  const [first] = issued;
  const holds = 'of several that regenerate a good key at once, one gets a new key, and no other';
  if (!first || issued.length > 1) throw new Violation({ promise: 6, holds }, `${issued.length} got one`);
  const isNew = !isOld(facts, first.apiKey);
  if (!isNew) throw new Violation({ promise: 2, holds: 'a regenerated key is another one' }, key.text);
  endKeys(facts, key.accountId, 'regenerated');
  keepKey(facts, key, first.apiKey, first.account.key?.secretId ?? '', 'regenerated');
}
