import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import type { Directory } from '../../../../src/ports/directory.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { groupOptions } from '../groups/admit-over.ts';
import { dnOf, ldapDirectory, personAttributes } from '../options.ts';
import { testLeavers } from './leavers-of.ts';

const base = 'ou=groups,dc=example,dc=org';

describe('leavers of OpenLDAP', () => {
  testLeavers(async () => {
    const server = await startOpenLdap({ policies: true });
    return {
      admin: { options: { url: server.url }, dn: server.adminDn, password: server.adminPassword },
      options: {
        urls: [server.url],
        userFilter: '(&(objectClass=person)(!(employeeType=left))(|(uid={username})(mail={username})))',
        attributes: {
          ...personAttributes,
          disabledBy: { pwdAccountLockedTime: 'lockedForEver', shadowExpire: 'daysSince1970' },
        },
        groups: groupOptions({ base, lookUp: 'walk', requiredGroup: `cn=staff,${base}` }),
      },
      dnOf,
      elsewhere: 'ou=services,dc=example,dc=org',
      heldGroup: `cn=developers,${base}`,
      entryOf: (uid) => ({ objectClass: ['inetOrgPerson', 'shadowAccount'], uid, cn: uid, sn: uid }),
      disabled: { pwdAccountLockedTime: '000001010000Z' },
      expired: { shadowExpire: '18000' },
      usernameAttribute: 'uid',
      stayInside: ['lena', 'erin', 'carol'],
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  });
});

describe('rechecks at an OpenLDAP', () => {
  let server: OpenLdap;
  let admin: Client;
  beforeAll(async () => {
    server = await startOpenLdap();
    admin = new Client({ url: server.url });
    await admin.bind(server.adminDn, server.adminPassword);
  });
  afterAll(async () => {
    await admin.unbind();
    await server?.[Symbol.asyncDispose]();
  });
  const idsOf = async (directory: Directory, ...names: string[]) => {
    const found = await Promise.all(names.map((name) => directory.find(name)));
    return found.map((one) => ('principal' in one ? one.principal.entryId : JSON.stringify(one)));
  };
  const recheck = (directory: Directory, ids: readonly string[]) =>
    Promise.all(ids.map((entryId) => directory.recheck({ directoryId: 'corp', entryId })));

  test('cost one search for all who are asked about at once, and one more for each who is missing', async () => {
    await using proxy = await startTcpProxy(server);
    await using directory = ldapDirectory({ urls: [`ldap://127.0.0.1:${proxy.port}`] });
    const there = await idsOf(directory, 'alice', 'bob', 'josé');
    const gone = ['99999999-9999-4999-8999-999999999991', '99999999-9999-4999-8999-999999999992'];
    proxy.resetCounts();
    await recheck(directory, [...there, ...there]);
    expect(proxy.ldapOps().search).toBe(1);
    proxy.resetCounts();
    await recheck(directory, [...there, ...gone, ...gone]);
    // And one, the first time, for what the server supports.
    expect(proxy.ldapOps().search).toBe(4);
    proxy.resetCounts();
    await recheck(directory, gone.slice(0, 1));
    expect(proxy.ldapOps().search).toBe(1);
  });

  test('are by octets where the id is of octets', async () => {
    const attributes = { ...personAttributes, id: 'objectGUID', idSyntax: 'octets' } as const;
    await using directory = ldapDirectory({ urls: [server.url], attributes });
    const gone = '00fc4c420a9be84f8d1eff00c3a97f01';
    expect(await recheck(directory, ['80fc4c420a9be84f8d1eff00c3a97f01', gone])).toMatchObject([
      { principal: { username: 'guid' } },
      { out: 'not-found' },
    ]);
  });

  test('take nobody for gone where the base is not there', async () => {
    await using right = ldapDirectory({ urls: [server.url] });
    await using wrong = ldapDirectory({ urls: [server.url], userBase: 'ou=poeple,dc=example,dc=org' });
    await expect(recheck(wrong, await idsOf(right, 'alice'))).rejects.toMatchObject({ part: 'directory' });
  });

  test('where a template says who is who: nobody is in who is not where it says', async () => {
    const userDnTemplate = 'uid={username},ou=people,dc=example,dc=org';
    await using templated = ldapDirectory({ urls: [server.url], userDnTemplate });
    const everyCharacter = `o'brien, pat+x "q" #1 \\ <a>;=`;
    const ids = await idsOf(templated, 'alice', 'josé', 'star*(user)', everyCharacter, 'carol');
    await admin.modifyDN(dnOf('carol'), 'uid=carol,ou=north,ou=people,dc=example,dc=org');
    expect(await recheck(templated, ids)).toMatchObject([
      ...['alice', 'josé', 'star*(user)', everyCharacter].map((username) => ({ principal: { username } })),
      { out: 'not-found' },
    ]);
    await using searched = ldapDirectory({ urls: [server.url] });
    expect(await recheck(searched, ids.slice(-1))).toMatchObject([{ principal: { username: 'carol' } }]);
  });
});
