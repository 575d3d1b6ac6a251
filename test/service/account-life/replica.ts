import { randomBytes } from 'node:crypto';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import { createRedisAttemptCounter } from '../../../src/adapters/redis/attempt-counter.ts';
import { openRedis } from '../../../src/adapters/redis/client.ts';
import { createRedisLeaverBrake } from '../../../src/adapters/redis/leaver-brake.ts';
import { openNearAccounts } from '../../../src/adapters/redis/open-near-accounts.ts';
import type { RedisOptions } from '../../../src/adapters/redis/redis-options.ts';
import { createRedisSecretRegistry } from '../../../src/adapters/redis/secret-registry.ts';
import { createRedisTicketStore } from '../../../src/adapters/redis/ticket-store.ts';
import { createCanonicalName } from '../../../src/keys/canonical-name.ts';
import { createRingGuard } from '../../../src/keys/ring-guard.ts';
import type { SecretRing } from '../../../src/keys/secret-ring.ts';
import type { NearAccountStore } from '../../../src/ports/account-store.ts';
import type { Directory } from '../../../src/ports/directory.ts';
import type { Log } from '../../../src/ports/log.ts';
import { createUseCases, type UseCases } from '../../../src/use-cases.ts';
import { until } from '../../support/until.ts';
import type { InFlight } from './in-flight.ts';
import { TIMES } from './times.ts';

/** One process of the service, as far as keys go. */
export interface Replica extends AsyncDisposable {
  readonly useCases: UseCases;
  readonly accounts: NearAccountStore;
}

/** What a replica rests on. */
export interface ReplicaParts {
  readonly redis: RedisOptions;
  readonly directory: Directory;
  readonly ring: SecretRing;
  readonly log: Log;
  readonly inFlight: InFlight;
}

const AMPLE = { attempts: 1_000_000, windowMs: 3_600_000 };
/** The brake has tests of its own: nobody is ever stopped by this one. */
const NO_BRAKE = { share: 1, atLeast: 1_000_000, windowMs: 300_000 };
/** Longer than any life lasts: only news end what is kept near. */
const NEAR = { ttlMs: 3_600_000, maxBytes: 10_000_000 };
const UNCOUNTED = { verified() {}, signedIn() {}, revalidated() {}, suspended() {}, restored() {} };

/** Start one on the real adapters of Redis. */
export async function startReplica({
  directory,
  ring,
  log,
  inFlight,
  ...parts
}: ReplicaParts): Promise<Replica> {
  const redis = openRedis(parts.redis, log);
  const near = openNearAccounts({ redis, accounts: createRedisAccountStore(redis), log }, parts.redis, NEAR);
  const brake = createRedisLeaverBrake(redis, NO_BRAKE);
  const secrets = createRedisSecretRegistry(redis);
  const elapsed = () => performance.now();
  const ringGuard = createRingGuard({ ring, secrets, log, elapsed });
  const useCases = createUseCases({
    directory: { ...directory, recheck: inFlight.track(directory.recheck) },
    accounts: { ...near, confirm: inFlight.track(near.confirm), suspend: inFlight.track(near.suspend) },
    brake: { checked: inFlight.track(brake.checked), mayLeave: inFlight.track(brake.mayLeave) },
    attempts: createRedisAttemptCounter(redis),
    tickets: createRedisTicketStore(redis),
    ...{ ring, ringGuard, log, elapsed, randomBytes, now: Date.now, ...TIMES },
    ...{ perUsername: AMPLE, signInWithinMs: 30_000, requireEmail: false, allowSharedEmails: false },
    ...{ canonical: createCanonicalName([]), counts: UNCOUNTED },
  });
  await until('the replica has registered its ring', () => ringGuard.isAccepted());
  return {
    ...{ useCases, accounts: near },
    async [Symbol.asyncDispose]() {
      await near[Symbol.asyncDispose]();
      redis.disconnect();
    },
  };
}
