import { expect, test } from '@jest/globals';
import { createAdmitByGroups } from '../../../../src/adapters/ldap/groups/admit-by-groups.ts';
import type { GroupOptions } from '../../../../src/adapters/ldap/groups/group-options.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { dnOf, principalAt } from '../options.ts';
import { groupOptions } from './admit-over.ts';

const userBase = 'ou=people,dc=example,dc=org';
const staff = 'cn=staff,ou=groups,dc=example,dc=org';
const noSearch = () => {
  throw new Error('searched');
};
const create = (different: Partial<GroupOptions>, search: typeof noSearch | undefined, base = userBase) =>
  createAdmitByGroups({ search, log: recordingLog() }, groupOptions(different), base);

test.each<[string, Partial<GroupOptions>]>([
  ['requiredGroup (LDAP_REQUIRED_GROUP): "staff" is no DN', { requiredGroup: 'staff' }],
  ['denyGroups: "staff" is no DN', { denyGroups: [staff, 'staff'] }],
  ['groups.base: "groups" is no DN', { base: 'groups' }],
  ['groups.base: "groups" is no DN', { base: 'groups', requiredGroup: staff }],
])('%s: the start is refused', (message, different) => {
  expect(() => create(different, noSearch)).toThrow(message);
});

test('without a place for groups that decide the start is refused', () => {
  expect(() => create({ requiredGroup: staff }, noSearch, 'ou=people')).toThrow('groups.base: missing');
});

test('without a service account the start is refused where groups decide', () => {
  expect(() => create({ requiredGroup: staff }, undefined)).toThrow('LDAP_REQUIRED_GROUP');
  expect(() => create({ denyGroups: [staff] }, undefined)).toThrow('denyGroups');
});

test('without a service account, and where nothing asks for groups, there are none', async () => {
  const principal = principalAt(dnOf('alice'));
  const withoutGroups = { principal: { ...principal, groups: [] } };
  const before = { ...principal, groups: ['of old'] };
  expect(await create({ base: 'ou=groups,dc=example,dc=org' }, undefined)(before)).toEqual(withoutGroups);
  expect(await create({}, noSearch)(before)).toEqual(withoutGroups);
});
