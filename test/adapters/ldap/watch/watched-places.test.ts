import { describe, expect, test } from '@jest/globals';
import { type Entry, FilterParser, NoSuchObjectError } from 'ldapts';
import { filterAttributes } from '../../../../src/adapters/ldap/watch/filter-attributes.ts';
import type { WatchSearch } from '../../../../src/adapters/ldap/watch/watch-search.ts';
import { createBasesOf } from '../../../../src/adapters/ldap/watch/watched-bases.ts';
import { watchedGroups } from '../../../../src/adapters/ldap/watch/watched-groups.ts';
import { createNamingContextOf } from '../../../../src/adapters/ldap/watch/watched-places.ts';
import { groupOptions } from '../groups/admit-over.ts';

const userBase = 'ou=people,dc=corp,dc=example,dc=org';
const filter = FilterParser.parseString('(uid=*)');

/** A server of these naming contexts, of which the service account may read one. */
function serverOf(contexts: readonly string[], readable: string) {
  const asked: string[] = [];
  const all = async (base: string): Promise<readonly Entry[]> => {
    asked.push(base);
    if (base === '') return [{ dn: '', namingContexts: [...contexts] }];
    if (base !== readable) throw new NoSuchObjectError();
    return [{ dn: base }];
  };
  const pages = async () => {};
  return { search: { all, pages } satisfies WatchSearch, asked };
}

describe('what is watched', () => {
  test('is the innermost naming context that holds the user base, asked for once', async () => {
    const contexts = ['cn=config', 'DC=example,DC=org', 'DC=Corp,DC=example,DC=org', 'dc=other'];
    const { search, asked } = serverOf(contexts, 'DC=Corp,DC=example,DC=org');
    const basesOf = createBasesOf(createNamingContextOf(search, userBase), userBase, undefined);
    expect(await basesOf()).toEqual(['DC=Corp,DC=example,DC=org']);
    expect(await basesOf()).toEqual(['DC=Corp,DC=example,DC=org']);
    expect(asked).toEqual(['', 'DC=Corp,DC=example,DC=org']);
  });

  test('is the user base, and where groups are, where the context cannot be read', async () => {
    const { search } = serverOf(['dc=example,dc=org'], userBase);
    const options = groupOptions({
      base: 'ou=groups,dc=example,dc=org',
      requiredGroup: 'cn=door,ou=elsewhere,dc=example,dc=org',
      denyGroups: ['cn=gone,ou=groups,dc=example,dc=org'],
    });
    const groups = watchedGroups({ userBase, groups: options }, filter);
    const basesOf = createBasesOf(createNamingContextOf(search, userBase), userBase, groups);
    expect(await basesOf()).toEqual([
      userBase,
      'ou=groups,dc=example,dc=org',
      'cn=door,ou=elsewhere,dc=example,dc=org',
    ]);
  });

  test('is no place twice', async () => {
    const { search } = serverOf([], userBase);
    const groups = watchedGroups(
      { userBase, groups: groupOptions({ base: userBase.toUpperCase() }) },
      filter,
    );
    const basesOf = createBasesOf(createNamingContextOf(search, userBase), userBase, groups);
    expect(await basesOf()).toEqual([userBase]);
  });

  test('are groups where they decide, are told to gateways, or the user filter asks for memberOf', () => {
    const watched = (groups: Parameters<typeof groupOptions>[0], text: string) =>
      watchedGroups({ userBase, groups: groupOptions(groups) }, FilterParser.parseString(text)) !== undefined;
    expect(watched({}, '(uid=a)')).toBe(false);
    expect(watched({ base: 'ou=groups' }, '(uid=a)')).toBe(true);
    expect(watched({ denyGroups: ['cn=gone,dc=example'] }, '(uid=a)')).toBe(true);
    expect(watched({}, '(&(uid=a)(!(MEMBEROF=cn=gone)))')).toBe(true);
  });

  test('are the attributes of the user filter, whatever compares them', () => {
    const text = '(&(a=1)(|(b=*)(c=x*)(d>=1)(e<=1)(f~=1))(!(g=1))(h:caseExactMatch:=1))';
    expect(filterAttributes(FilterParser.parseString(text))).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
      'f',
      'g',
      'h',
    ]);
  });
});
