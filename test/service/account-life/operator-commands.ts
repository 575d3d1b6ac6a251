import fc from 'fast-check';
import { command, type LifeCommand, pick, type Weighted } from './command.ts';
import { type AccountFact, endKeys, type Facts, isIn, personOf, type ReplicaNumber } from './facts.ts';
import { DIRECTORY_ID, type World } from './world.ts';

const which = fc.nat({ max: 1000 });

/** What operators do, to accounts and to replicas. */
export const operatorCommands: readonly Weighted[] = [
  [
    2,
    toAccount('suspend', async (_facts, { accounts }, account) => {
      account.isStopped = await accounts.suspendByOperator(account.id);
    }),
  ],
  [
    3,
    toAccount('restore', async (facts, { accounts }, account) => {
      if (!(await accounts.restore(account.id))) return;
      account.isStopped = false;
      account.answeredAt = Number.NEGATIVE_INFINITY;
      const person = personOf(facts, account);
      account.doubtfulSince = isIn(person) ? undefined : facts.now;
      person.isTold = false;
    }),
  ],
  [
    1,
    toAccount('revoke', async (facts, { accounts }, { id }) => {
      await accounts.revoke(id);
      endKeys(facts, id, 'revoked');
    }),
  ],
  [
    1,
    toAccount('delete', async (facts, { accounts }, account) => {
      await accounts.remove(account.id);
      await accounts.unpoint(DIRECTORY_ID, account.entryId, account.id);
      account.isDeleted = true;
      endKeys(facts, account.id, 'deleted');
    }),
  ],
  [
    5,
    fc.constantFrom<ReplicaNumber>(0, 1).map((replica) =>
      command({
        name: `rotate the secrets of ${replica}`,
        // A step is for all: nobody makes the next before everybody has made this one.
        isPossible: ({ rotations: [one, other] }) => (replica === 0 ? one <= other : other <= one),
        async run(facts, world) {
          facts.rotations[replica]++;
          facts.rings[replica] = await world.rotate(replica, facts.rotations[replica]);
        },
      }),
    ),
  ],
];

function toAccount(
  what: string,
  change: (facts: Facts, world: World, account: AccountFact) => Promise<void>,
): fc.Arbitrary<LifeCommand> {
  const own = ({ accounts }: Readonly<Facts>) => [...accounts.values()].filter(({ isDeleted }) => !isDeleted);
  return which.map((account) =>
    command({
      name: `operator: ${what} #${account}`,
      isPossible: (facts) => own(facts).length > 0,
      run: (facts, world) => change(facts, world, pick(own(facts), account) as AccountFact),
    }),
  );
}
