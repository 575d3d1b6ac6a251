import type { LeaverReason } from '../../../src/ports/account-store.ts';
import type { DirectoryName } from '../outcomes/case.ts';
import { dnElsewhere, type Leavable, left, mark, member, rename } from './leavable.ts';

/** Who tells of a change: the watch, at its next look; or revalidation alone, when the key is next asked about. */
export type SeenBy = 'watch' | 'revalidation';

/** Somebody, and where they are. */
export interface Person {
  readonly name: string;
  readonly dn: string;
  /** The group that holds them, and that the required group holds. */
  readonly group: string;
}

/** A change to somebody's entry or groups, and who sees it at each directory. */
export interface Change extends Record<DirectoryName, SeenBy> {
  /** Somebody … */
  readonly what: string;
  /** What they are called meanwhile. */
  readonly name: string;
  readonly change: (at: Leavable, person: Person) => Promise<void>;
  /** Set where the group that holds them is to be theirs alone. */
  readonly ownGroup?: true;
}

/** A change that kills the key. */
export interface Leaving extends Change {
  readonly reason: LeaverReason;
  /** Lets them back in; without it there is no way back. */
  readonly back?: (at: Leavable, person: Person) => Promise<void>;
}

/** Seen by the watch at every directory. */
const everywhere = { openLdap: 'watch', activeDirectory: 'watch', ds389: 'watch' } as const;
/** DirSync tells of deletions to who may read the deleted objects; a search by modifyTimestamp cannot find who is gone. */
const whereDeletionsAreTold = {
  openLdap: 'revalidation',
  activeDirectory: 'watch',
  ds389: 'revalidation',
} as const;

/** Every way out. */
export const leavings: readonly Leaving[] = [
  {
    what: 'disabled',
    name: 'disabled',
    reason: 'account-disabled',
    change: (at, { dn }) => mark(at, dn, at.disabled, true),
    back: (at, { dn }) => mark(at, dn, at.disabled, false),
    ...everywhere,
  },
  {
    what: 'expired',
    name: 'expired',
    reason: 'account-disabled',
    change: (at, { dn }) => mark(at, dn, at.expired, true),
    back: (at, { dn }) => mark(at, dn, at.expired, false),
    ...everywhere,
  },
  {
    what: 'deleted',
    name: 'deleted',
    reason: 'not-found',
    change: (at, { dn }) => at.admin.del(dn),
    ...whereDeletionsAreTold,
  },
  {
    what: 'moved out of the base',
    name: 'moved',
    reason: 'not-found',
    change: (at, { dn }) => at.admin.modifyDN(dn, dnElsewhere(at, dn)),
    back: (at, { dn }) => at.admin.modifyDN(dnElsewhere(at, dn), dn),
    ...everywhere,
  },
  {
    what: 'left out by the user filter',
    name: 'filtered',
    reason: 'not-found',
    change: (at, { dn }) => mark(at, dn, left, true),
    back: (at, { dn }) => mark(at, dn, left, false),
    ...everywhere,
  },
  {
    what: 'taken out of a group that the required one holds',
    name: 'ungrouped',
    reason: 'not-permitted',
    change: (at, { dn, group }) => member(at, group, 'delete', dn),
    back: (at, { dn, group }) => member(at, group, 'add', dn),
    ...everywhere,
  },
  {
    what: 'in a group that is taken out of the required one',
    name: 'outgrouped',
    ownGroup: true,
    reason: 'not-permitted',
    change: (at, { group }) => member(at, 'staff', 'delete', at.groupDn(group)),
    back: (at, { group }) => member(at, 'staff', 'add', at.groupDn(group)),
    ...everywhere,
  },
];

/** What somebody is called once they are renamed. */
export const renamed = (name: string) => `${name}-new`;

/** A change that the key outlives, under another name. */
export const renaming: Change = {
  what: 'renamed',
  name: 'renamed',
  change: (at, { dn, name }) => rename(at, dn, renamed(name)),
  ...everywhere,
};

/** Changes that set a login name free, for somebody new. */
export const heritages = {
  deletion: {
    what: 'deleted, and the login name given to somebody new',
    name: 'forebear',
    change: (at, { dn }) => at.admin.del(dn),
    ...whereDeletionsAreTold,
  },
  renaming: { ...renaming, what: 'renamed, and the login name given to somebody new', name: 'maiden' },
} as const satisfies Record<string, Change>;
