import { Client } from 'ldapts';
import type { OpenLdap } from '../../../support/open-ldap.ts';
import { dnOf } from '../options.ts';

/** How many groups uid=crowded is in: more than one filter names. */
export const CROWD = 61;

/** The DN of a group whose name needs no escaping, below ou=groups or another unit. */
export const groupDn = (name: string, ou = 'groups') => `cn=${name},ou=${ou},dc=example,dc=org`;

/**
 * Adds what policies-groups.ldif has not: below ou=more another developers, and outside that holds developers;
 * names beyond ASCII, for uid=josé; a chain of four, the first of which holds uid=chained; a crowd for uid=crowded.
 */
export async function addMoreGroups(server: OpenLdap): Promise<void> {
  await using client = new Client({ url: server.url });
  await client.bind(server.adminDn, server.adminPassword);
  const add = (dn: string, cn: string, ...member: string[]) =>
    client.add(dn, { objectClass: 'groupOfNames', cn, member });
  await client.add('ou=more,dc=example,dc=org', { objectClass: 'organizationalUnit', ou: 'more' });
  await add(groupDn('developers', 'more'), 'developers', dnOf('alice'));
  await add(groupDn('outside', 'more'), 'outside', groupDn('developers'));
  await add(groupDn('für José'), 'für José', dnOf('josé'));
  await add(groupDn('über alle'), 'über alle', groupDn('für José'));
  await add(groupDn('chain-0'), 'chain-0', dnOf('chained'));
  for (const at of [1, 2, 3]) await add(groupDn(`chain-${at}`), `chain-${at}`, groupDn(`chain-${at - 1}`));
  for (let at = 0; at < CROWD; at += 1) await add(groupDn(`crowd-${at}`), `crowd-${at}`, dnOf('crowded'));
}
