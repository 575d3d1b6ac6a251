import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { type OpenLdap, startOpenLdap } from './open-ldap.ts';

describe.each(['demand', 'allow'] as const)('an OpenLDAP that verifies clients: %s', (verifyClient) => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap({ verifyClient });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const clientWith = async (certificate: { cert?: Buffer; key?: Buffer }) =>
    new Client({ url: server.tlsUrl, tlsOptions: { ca: await readFile(server.caFile), ...certificate } });

  test('takes the certificate for the service account, by SASL EXTERNAL', async () => {
    const cert = await readFile(server.clientCertFile);
    const client = await clientWith({ cert, key: await readFile(server.clientKeyFile) });
    await client.bind('EXTERNAL');
    const { searchEntries } = await client.search(server.baseDn, { filter: '(uid=alice)' });
    expect(searchEntries).toHaveLength(1);
    await client.unbind();
  });

  test('without a certificate, has a simple bind in TLS only where it does not demand one', async () => {
    const client = await clientWith({});
    const bound = client.bind(server.serviceDn, server.servicePassword);
    if (verifyClient === 'allow') await bound;
    else await expect(bound).rejects.toThrow();
    await client.unbind().catch(() => {});
  });

  test('without a certificate, refuses SASL EXTERNAL', async () => {
    const client = new Client({ url: server.url });
    await expect(client.bind('EXTERNAL')).rejects.toMatchObject({ code: 7 });
    await client.unbind();
  });
});
