import type { Entry, SearchOptions } from 'ldapts';
import type { Principal } from '../../../ports/principal.ts';

/** One search as the service account. Throws what `ldapts` throws, and `Unavailable`. */
export type GroupSearch = (
  base: string,
  how: SearchOptions,
  signal?: AbortSignal,
) => Promise<readonly Entry[]>;

/** Where and how far groups are looked for. */
export interface GroupScope {
  readonly base: string;
  /** DNs of groups outside the base that decide about people, and so are looked at too. */
  readonly outside: readonly string[];
  readonly nameAttribute: string;
  /** How many levels of groups in groups are walked up. */
  readonly maxDepth: number;
  /** How many groups one person may be in. */
  readonly maxGroups: number;
}

/** A group that holds a person, by itself or by another that it holds. */
export interface Group {
  readonly dn: string;
  /** `undefined` where the entry has none that can be read. */
  readonly name: string | undefined;
}

/** The groups of one person. */
export interface Memberships {
  readonly groups: readonly Group[];
  /** `false`: there may be more, since one of the bounds was reached. */
  readonly isWhole: boolean;
}

/** Finds a person's groups, nested ones included. Throws where the directory gave no answer. */
export type GroupLookUp = (principal: Principal, signal?: AbortSignal) => Promise<Memberships>;
