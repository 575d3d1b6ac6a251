import { describe, expect, test } from '@jest/globals';
import { createConnections } from '../../../../src/adapters/ldap/servers/open-connections.ts';
import { type Answer, startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { until } from '../../../support/until.ts';
import { ldapOptions } from '../options.ts';

/** Loses the first connection, and never answers on those that follow. */
const silent: Answer = (_request, connection) => {
  if (connection.number === 1) connection.reset();
};

/** No deadline can end what is under way before the test's own limit does. */
const unlimited = { connectTimeoutMs: 600_000, operationTimeoutMs: 600_000 };

describe('a probe that is under way at the end', () => {
  test('is ended with it, and its connection closed', async () => {
    await using server = await startLyingLdapServer({ answer: silent });
    const log = recordingLog();
    const options = { urls: [`ldap://127.0.0.1:${server.port}`], ...unlimited };
    const connections = createConnections(
      ldapOptions({ ...options, probe: { firstMs: 1, atMostMs: 1 } }),
      log,
    );
    const search = connections.search((client) => client.search('', { scope: 'base' }));
    const asked = Promise.allSettled([search]);
    await until('it is probed', () => server.connections().accepted === 2 && server.binds() === 2);
    await connections[Symbol.asyncDispose]();
    await until('its connection is closed', () => server.connections().open === 0);
    await asked;
    expect(server.connections().accepted).toBe(2);
  });
});
