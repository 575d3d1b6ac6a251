import { test } from '@jest/globals';
import { createDial } from '../../../../src/adapters/ldap/connection/dial.ts';
import { readEndpoint } from '../../../../src/adapters/ldap/connection/endpoint.ts';
import { simpleBind } from '../../../../src/adapters/ldap/connection/simple-bind.ts';
import { createDirectoryServer } from '../../../../src/adapters/ldap/servers/directory-server.ts';
import { answerHonestly, startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { until } from '../../../support/until.ts';
import { dnOf, ldapOptions } from '../options.ts';

const alice = dnOf('alice');

test('a server that is retired lets what is under way finish, and then closes its connections', async () => {
  const held: (() => void)[] = [];
  await using lying = await startLyingLdapServer({
    answer(request, connection) {
      if (request.dn === alice) held.push(() => answerHonestly(request, connection));
      else answerHonestly(request, connection);
    },
  });
  const urls = [`ldap://127.0.0.1:${lying.port}`];
  const options = ldapOptions({ urls });
  const parts = { dial: createDial(options), log: recordingLog() };
  await using server = createDirectoryServer(parts, readEndpoint(urls.join(), false), options);
  const calls = [
    server.search(({ client }) => client.search(alice, { scope: 'base' })),
    server.bind((connection) => simpleBind(connection, alice, 'alice-secret')),
  ];
  await until('both are asked', () => held.length === 2);
  server.retire();
  for (const answer of held) answer();
  await Promise.all(calls);
  await until('its connections are closed', () => lying.connections().open === 0);
});
