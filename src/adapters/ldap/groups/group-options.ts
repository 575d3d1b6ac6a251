import { isBelow, normalDn, suffixOf } from './normal-dn.ts';

/** Which groups are read, how, and what they decide. */
export interface GroupOptions {
  /** Where groups are whose names gateways are told; `undefined`: they are told none. */
  readonly base: string | undefined;
  /** What the server can do (`config/default.yaml`). */
  readonly lookUp: 'memberOf' | 'inChain' | 'tokenGroups' | 'walk';
  readonly nameAttribute: string;
  readonly maxDepth: number;
  readonly maxGroups: number;
  readonly maxBytes: number;
  /** DN of the group that people must be in. */
  readonly requiredGroup: string | undefined;
  /** DNs of groups whose people are kept out. */
  readonly denyGroups: readonly string[];
}

/** Where to look, and the deciding groups in the one spelling of `normalDn`. */
export interface GroupPlaces {
  readonly base: string;
  readonly outside: readonly string[];
  readonly required: string | undefined;
  readonly denied: readonly string[];
}

/**
 * Read the DNs of the settings.
 * @returns `undefined` where no group is asked for or decides
 * @throws {Error} where one of them is no DN, or nothing says where groups are
 */
export function groupPlaces(options: GroupOptions, userBase: string): GroupPlaces | undefined {
  const { requiredGroup, denyGroups } = options;
  const required =
    requiredGroup === undefined
      ? undefined
      : named('requiredGroup (LDAP_REQUIRED_GROUP)', () => normalDn(requiredGroup));
  const denied = denyGroups.map((dn) => named('denyGroups', () => normalDn(dn)));
  const deciding = required === undefined ? denied : [...denied, required];
  if (options.base === undefined && deciding.length === 0) return undefined;
  const base = options.base ?? named('userBase (LDAP_USER_BASE)', () => suffixOf(userBase));
  if (base === undefined) throw new Error('groups.base: missing; write the DN below which groups are');
  const outside = named('groups.base', () => deciding.filter((dn) => !isBelow(dn, base)));
  // Parsed here though nothing is outside of it, so that its faults stop the start.
  named('groups.base', () => normalDn(base));
  return { base, outside: [...new Set(outside)], required, denied };
}

function named<T>(setting: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`${setting}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
