import { createMemoryAttemptCounter } from '../../src/adapters/memory/attempt-counter.ts';
import {
  type Authenticate,
  type AuthenticateParts,
  createAuthenticate,
  type SignInAttempt,
} from '../../src/auth/authenticate.ts';
import { createTimedDecoy } from '../../src/auth/decoy.ts';
import { signInBudgets } from '../../src/auth/sign-in-budgets.ts';
import { createThrottle } from '../../src/auth/throttle.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import type { AttemptCounter, Budget } from '../../src/ports/attempt-counter.ts';
import type { Directory } from '../../src/ports/directory.ts';
import type { Principal } from '../../src/ports/principal.ts';
import { recordingLog } from '../support/recording-log.ts';

/** Whom the tests sign in. */
export const alice: Principal = {
  directoryId: 'default',
  entryId: 'e1',
  dn: 'uid=alice',
  username: 'alice',
  emails: ['alice@example.org'],
  fullName: 'Alice',
  groups: [],
};

export const BUDGET: Budget = {
  attempts: 5,
  windowMs: 60_000,
  familiar: { attempts: 5, rememberMs: 600_000 },
};

const canonical = createCanonicalName([]);

/** How the tests name budgets and digest what stands in them. */
export const names = signInBudgets({ ring: createSecretRing([Buffer.alloc(32, 1)]), canonical });

/** What differs from the sign-in that most tests want. */
export interface Differing extends Partial<Omit<AuthenticateParts, 'throttle' | 'directory'>> {
  readonly counter?: AttemptCounter;
  readonly budget?: Budget;
}

/** Authenticate people of `directory`. */
export function authenticating(directory: Directory, differing: Differing = {}): Authenticate {
  const { counter = createMemoryAttemptCounter(Date.now), budget = BUDGET, ...parts } = differing;
  return createAuthenticate({
    directory,
    throttle: createThrottle({ counter, ...names }, budget),
    readKept: async () => ({ id: 42, account: undefined }),
    canonical,
    digestName: names.digestName,
    isApiKey: () => false,
    requireEmail: false,
    decoy: createTimedDecoy(Math.random),
    log: recordingLog(),
    ...parts,
  });
}

/** An attempt of somebody who types this. */
export function attempt(username: string, password: string, address = '192.0.2.1'): SignInAttempt {
  return { username, password, address, admit: async () => {} };
}

/** What of a verdict tests compare: the refusal, or that the person came in. */
export async function outcomeOf(verdict: ReturnType<Authenticate>): Promise<string> {
  const judged = await verdict;
  return 'refusal' in judged ? judged.refusal : 'accepted';
}
