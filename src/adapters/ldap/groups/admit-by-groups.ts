import { Unavailable } from '../../../errors.ts';
import type { Admitted } from '../../../ports/directory.ts';
import type { Log } from '../../../ports/log.ts';
import type { Principal } from '../../../ports/principal.ts';
import { createInChainLookUp } from './by-in-chain.ts';
import { createMemberOfLookUp } from './by-member-of.ts';
import { createTokenGroupsLookUp } from './by-token-groups.ts';
import { createWalkLookUp } from './by-walk.ts';
import type { GroupLookUp, GroupScope, GroupSearch, Memberships } from './group-look-up.ts';
import { type GroupOptions, type GroupPlaces, groupPlaces } from './group-options.ts';
import { createNamesForGateways } from './names-for-gateways.ts';
import { normalDn } from './normal-dn.ts';
import { createTellMissing } from './tell-missing.ts';

/**
 * Reads a proven person's groups and decides by them, by the search `through` where one is given for this time. Throws
 * `Unavailable`, and what the search throws.
 */
export type Admit = (principal: Principal, signal?: AbortSignal, through?: GroupSearch) => Promise<Admitted>;

/** What the decision is made with. */
export interface AdmitParts {
  /** As the service account; `undefined`: there is none, and no groups can be read. */
  readonly search: GroupSearch | undefined;
  readonly log: Log;
}

/** How each way of the settings looks groups up. */
export const LOOK_UPS: Record<
  GroupOptions['lookUp'],
  (search: GroupSearch, scope: GroupScope) => GroupLookUp
> = {
  memberOf: createMemberOfLookUp,
  inChain: createInChainLookUp,
  tokenGroups: createTokenGroupsLookUp,
  walk: createWalkLookUp,
};

/**
 * Make the decision. A group that denies wins over the one that is required; where a bound was reached and one
 * of them may be beyond it, nobody is let in and nobody refused.
 * @param userBase its top is where groups are, where the settings do not say
 * @throws {Error} where a DN of the settings is none, or groups decide and cannot be read
 */
export function createAdmitByGroups(
  { search, log }: AdmitParts,
  options: GroupOptions,
  userBase: string,
): Admit {
  const places = groupPlaces(options, userBase);
  if (places && !search && (places.required !== undefined || places.denied.length > 0)) {
    throw new Error(
      'requiredGroup (LDAP_REQUIRED_GROUP), denyGroups: groups are read as the service account; set bindDn and bindPassword',
    );
  }
  if (!places || !search) return async (principal) => ({ principal: { ...principal, groups: [] } });

  const createLookUp = LOOK_UPS[options.lookUp];
  const scope = { ...options, ...places };
  const usual = createLookUp(search, scope);
  const namesOf = createNamesForGateways(options, log);
  const tellMissing = createTellMissing(search, log);
  return async (principal, signal, through) => {
    const lookUp = through ? createLookUp(through, scope) : usual;
    const memberships = await lookUp(principal, signal);
    if (isPermitted(memberships, places)) {
      return { principal: { ...principal, groups: namesOf(principal, memberships) } };
    }
    if (places.required !== undefined) await tellMissing(principal.directoryId, places.required);
    return { refusal: 'not-permitted' };
  };
}

function isPermitted({ groups, isWhole }: Memberships, { required, denied }: GroupPlaces): boolean {
  const held = new Set(groups.map(({ dn }) => normalDn(dn)));
  if (denied.some((dn) => held.has(dn))) return false;
  const isProven = required === undefined || held.has(required);
  if (!isWhole && (denied.length > 0 || !isProven)) {
    throw new Unavailable(
      'directory',
      'more groups than the server gives or groups.maxGroups and maxDepth allow: whether a group that decides is among them is not known',
    );
  }
  return isProven;
}
