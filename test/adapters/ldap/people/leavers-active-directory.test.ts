import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { type SambaAd, startSambaAd } from '../../../support/samba-ad.ts';
import { groupOptions } from '../groups/admit-over.ts';
import { ldapDirectory } from '../options.ts';
import { activeDirectoryPreset } from '../passwords/active-directory-preset.ts';
import { testLeavers } from './leavers-of.ts';

const suffix = 'DC=ad,DC=example,DC=org';
const base = `OU=Groups,${suffix}`;
const dnOf = (name: string) => `CN=${name},OU=People,${suffix}`;
/** Enabled, and in need of no password. */
const entryOf = (name: string) => ({
  ...{ objectClass: 'user', sAMAccountName: name, userAccountControl: '544' },
});
const optionsOf = (server: SambaAd) => ({
  ...activeDirectoryPreset,
  ...{ urls: [server.url], bindDn: server.serviceDn, bindPassword: server.servicePassword },
});

describeWithDirectory('samba-ad', 'leavers of Active Directory', () => {
  testLeavers(async () => {
    const server = await startSambaAd();
    return {
      admin: { options: { url: server.url }, dn: server.adminDn, password: server.adminPassword },
      options: {
        ...optionsOf(server),
        userFilter: `(&(!(employeeType=left))${activeDirectoryPreset.userFilter})`,
        groups: groupOptions({ base, lookUp: 'tokenGroups', requiredGroup: `CN=staff,${base}` }),
      },
      dnOf,
      elsewhere: `OU=Services,${suffix}`,
      heldGroup: `CN=developers,${base}`,
      entryOf,
      disabled: { userAccountControl: '546' },
      expired: { accountExpires: '132223104000000000' },
      usernameAttribute: 'sAMAccountName',
      stayInside: ['lena', 'erin', 'carol', 'hugo', 'wanda'],
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  });
});

describeWithDirectory(
  'samba-ad',
  'a whole domain of Active Directory, which refers to the rest of the forest',
  () => {
    let server: SambaAd;
    let admin: Client;
    beforeAll(async () => {
      server = await startSambaAd();
      admin = new Client({ url: server.url, timeout: 30_000 });
      await admin.bind(server.adminDn, server.adminPassword);
    });
    afterAll(async () => {
      await admin.unbind();
      await server?.[Symbol.asyncDispose]();
    });

    test('shows that somebody was deleted', async () => {
      const { searchReferences } = await admin.search(suffix, { filter: '(sAMAccountName=nobody)' });
      expect(searchReferences).not.toEqual([]);
      await using directory = ldapDirectory({ ...optionsOf(server), userBase: suffix });
      await admin.add(dnOf('leaver'), entryOf('leaver'));
      const found = await Promise.all(['alice', 'leaver'].map((name) => directory.find(name)));
      const people = found.flatMap((one) => ('principal' in one ? [one.principal] : []));
      const recheck = () => Promise.all(people.map((person) => directory.recheck(person)));
      expect(await recheck()).toMatchObject(
        ['alice', 'leaver'].map((username) => ({ principal: { username } })),
      );
      await admin.del(dnOf('leaver'));
      expect(await recheck()).toMatchObject([{ principal: { username: 'alice' } }, { out: 'not-found' }]);
    });
  },
);
