import { readFile } from 'node:fs/promises';
import { startOpenLdap } from '../../support/open-ldap.ts';
import { testPeople } from '../../support/people.ts';
import { describeDirectory } from '../directory-contract.ts';
import { ldapDirectory, personAttributes } from './options.ts';

/** Somebody whose account expired in 2019. */
const expired = `
dn: uid=expired,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
objectClass: shadowAccount
uid: expired
cn: Ex Pired
sn: Pired
shadowExpire: 18000
entryUUID: 33333333-3333-4333-8333-333333333333
`;

describeDirectory('OpenLDAP over TLS', async () => {
  const server = await startOpenLdap({ ldif: (await testPeople()) + expired });
  const ca = await readFile(server.caFile, 'utf8');
  const attributes = { ...personAttributes, disabledBy: { shadowExpire: 'daysSince1970' } } as const;
  const directory = ldapDirectory({ urls: [server.tlsUrl], ca, attributes });
  return {
    directory,
    disabledId: '33333333-3333-4333-8333-333333333333',
    setAway: (away) => (away ? server.stop() : server.start()),
    async [Symbol.asyncDispose]() {
      await directory[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
});
