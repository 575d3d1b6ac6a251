import { expect, test } from '@jest/globals';
import { simpleBind } from '../../../../src/adapters/ldap/connection/simple-bind.ts';
import { createConnections } from '../../../../src/adapters/ldap/servers/open-connections.ts';
import { searchDone } from '../../../support/ldap-message.ts';
import { type Answer, answerHonestly, startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { until } from '../../../support/until.ts';
import { dnOf, ldapOptions } from '../options.ts';

test('binds that hang at a server that is gone keep nobody from the next one, not even who waits behind them', async () => {
  // It takes people's binds and says nothing, and says of itself that it is busy.
  const answer: Answer = (request, connection) => {
    if (request.operation === 'search') connection.send(searchDone(request.id, 51));
    else if (request.dn !== dnOf('alice')) answerHonestly(request, connection);
  };
  await using first = await startLyingLdapServer({ answer });
  await using second = await startLyingLdapServer();
  const connections = createConnections(
    ldapOptions({
      urls: [first, second].map(({ port }) => `ldap://127.0.0.1:${port}`),
      operationTimeoutMs: 600_000,
      probe: { firstMs: 600_000, atMostMs: 600_000 },
      bindConnections: { size: 1, maxWaiting: 9, maxWaitMs: 600_000 },
    }),
    recordingLog(),
  );
  const signIn = () => connections.bind((one) => simpleBind(one, dnOf('alice'), 'alice-secret'));
  const hung = signIn().catch(() => 'lost');
  await until('its bind came', () => first.binds() === 1);
  const waiting = signIn();
  await connections.search((client) => client.search('dc=x', { scope: 'base' }));
  await waiting;
  await signIn();
  expect(second.requests().filter(({ dn }) => dn === dnOf('alice'))).toHaveLength(2);
  await first[Symbol.asyncDispose]();
  expect(await hung).toBe('lost');
  await connections[Symbol.asyncDispose]();
});
