import type { Entry } from 'ldapts';
import { attributeValues } from '../attribute-values.ts';
import { normalDn } from '../groups/normal-dn.ts';

/** Whom a group holds itself: a DN as `normalDn` writes it, or a login name behind `AS_NAME`. */
export type Member = string;

/** The groups that hold anybody, by their DNs as `normalDn` writes them. */
export type GroupMembers = ReadonlyMap<string, ReadonlySet<Member>>;

/** No DN begins with it, and no login name has it. */
export const AS_NAME = '\0';

/** The attributes that say whom a group holds (groupOfNames, groupOfUniqueNames, posixGroup). */
export const MEMBER_ATTRIBUTES = ['member', 'uniqueMember', 'memberUid'];

/** Whom an entry holds; nobody where it is no group. What is no DN (a uniqueMember may have more) is left out. */
export function membersOf(entry: Entry): ReadonlySet<Member> {
  const members = new Set<Member>();
  for (const attribute of ['member', 'uniqueMember']) {
    for (const value of attributeValues(entry, attribute)) {
      const dn = asDn(value.toString());
      if (dn !== undefined) members.add(dn);
    }
  }
  for (const value of attributeValues(entry, 'memberUid')) members.add(AS_NAME + value.toString());
  return members;
}

/** A DN in its one spelling; `undefined` where the text is none. */
export function asDn(text: string): string | undefined {
  try {
    return normalDn(text);
  } catch {
    return undefined;
  }
}

/** Who is in one of the two and not in the other. */
export function difference(
  before: ReadonlySet<Member> | undefined,
  after: ReadonlySet<Member>,
): readonly Member[] {
  return [
    ...[...after].filter((member) => !before?.has(member)),
    ...[...(before ?? [])].filter((member) => !after.has(member)),
  ];
}
