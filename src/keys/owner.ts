import { isDeepStrictEqual } from 'node:util';
import type { Owner } from '../ports/account-store.ts';
import type { Principal } from '../ports/principal.ts';
import { type CanonicalName, isTooLongForAName } from './canonical-name.ts';

/** A renamed person's clients go on sending the old name; this many old ones are still taken. */
const FORMER_NAMES = 4;

/**
 * What the account keeps of a principal who has at least one email; whether that is shared is not judged here.
 * @param before what it kept until now; `undefined` for a new account
 * @throws {RangeError} where the principal has no email
 */
export function ownerOf(principal: Principal, before: Owner | undefined, canonical: CanonicalName): Owner {
  const { username, emails, fullName, groups } = principal;
  const email = emails.find((one) => one === before?.email) ?? emails[0];
  if (email === undefined) throw new RangeError('an account needs an email');
  const now = new Set([username, ...emails].map(canonical));
  const past = before ? [before.username, ...before.emails, ...before.formerNames] : [];
  const former = new Map(past.map((name) => [canonical(name), name] as const).reverse());
  const formerNames = [...former]
    .reverse()
    .filter(([name]) => !now.has(name))
    .map(([, name]) => name)
    .slice(0, FORMER_NAMES);
  return { username, email, emails, fullName, groups, formerNames };
}

/** Whether `name`, as a client sends it beside the key, is one of the owner's: login name or email, now or lately. */
export function isOwnersName(owner: Owner, name: string, canonical: CanonicalName): boolean {
  if (isTooLongForAName(name)) return false;
  if (name === owner.email || name === owner.username) return true;
  const wanted = canonical(name);
  return [owner.username, ...owner.emails, ...owner.formerNames].some((one) => canonical(one) === wanted);
}

/** Whether two owners say the same, so that nothing need be written. */
export function sameOwner(a: Owner, b: Owner): boolean {
  return isDeepStrictEqual(a, b);
}
