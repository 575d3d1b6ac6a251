import { readFile } from 'node:fs/promises';
import { createLdapDirectory } from '../../../src/adapters/ldap/ldap-directory.ts';
import { startOpenLdap } from '../../support/open-ldap.ts';
import { describeDirectory } from '../directory-contract.ts';
import { ldapOptions } from './options.ts';

describeDirectory('OpenLDAP over TLS', async () => {
  const server = await startOpenLdap();
  const ca = await readFile(server.caFile, 'utf8');
  const directory = createLdapDirectory(ldapOptions({ urls: [server.tlsUrl], ca }));
  return {
    directory,
    setAway: (away) => (away ? server.stop() : server.start()),
    async [Symbol.asyncDispose]() {
      await directory[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
});
