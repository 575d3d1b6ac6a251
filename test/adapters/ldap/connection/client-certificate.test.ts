import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { simpleBind } from '../../../../src/adapters/ldap/connection/simple-bind.ts';
import { createConnections } from '../../../../src/adapters/ldap/servers/open-connections.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { dnOf, ldapOptions } from '../options.ts';

const open = (server: OpenLdap) =>
  createConnections(
    ldapOptions({
      urls: [server.tlsUrl],
      ca: readFileSync(server.caFile, 'utf8'),
      bindDn: undefined,
      bindPassword: undefined,
      clientCert: readFileSync(server.clientCertFile, 'utf8'),
      clientKey: readFileSync(server.clientKeyFile, 'utf8'),
    }),
    recordingLog(),
  );

describe('a service account by client certificate', () => {
  test('searches as itself, where the server demands one', async () => {
    await using server = await startOpenLdap({ verifyClient: 'demand' });
    await using connections = open(server);
    const { value } = await connections.search((client) => client.exop('1.3.6.1.4.1.4203.1.11.3'));
    expect(`${value}`.toLowerCase()).toBe(`dn:${server.serviceDn}`);
  });

  test('is not what people are bound over: no name becomes ours', async () => {
    await using server = await startOpenLdap({ verifyClient: 'allow' });
    await using connections = open(server);
    await connections.bind((connection) => simpleBind(connection, dnOf('alice'), 'alice-secret'));
    await expect(connections.bind(({ client }) => client.bind('EXTERNAL'))).rejects.toThrow();
  });
});
