import fc from 'fast-check';
import { command, type LifeCommand, type Weighted } from './command.ts';
import type { Facts } from './facts.ts';
import { LEAPS, TIMES } from './times.ts';

/** A second after a question without an answer it is asked again; and some patience. */
const PAUSE_MS = 1_500;

let servers = 0;

/** What becomes of the directory's servers, and time. */
export const weatherCommands: readonly Weighted[] = [
  [
    2,
    fc.boolean().map((isNoticed) =>
      command({
        name: `the directory goes away, which is ${isNoticed ? '' : 'not '}noticed`,
        isPossible: ({ outageSince }) => outageSince === undefined,
        async run(facts, { directory }) {
          facts.outageSince = facts.now;
          directory.setAway(true);
          directory.setUp(!isNoticed);
        },
      }),
    ),
  ],
  [
    3,
    fc.constant(
      command({
        name: 'the directory comes back',
        isPossible: ({ outageSince }) => outageSince !== undefined,
        async run(facts, { directory }) {
          if (directory.isUp('')) facts.pausesEndAt = performance.now() + PAUSE_MS;
          facts.outageSince = undefined;
          directory.setAway(false);
        },
      }),
    ),
  ],
  [
    1,
    fc.constant(
      command({
        name: 'another server of the directory answers',
        async run(facts, { directory }) {
          directory.setServer(`server ${++servers}`);
          for (const person of facts.people) person.isOneServers = false;
        },
      }),
    ),
  ],
  [9, passing()],
];

/** Time passes. */
function passing(): fc.Arbitrary<LifeCommand> {
  return fc.oneof(
    ...Object.entries(LEAPS).map(([leap, { ms, weight }]) => ({
      weight,
      arbitrary: fc.constant(
        command({
          name: `${leap} passes`,
          async run(facts, world) {
            await world.pass(ms);
            facts.now += ms;
            forget(facts);
          },
        }),
      ),
    })),
  );
}

/** Whoever is out for long may be forgotten, let in again or not, where nobody has asked; nobody is who is stopped. */
function forget({ accounts, now }: Facts): void {
  for (const account of accounts.values()) {
    const since = account.doubtfulSince;
    if (since === undefined || account.isStopped) continue;
    if (now - since > TIMES.forgetAfterMs) account.mayBeForgotten = true;
  }
}
