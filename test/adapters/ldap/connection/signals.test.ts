import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDial } from '../../../../src/adapters/ldap/connection/dial.ts';
import { readEndpoint } from '../../../../src/adapters/ldap/connection/endpoint.ts';
import { freePort } from '../../../support/free-port.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { until } from '../../../support/until.ts';
import { ldapOptions } from '../options.ts';

describe('the signal that a dial is given', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  /** A signal of a server's whole life, and a dial with it. */
  const dialling = (url: string, startTls: boolean) => {
    const ending = new AbortController();
    const dial = createDial(ldapOptions({ urls: [], ca: readFileSync(server.caFile, 'utf8') }));
    return { ending, dialled: dial(readEndpoint(url, startTls), 'service', ending.signal) };
  };
  const listenersOf = ({ signal }: AbortController) => getEventListeners(signal, 'abort').length;

  const ways: [string, (server: OpenLdap) => string, boolean][] = [
    ['in clear', ({ url }) => url, false],
    ['after StartTLS', ({ url }) => url, true],
    ['by TLS', ({ tlsUrl }) => tlsUrl, false],
  ];
  test.each(ways)('is let go of when the connection %s closes', async (_, urlOf, startTls) => {
    const { ending, dialled } = dialling(urlOf(server), startTls);
    const socket = await dialled;
    expect(listenersOf(ending)).toBe(1);
    socket.destroy();
    await until('it is let go of', () => listenersOf(ending) === 0);
  });

  test('is let go of where nobody listens', async () => {
    const { ending, dialled } = dialling(`ldap://127.0.0.1:${await freePort()}`, false);
    await expect(dialled).rejects.toThrow('ECONNREFUSED');
    await until('it is let go of', () => listenersOf(ending) === 0);
  });

  test.each(ways)('ends an open connection %s', async (_, urlOf, startTls) => {
    const { ending, dialled } = dialling(urlOf(server), startTls);
    const socket = await dialled;
    socket.on('error', () => {});
    ending.abort();
    await until('it is closed', () => socket.closed);
  });

  test('ends a dial before it has begun', async () => {
    const { ending, dialled } = dialling(server.url, false);
    ending.abort();
    await expect(dialled).rejects.toThrow('aborted');
  });
});
