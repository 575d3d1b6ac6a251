import type { Arbitrary, AsyncCommand } from 'fast-check';
import type { MemoryPerson } from '../../../src/adapters/memory/directory.ts';
import { check } from './check.ts';
import type { Facts, Person } from './facts.ts';
import { PASSWORD } from './signing-in.ts';
import { count } from './tally.ts';
import { DIRECTORY_ID, type World } from './world.ts';

/** Something that happens in an account's life. */
export type LifeCommand = AsyncCommand<Facts, World>;

/** Commands of one kind, and how often they happen beside others. */
export type Weighted = readonly [weight: number, commands: Arbitrary<LifeCommand>];

/** What a command does. */
export interface CommandParts {
  /** As a failure shows it. */
  readonly name: string;
  /** Whether it can happen now; without it, always. */
  readonly isPossible?: (facts: Readonly<Facts>) => boolean;
  readonly run: (facts: Facts, world: World) => Promise<void>;
}

/** Make a command, after which every promise must hold. */
export function command({ name, isPossible = () => true, run }: CommandParts): LifeCommand {
  return {
    check: isPossible,
    async run(facts, world) {
      count(facts.tally, 'commands');
      await run(facts, world);
      tellDirectory(facts, world);
      await check(facts, world);
    },
    toString: () => name,
  };
}

/** One of several; `undefined`: there is none. @param which any whole number from 0 */
export function pick<T>(several: readonly T[], which: number): T | undefined {
  return several[which % several.length];
}

/** Have the directory show what `facts` say of its people. */
export function tellDirectory({ people }: Facts, { directory }: World): void {
  directory.setPeople(people.filter(({ isThere }) => isThere).map(entryOf));
}

function entryOf({ entryId, username, email, isDisabled }: Person): MemoryPerson {
  const dn = `uid=${username},ou=people,dc=example,dc=org`;
  const principal = {
    directoryId: DIRECTORY_ID,
    entryId,
    dn,
    username,
    emails: [email],
    fullName: username,
    groups: [],
  };
  return { principal, password: PASSWORD, ...(isDisabled && { state: 'account-disabled' as const }) };
}
