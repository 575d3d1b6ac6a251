import type { Entry } from 'ldapts';
import type { Lockout } from '../../../ports/directory.ts';
import type { Log } from '../../../ports/log.ts';
import { untilAborted } from '../until-aborted.ts';
import { activeDirectory } from './active-directory.ts';
import { firstValue } from './first-value.ts';
import { passwordPolicy } from './password-policy.ts';
import { createPolicies, type PolicySearch } from './policies.ts';
import type { PolicyForm } from './policy-form.ts';
import { policyFormOf } from './policy-form-of.ts';
import { createTellOnce } from './tell-once.ts';

/** What is known of a directory's lockout beforehand. */
export interface LockoutOptions {
  /** Holds for everybody instead of what the directory says. */
  readonly threshold: number | undefined;
  /** The DN of OpenLDAP's default policy. */
  readonly policyDn: string | undefined;
}

/** Reads when a directory would lock somebody out. */
export interface LockoutReader {
  /** What to ask for now with the search for a person: a server gives these attributes only by name. */
  readonly attributes: readonly string[];
  /**
   * What holds for the person who was found; `undefined`: the directory locks nobody out, or does not say. Costs
   * searches only while the policy is not known, or was read five minutes ago; throws nothing but the reason of
   * an aborted `signal`.
   */
  readonly lockoutOf: (person: Entry, signal?: AbortSignal) => Promise<Lockout | undefined>;
}

/** What the settings say about a lockout; `undefined`: nothing. */
export function lockoutByThreshold(threshold: number | undefined): Lockout | undefined {
  return threshold === undefined ? undefined : { threshold, windowMs: undefined };
}

/** What reading rests on. */
export interface LockoutParts {
  readonly search: PolicySearch;
  /** Told, once of each, what cannot be read. */
  readonly log: Log;
  readonly now?: () => number;
}

const NO_DEFAULT =
  'the directory has password policies and names no default: set lockout.policyDn or lockout.threshold; until then guessing may lock people out';

/**
 * Make a reader.
 * @param directory its id, in the log
 */
export function createLockoutReader(
  { search, log, now = () => performance.now() }: LockoutParts,
  directory: string,
  { threshold, policyDn }: LockoutOptions,
): LockoutReader {
  const byThreshold = lockoutByThreshold(threshold);
  if (byThreshold) return { attributes: [], lockoutOf: async () => byThreshold };
  // Some directories complain in their log of attributes that they do not know.
  let attributes = [activeDirectory, passwordPolicy(undefined)].map(({ personAttribute }) => personAttribute);
  const tell = createTellOnce(log, directory);
  const policies = createPolicies({ search, tell, now });

  const read = async (person: Entry): Promise<Lockout | undefined> => {
    const rootDse = await policies.rootDse();
    if (!rootDse) return undefined;
    const form = policyFormOf(rootDse, policyDn);
    attributes = form ? [form.personAttribute] : [];
    if (!form) return undefined;
    const dns = policiesOf(person, form);
    if (dns.length === 0) tell({}, NO_DEFAULT);
    for (const dn of dns) {
      const stated = await policies.at(dn, form);
      if (stated) return stated === 'never' ? undefined : stated;
    }
    return undefined;
  };
  const unread = (err: unknown) => {
    tell({}, 'what the directory says about its lockout could not be read', err);
    return undefined;
  };
  return {
    get attributes() {
      return attributes;
    },
    lockoutOf: (person, signal) => untilAborted(read(person).catch(unread), signal),
  };
}

/** The person's own policy first: where that cannot be read, the default is nearer to it than none. */
function policiesOf(person: Entry, form: PolicyForm): string[] {
  const dns = [firstValue(person, form.personAttribute), form.defaultPolicy(person)];
  return dns.filter((dn) => dn !== undefined);
}
