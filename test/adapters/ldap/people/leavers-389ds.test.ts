import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { startDs389 } from '../../../support/ds389.ts';
import { groupOptions } from '../groups/admit-over.ts';
import { dnOf, personAttributes } from '../options.ts';
import { testLeavers } from './leavers-of.ts';

const base = 'ou=groups,dc=example,dc=org';

describeWithDirectory('ds389', 'leavers of 389 Directory Server', () => {
  testLeavers(async () => {
    const server = await startDs389();
    return {
      admin: { options: { url: server.url }, dn: server.adminDn, password: server.adminPassword },
      options: {
        urls: [server.url],
        userFilter: '(&(objectClass=person)(!(employeeType=left))(|(uid={username})(mail={username})))',
        attributes: {
          ...personAttributes,
          id: 'nsUniqueId',
          disabledBy: { nsAccountLock: 'true', shadowExpire: 'daysSince1970' },
        },
        groups: groupOptions({ base, lookUp: 'memberOf', requiredGroup: `cn=staff,${base}` }),
      },
      dnOf,
      elsewhere: 'ou=services,dc=example,dc=org',
      heldGroup: `cn=developers,${base}`,
      entryOf: (uid) => ({
        objectClass: ['inetOrgPerson', 'shadowAccount', 'nsMemberOf'],
        ...{ uid, cn: uid, sn: uid },
      }),
      disabled: { nsAccountLock: 'true' },
      expired: { shadowExpire: '18000' },
      usernameAttribute: 'uid',
      stayInside: ['lena', 'erin', 'carol'],
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  });
});
