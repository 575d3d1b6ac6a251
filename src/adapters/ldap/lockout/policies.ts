import { type Entry, InsufficientAccessError, NoSuchObjectError, type SearchOptions } from 'ldapts';
import type { PolicyForm, Stated } from './policy-form.ts';
import { createRemembered, type Remembered, type RememberOptions } from './remembered.ts';
import type { TellOnce } from './tell-once.ts';

/** One search as the service account. Throws what `ldapts` throws, and `Unavailable`. */
export type PolicySearch = (base: string, how: SearchOptions) => Promise<readonly Entry[]>;

/** What a directory says about lockouts. Neither throws; each costs a search only now and then. */
export interface Policies {
  /** The root DSE; `undefined` while it could not be read. */
  readonly rootDse: Remembered<Entry | undefined>;
  /** What the policy at a DN states; `undefined` where that cannot be read. */
  readonly at: (dn: string, form: PolicyForm) => Promise<Stated | undefined>;
}

/** What reading rests on; `now` in milliseconds from anywhere. */
export interface PolicyParts {
  readonly search: PolicySearch;
  readonly tell: TellOnce;
  readonly now: () => number;
}

/** Policies change by an administrator's hand, and a server that is slow to state them must not slow sign-ins down. */
const REMEMBER: RememberOptions = { freshMs: 300_000, retryMs: 30_000, waitMs: 500 };

/** What of the root DSE tells directories apart (RFC 4512, 5.1; RFC 3045; MS-ADTS, 3.1.1.3.2). */
const ROOT_DSE_ATTRIBUTES = [
  'domainFunctionality',
  'supportedCapabilities',
  'supportedControl',
  'vendorName',
];

/** 389 Directory Server keeps policies in entries that searches pass over unless they ask for them. */
const ANY_POLICY = '(|(objectClass=*)(objectClass=ldapsubentry))';

/** Make what reads them, each when first asked for. An administrator writes their DNs, so that they are few. */
export function createPolicies({ search, tell, now }: PolicyParts): Policies {
  const known = new Map<string, Remembered<Stated | undefined>>();
  const remember = <T>(what: string, read: () => Promise<T>) =>
    createRemembered(
      read,
      REMEMBER,
      (err) => tell({ what }, 'the directory did not say when it locks people out', err),
      now,
    );
  const read = async (dn: string, { policyAttributes, statedIn }: PolicyForm) => {
    const how: SearchOptions = { scope: 'base', filter: ANY_POLICY, attributes: [...policyAttributes] };
    const [entry] = await search(dn, how).catch(noPolicy);
    const found = entry && statedIn(entry);
    if (!found) {
      tell(
        { policy: dn },
        'the service account cannot read a lockout policy: let it, or set lockout.threshold; until then guessing may lock people out',
      );
    }
    return found;
  };
  return {
    rootDse: remember('the root DSE', async () => {
      const [entry] = await search('', { scope: 'base', attributes: ROOT_DSE_ATTRIBUTES });
      return entry;
    }),
    at(dn, form) {
      const policy = known.get(dn) ?? remember(dn, () => read(dn, form));
      known.set(dn, policy);
      return policy();
    },
  };
}

/** What a search at a policy gives where the server says that there is none for us; throws what is no answer. */
function noPolicy(failure: unknown): readonly Entry[] {
  if (failure instanceof NoSuchObjectError || failure instanceof InsufficientAccessError) return [];
  throw failure;
}
