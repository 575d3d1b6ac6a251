import type { Entry } from 'ldapts';
import type { Log } from '../../../ports/log.ts';
import type { Principal } from '../../../ports/principal.ts';
import { accountState } from './disabled-rules.ts';
import { type PersonAttributes, principalOf } from './principal-of.ts';

/** How entries of people are read. */
export interface ReadPersonOptions {
  /** The directory's. */
  readonly id: string;
  readonly attributes: PersonAttributes;
  /** Where set, emails are login name and this domain. */
  readonly emailDomain: string | undefined;
}

/** The person whom an entry describes, and whether it says that the account is disabled or has expired. */
export type ReadPerson = (entry: Entry) => { readonly principal: Principal; readonly isDisabled?: true };

/**
 * Make what reads entries; it throws what {@link principalOf} throws. An account whose state cannot be read is taken
 * for disabled, and the log says so each time.
 * @param now milliseconds since 1970
 */
export function createReadPerson(
  { now, log }: { readonly now: () => number; readonly log: Log },
  { id, attributes, emailDomain }: ReadPersonOptions,
): ReadPerson {
  return (entry) => {
    const principal = principalOf(id, entry, attributes, emailDomain);
    const state = accountState(entry, attributes.disabledBy, now());
    if (state === 'active') return { principal };
    if (state !== 'disabled') {
      const where = { directory: id, dn: entry.dn, attribute: state.unreadable };
      log.warn(where, 'somebody is taken for disabled, since the attribute that would tell cannot be read');
    }
    return { principal, isDisabled: true };
  };
}
