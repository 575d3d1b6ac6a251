import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { attributeName } from '../../../src/adapters/ldap/attribute-name.ts';
import { attributeValues } from '../../../src/adapters/ldap/attribute-values.ts';
import { normalDn } from '../../../src/adapters/ldap/groups/normal-dn.ts';
import { type OpenLdap, startOpenLdap } from '../../support/open-ldap.ts';
import { admitOver } from './groups/admit-over.ts';
import { dnOf, ldapDirectory, personAttributes } from './options.ts';

/** slapd's own settings, which no person has. */
const CONFIGURATION = /^olc/;

/** The attributes of a schema (RFC 4512, 4.1.2): each by its object identifier and all of its names. */
function attributesOf(schema: readonly string[]): readonly (readonly string[])[] {
  return schema.flatMap((text) => {
    const [, oid, many, one] = /^\( (\S+) NAME (?:\( ([^)]*)\)|'([^']*)')/.exec(text) ?? [];
    const names = one === undefined ? many?.match(/[^' ]+/g) : [one];
    return oid === undefined || !names || CONFIGURATION.test(names[0] ?? '') ? [] : [[oid, ...names]];
  });
}

describe('the name of an attribute', () => {
  test.each([
    ['userid', 'uid'],
    ['USERID', 'uid'],
    ['0.9.2342.19200300.100.1.1', 'uid'],
    ['commonName', 'cn'],
    ['2.5.4.3', 'cn'],
    ['rfc822Mailbox', 'mail'],
    ['domainComponent', 'dc'],
    ['organizationalUnitName', 'ou'],
    ['1.2.840.113556.1.2.102', 'memberof'],
    ['1.2.840.113556.1.4.221', 'samaccountname'],
    ['2.5.4.3;lang-de', 'cn;lang-de'],
    ['member;range=0-1499', 'member;range=0-1499'],
    ['extensionAttribute1', 'extensionattribute1'],
    ['2.5.4.33333', '2.5.4.33333'],
  ])('of %s is %s', (written, name) => {
    expect(attributeName(written)).toBe(name);
  });

  test('finds the values by whichever the server answers, beside the empty list of the one that was asked', () => {
    const entry = { dn: dnOf('alice'), uid: 'alice', userid: [], 'cn;lang-de': 'Alice' };
    expect(attributeValues(entry, 'userid')).toEqual(['alice']);
    expect(attributeValues(entry, '0.9.2342.19200300.100.1.1')).toEqual(['alice']);
    expect(attributeValues(entry, 'cn')).toEqual([]);
  });

  test('makes one spelling of DNs', () => {
    expect(normalDn('userid=Alice,2.5.4.11=people,domainComponent=example,DC=org')).toBe(
      normalDn('uid=alice,ou=people,dc=example,dc=org'),
    );
    expect(normalDn('commonName=a+0.9.2342.19200300.100.1.1=b')).toBe(normalDn('uid=b+cn=a'));
    expect(normalDn('cn=alice')).not.toBe(normalDn('uid=alice'));
  });
});

describe('attributes by another name at OpenLDAP', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test('are those that its schema gives several names', async () => {
    await using client = new Client({ url: server.url });
    await client.bind(server.serviceDn, server.servicePassword);
    const { searchEntries } = await client.search('cn=Subschema', {
      scope: 'base',
      attributes: ['attributeTypes'],
    });
    const schema = attributesOf([searchEntries[0]?.['attributeTypes'] ?? []].flat().map(String));
    const several = schema.filter(([, ...names]) => names.length > 1);
    expect(several.length).toBeGreaterThan(15);
    for (const names of several) {
      expect([names, new Set(names.map(attributeName))]).toEqual([names, new Set([names[1]?.toLowerCase()])]);
    }
    // No object identifier of ours is another attribute's.
    const known = schema.filter(([oid = '']) => attributeName(oid) !== oid);
    expect(known.length).toBeGreaterThan(40);
    for (const [oid = '', ...names] of known) expect(names.map(attributeName)).toContain(attributeName(oid));
  });

  test.each([
    ['uid', 'mail', 'cn', 'entryUUID'],
    ['userid', 'rfc822Mailbox', 'commonName', 'ENTRYUUID'],
    [...['0.9.2342.19200300.100.1.1', '0.9.2342.19200300.100.1.3', '2.5.4.3', '1.3.6.1.1.16.4']],
  ] as const)('say the same of a person: %s, %s, %s, %s', async (username, email, fullName, id) => {
    const attributes = { ...personAttributes, username, email, fullName, id };
    await using directory = ldapDirectory({ urls: [server.url], attributes });
    const alice = {
      entryId: '11111111-1111-4111-8111-111111111111',
      ...{ username: 'alice', emails: ['alice@example.org'], fullName: 'Alice Archer' },
    };
    const found = await directory.find('alice');
    expect(found).toMatchObject({ principal: alice });
    if (!('principal' in found)) throw new Error('nobody was found');
    expect(await directory.verifyPassword(found.principal, 'alice-secret')).toMatchObject({
      principal: alice,
    });
    expect(await directory.recheck(found.principal)).toMatchObject({ principal: alice });
  });

  test.each([
    'userid={username},ou=people,dc=example,dc=org',
    '0.9.2342.19200300.100.1.1={username},2.5.4.11=people,domainComponent=example,DC=org',
  ])('make a template by which somebody is found, signs in and stays: %s', async (userDnTemplate) => {
    await using directory = ldapDirectory({ urls: [server.url], userDnTemplate });
    const found = await directory.find('alice');
    if (!('principal' in found)) throw new Error('nobody was found');
    expect(await directory.verifyPassword(found.principal, 'alice-secret')).toMatchObject({ principal: {} });
    expect(await directory.recheck(found.principal)).toMatchObject({ principal: { username: 'alice' } });
  });

  describe('name a group', () => {
    const base = 'ou=groups,dc=example,dc=org';
    const alice = { dn: dnOf('alice'), username: 'alice' };
    const byAnotherName = [
      'commonName=developers,organizationalUnitName=groups,domainComponent=example,dc=org',
      '2.5.4.3=developers,2.5.4.11=groups,dc=example,dc=org',
    ];

    test.each(byAnotherName)('that denies: %s', async (group) => {
      expect((await admitOver(server, alice, { base, denyGroups: [group] })).answer).toBe('not-permitted');
    });

    test.each(byAnotherName)('that is required: %s', async (group) => {
      expect((await admitOver(server, alice, { base, requiredGroup: group })).answer).toContain('developers');
    });

    test('and how it is called', async () => {
      const { answer } = await admitOver(server, alice, { base, nameAttribute: '2.5.4.3' });
      expect(answer).toContain('developers');
    });
  });
});
