import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMemoryDirectory, type MemoryDirectory } from '../../../src/adapters/memory/directory.ts';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import { createDirectories } from '../../../src/auth/directories.ts';
import { createSecretRing, type SecretRing } from '../../../src/keys/secret-ring.ts';
import type { AccountStore } from '../../../src/ports/account-store.ts';
import { sampleAccount } from '../../adapters/account-store-contract.ts';
import { openClient } from '../../adapters/redis/redis-forms.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { PATIENCE_MS, until } from '../../support/until.ts';
import type { ReplicaNumber } from './facts.ts';
import { createInFlight } from './in-flight.ts';
import { ageAccounts, allText } from './redis-by-hand.ts';
import { type Replica, startReplica } from './replica.ts';
import { Violation } from './violation.ts';

/** The id of the one directory. */
export const DIRECTORY_ID = 'corp';

/** The real parts: a Redis, two replicas on it and one directory before them. */
export interface World extends AsyncDisposable {
  readonly directory: MemoryDirectory;
  readonly replicas: readonly [Replica, Replica];
  /** As an operator's command has them: kept near nobody. */
  readonly accounts: AccountStore;
  /** All that the replicas have logged. */
  readonly lines: readonly string[];
  /** Starts a replica anew with the ring of that step of the rotation. Gives the ids of its secrets. */
  rotate(replica: ReplicaNumber, step: number): Promise<readonly string[]>;
  /** Resolves when everybody has been asked who was to be, and both replicas have heard of every change. */
  settled(): Promise<void>;
  /** Makes everything that accounts say so much older, in milliseconds. */
  pass(ms: number): Promise<void>;
  /** Resolves when Redis's clock shows another millisecond than at any change until now. */
  tick(): Promise<void>;
  /** Every text in Redis. */
  texts(): Promise<readonly string[]>;
}

/** Nobody's account, which is changed to see whether a change is heard of. */
export const CANARY = 1;
const CANARY_OWNER = sampleAccount(CANARY).owner;

/** The ring of a step: alone, with the next one added last, with the next one first, and then the next one alone. */
export function ringAt(step: number): SecretRing {
  const secret = (at: number) => Buffer.alloc(32, `secret ${at} `);
  const [cycle, phase] = [Math.floor(step / 3), step % 3];
  const [old, next] = [secret(cycle), secret(cycle + 1)];
  return createSecretRing(phase === 0 ? [old] : phase === 1 ? [old, next] : [next, old]);
}

/** Two milliseconds, and the one that the beginning of a check is rounded by. */
const TICK_MICROS = 3_000;

/** Begin with an empty Redis. @param url of one that is nobody else's */
export async function startWorld(url: string): Promise<World> {
  await using starting = new AsyncDisposableStack();
  const options = { url, keyPrefix: 'life:', connectTimeoutMs: 10_000, commandTimeoutMs: 10_000 };
  const { client } = await openClient(options);
  starting.defer(() => client.disconnect());
  await client.flushall();
  const accounts = createRedisAccountStore(client);
  await accounts.create(sampleAccount(CANARY));
  const directory = createMemoryDirectory([]);
  const log = recordingLog();
  const inFlight = createInFlight();
  const all = createDirectories(new Map([[DIRECTORY_ID, { directory, emailDomains: [] }]]));
  const start = (step: number) =>
    startReplica({ redis: options, directory: all, ring: ringAt(step), log, inFlight });
  const replicas: [Replica, Replica] = [await start(0), await start(0)];
  starting.defer(async () => {
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
  });

  const settled = async () => {
    await inFlight.landed();
    for (const replica of replicas) await keepCanary(replica);
    await accounts.updateOwner(CANARY, CANARY_OWNER);
    for (const replica of replicas) await forgotten(replica);
  };
  const parts = starting.move();
  return {
    ...{ directory, replicas, accounts, lines: log.lines, settled },
    async rotate(at, step) {
      await replicas[at][Symbol.asyncDispose]();
      replicas[at] = await start(step);
      return ringAt(step).secrets.map(({ id }) => id);
    },
    async pass(ms) {
      await settled();
      await ageAccounts(client, ms);
      await settled();
    },
    async tick() {
      const micros = async () => {
        const [seconds, rest] = (await client.call('TIME')) as [string, string];
        return Number(seconds) * 1e6 + Number(rest);
      };
      const before = await micros();
      while ((await micros()) < before + TICK_MICROS) await nextTurn();
    },
    texts: () => allText(client),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function keepCanary({ accounts }: Replica): Promise<void> {
  await until('what was read is kept near', async () => {
    await accounts.read(CANARY);
    return accounts.kept(CANARY) !== undefined;
  });
}

async function forgotten({ accounts }: Replica): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (accounts.kept(CANARY)) {
    if (performance.now() > deadline)
      throw new Violation(
        { promise: 2, holds: 'what one replica changes is heard of by the other' },
        'nothing',
      );
    await nextTurn();
  }
}
