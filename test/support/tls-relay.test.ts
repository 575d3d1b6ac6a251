import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { type OpenLdap, startOpenLdap } from './open-ldap.ts';
import { startTlsRelay, type TlsRelay } from './tls-relay.ts';

describe('a TLS relay in front of OpenLDAP', () => {
  let server: OpenLdap;
  let relay: TlsRelay;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    relay = await startTlsRelay(server);
  });
  afterEach(async () => {
    await relay?.[Symbol.asyncDispose]();
  });

  const tlsOptions = () => ({ ca: readFileSync(relay.caFile), servername: 'localhost' });
  const bind = { operation: 'bind', authentication: 'simple', isCertified: false };

  test('passes on what comes by ldaps://, and keeps what was asked', async () => {
    const client = new Client({ url: `ldaps://localhost:${relay.port}`, tlsOptions: tlsOptions() });
    await client.bind(server.serviceDn, server.servicePassword);
    expect(relay.requests()).toMatchObject([{ ...bind, dn: server.serviceDn }]);
    relay.forget();
    await expect(client.bind(server.serviceDn, 'wrong')).rejects.toMatchObject({ code: 49 });
    expect(relay.requests()).toHaveLength(1);
    await client.unbind();
    expect(relay.inClear()).toEqual([]);
  });

  test('passes on what comes after StartTLS', async () => {
    const client = new Client({ url: `ldap://127.0.0.1:${relay.port}` });
    await client.startTLS(tlsOptions());
    await client.bind(server.serviceDn, server.servicePassword);
    expect(relay.requests()).toMatchObject([{ ...bind, dn: server.serviceDn }]);
    await client.unbind();
    expect(relay.inClear()).toEqual([]);
  });

  test('keeps what comes in clear, and passes none of it on', async () => {
    const client = new Client({ url: `ldap://127.0.0.1:${relay.port}`, timeout: 5_000 });
    await expect(client.bind(server.serviceDn, server.servicePassword)).rejects.toThrow();
    expect(relay.inClear()).toMatchObject([{ operation: 'bind', dn: server.serviceDn }]);
    expect(relay.requests()).toEqual([]);
  });
});
