import fc from 'fast-check';
import { Unavailable } from '../../../src/errors.ts';
import { command, type LifeCommand, pick, type Weighted } from './command.ts';
import {
  accountOf,
  addPerson,
  type Facts,
  isIn,
  type Person,
  type ReplicaNumber,
  turn,
  WORDS,
} from './facts.ts';
import type { World } from './world.ts';

const which = fc.nat({ max: 1000 });

/** What happens to people in the directory. */
export const directoryCommands: readonly Weighted[] = [
  [
    3,
    fc
      .tuple(which, fc.boolean())
      .map(([who, isDisabled]) =>
        toOne(`${isDisabled ? 'disable' : 'hide'} #${who}`, who, isIn, (facts, person) =>
          turn(facts, person, isDisabled ? { isDisabled } : { isThere: false }),
        ),
      ),
  ],
  [
    4,
    which.map((who) =>
      toOne(`let #${who} back in`, who, isOut, (facts, person) =>
        turn(facts, person, { isThere: true, isDisabled: false }),
      ),
    ),
  ],
  [
    1,
    fc.tuple(which, which).map(([who, word]) =>
      toOne(`rename #${who} to #${word}`, who, isThere, (facts, person) => {
        const username = pick(WORDS.filter(isFree(facts, 'username')), word);
        if (username !== undefined) rename(facts, person, { username });
      }),
    ),
  ],
  [
    1,
    fc.tuple(which, which).map(([who, word]) =>
      toOne(`change the email of #${who} to #${word}`, who, isThere, (facts, person) => {
        const email = pick(WORDS.map(emailOf).filter(isFree(facts, 'email')), word);
        if (email !== undefined) rename(facts, person, { email });
      }),
    ),
  ],
  [
    1,
    fc.tuple(which, which).map(([one, two]) =>
      toOne(`swap the names of #${one} and #${two}`, one, isThere, (facts, person) => {
        const others = facts.people.filter((each) => isThere(each) && each !== person);
        const other = pick(others, two);
        if (!other) return;
        const { username, email } = person;
        rename(facts, person, { username: other.username, email: other.email });
        rename(facts, other, { username, email });
      }),
    ),
  ],
  [
    1,
    which.map((who) =>
      toOne(`delete #${who}, and give the names to somebody new`, who, isStaying, (facts, person) => {
        turn(facts, person, { isThere: false });
        person.isGone = true;
        addPerson(facts, person.username, person.email);
      }),
    ),
  ],
  [
    3,
    fc.constantFrom<ReplicaNumber>(0, 1).map((replica) =>
      command({
        name: `${replica} watches, and is told of everybody`,
        async run(facts, world) {
          for (const person of facts.people) await tell(facts, world, replica, person);
        },
      }),
    ),
  ],
];

/** The email of a word. */
export function emailOf(word: string): string {
  return `${word}@example.org`;
}

const isThere = (person: Person) => person.isThere;
const isStaying = ({ isGone }: Person) => !isGone;
const isOut = (person: Person) => isStaying(person) && !isIn(person);

/** A change to one of those who are `fit`. */
function toOne(
  name: string,
  who: number,
  fit: (person: Person) => boolean,
  change: (facts: Facts, person: Person) => void,
): LifeCommand {
  return command({
    name,
    isPossible: ({ people }) => people.some(fit),
    async run(facts, world) {
      change(facts, pick(facts.people.filter(fit), who) as Person);
      // Checks before this are told from those after it by Redis's clock.
      await world.tick();
    },
  });
}

/** Whether nobody has it, nor will have it again. */
function isFree({ people }: Facts, of: 'username' | 'email'): (text: string) => boolean {
  return (text) => !people.some((person) => isStaying(person) && person[of] === text);
}

function rename(facts: Facts, person: Person, names: Partial<Pick<Person, 'username' | 'email'>>): void {
  Object.assign(person, names);
  person.names.add(person.username);
  person.namedAt = facts.now;
}

/** Ask about somebody at once, as the replica does that watches the directory. */
async function tell(facts: Facts, world: World, replica: ReplicaNumber, person: Person): Promise<void> {
  const account = accountOf(facts, person);
  const { accounts, useCases } = world.replicas[replica];
  const record = account && (await accounts.read(account.id));
  if (!record) return;
  try {
    await useCases.revalidate(record);
    person.isTold = true;
  } catch (failure) {
    if (!(failure instanceof Unavailable) || facts.outageSince === undefined) throw failure;
  }
}
