import { readFile } from 'node:fs/promises';
import { startOpenLdap } from '../../support/open-ldap.ts';
import { describeDirectory } from '../directory-contract.ts';
import { ldapDirectory } from './options.ts';

describeDirectory('OpenLDAP over TLS', async () => {
  const server = await startOpenLdap();
  const ca = await readFile(server.caFile, 'utf8');
  const directory = ldapDirectory({ urls: [server.tlsUrl], ca });
  return {
    directory,
    setAway: (away) => (away ? server.stop() : server.start()),
    async [Symbol.asyncDispose]() {
      await directory[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
});
