import { randomBytes } from 'node:crypto';
import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { createMemoryDirectory, type MemoryPerson } from '../../src/adapters/memory/directory.ts';
import { createMemoryLeaverBrake } from '../../src/adapters/memory/leaver-brake.ts';
import { createDirectories } from '../../src/auth/directories.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createFreshen } from '../../src/keys/freshen.ts';
import { createIssueApiKey } from '../../src/keys/issue-api-key.ts';
import { createReadKept } from '../../src/keys/kept-account.ts';
import { createRevalidate } from '../../src/keys/revalidate.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import { createVerifyApiKey } from '../../src/keys/verify-api-key.ts';
import type { NearAccountStore } from '../../src/ports/account-store.ts';
import type { Directory } from '../../src/ports/directory.ts';
import type { Principal } from '../../src/ports/principal.ts';
import { alice } from '../adapters/directory-contract.ts';
import { recordingLog } from '../support/recording-log.ts';
import { issuedOf } from './issued-of.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** How far behind the directory keys may be in these tests, as the settings have it but for the wait. */
export const TIMES = {
  revalidateAfterMs: MINUTE_MS,
  maxStalenessMs: 5 * MINUTE_MS,
  revalidateWithinMs: 50,
  outageGraceMs: 24 * HOUR_MS,
  restoreAfterMs: 15 * MINUTE_MS,
  forgetAfterMs: undefined,
};

/** Somebody of the directory, who may be in a state. */
export function somebody(number: number, state?: MemoryPerson['state']): MemoryPerson {
  const username = `person${number}`;
  const principal = { ...alice, entryId: `entry-${number}`, username, emails: [`${username}@example.org`] };
  return { principal, password: 'right', ...(state && { state }) };
}

/** Alice, in a state perhaps, and as `changes` have her. */
export function aliceAs(changes: Partial<Principal> = {}, state?: MemoryPerson['state']): MemoryPerson {
  return { principal: { ...alice, ...changes }, password: 'right', ...(state && { state }) };
}

/** How the domain is put together. */
export interface RevalidatingOptions {
  readonly people?: readonly MemoryPerson[];
  readonly allowSharedEmails?: boolean;
  /** Stands in front of the directory. */
  readonly wrap?: (directory: Directory) => Directory;
}

/** Keys over a directory and a store of this process, with a clock that the test moves. */
export function startRevalidating({
  people = [aliceAs()],
  wrap = (it) => it,
  ...options
}: RevalidatingOptions = {}) {
  let clock = Date.UTC(2026, 5, 1);
  const now = () => clock;
  const memory = createMemoryDirectory(people);
  const directory = createDirectories(new Map([['corp', { directory: wrap(memory), emailDomains: [] }]]));
  const kept = createMemoryAccountStore(now);
  const writes: string[] = [];
  const accounts: NearAccountStore = {
    ...kept,
    confirm: (...args) => {
      writes.push('confirm');
      return kept.confirm(...args);
    },
    suspend: (...args) => {
      writes.push('suspend');
      return kept.suspend(...args);
    },
  };
  const log = recordingLog();
  const parts = {
    ...{ accounts, directory, log, now, randomBytes, ...TIMES },
    canonical: createCanonicalName([]),
    ring: createSecretRing([Buffer.alloc(32, 1)]),
    maxAgeMs: undefined,
    allowSharedEmails: options.allowSharedEmails ?? false,
    brake: createMemoryLeaverBrake({ share: 0.5, atLeast: 5, windowMs: 5 * MINUTE_MS }, now),
    elapsed: now,
  };
  const revalidate = createRevalidate(parts);
  const freshen = createFreshen({ ...parts, revalidate }, TIMES);
  const readKept = createReadKept(accounts);
  const issueApiKey = createIssueApiKey({ ...parts, revalidate });
  return {
    ...{ memory, accounts, writes, log, revalidate, brake: parts.brake },
    verify: createVerifyApiKey({ ...parts, freshen }),
    advance: (ms: number) => {
      clock += ms;
    },
    tryToIssue: async (principal: Principal = alice) => issueApiKey(principal, await readKept(principal)),
    issue: async (principal: Principal = alice) =>
      issuedOf(await issueApiKey(principal, await readKept(principal))),
  };
}
