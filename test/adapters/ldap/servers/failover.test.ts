import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDial } from '../../../../src/adapters/ldap/connection/dial.ts';
import { readEndpoint } from '../../../../src/adapters/ldap/connection/endpoint.ts';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { startRecordingRelay } from '../../../support/recording-relay.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { dnOf, ldapDirectory, ldapOptions, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const alice = principalAt(dnOf('alice'));

describe('a directory of several servers', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const signIn = async (urls: string[], different: Partial<LdapDirectoryOptions> = {}) => {
    await using directory = ldapDirectory({ urls, ...different });
    expect(await directory.find('alice')).toMatchObject({ principal: { username: 'alice' } });
    expect(await directory.verifyPassword(alice, 'alice-secret')).toEqual({ principal: alice });
  };

  test('is served by the first that works: one refuses, one hangs up, one never says anything', async () => {
    await using resetting = await startTcpProxy(server);
    await resetting.set({ mode: 'reset' });
    await using silent = await startLyingLdapServer();
    const dead = [
      'ldap://127.0.0.1:1',
      `ldaps://127.0.0.1:${silent.port}`,
      `ldaps://127.0.0.1:${resetting.port}`,
    ];
    await signIn([...dead, server.url], { tlsTimeoutMs: 2_000 });
  });

  test('is served by the second when the first goes', async () => {
    await using first = await startTcpProxy(server);
    await using second = await startTcpProxy(server);
    const urls = [first, second].map(({ port }) => `ldap://127.0.0.1:${port}`);
    await using directory = ldapDirectory({ urls });
    await directory.find('alice');
    await directory.verifyPassword(alice, 'alice-secret');
    expect(second.counts.connections).toBe(0);
    await first.set({ mode: 'refuse' });
    first.kill();
    expect(await directory.find('alice')).toMatchObject({ principal: { username: 'alice' } });
    expect(await directory.verifyPassword(alice, 'alice-secret')).toEqual({ principal: alice });
    // For the search, for what the server supports, and for the bind.
    expect(second.counts.connections).toBe(3);
  });

  test('costs one bind for a wrong password, over all of them', async () => {
    await using first = await startRecordingRelay(server);
    await using second = await startRecordingRelay(server);
    const urls = [first, second].map(({ port }) => `ldap://127.0.0.1:${port}`);
    await using directory = ldapDirectory({ urls });
    expect(await directory.verifyPassword(alice, 'wrong')).toEqual({ refusal: 'wrong-password' });
    const asPeople = [first, second].map((one) => one.binds().filter((dn) => dn !== server.serviceDn));
    expect(asPeople).toEqual([[alice.dn], []]);
  });

  test('says what was wrong with each when none works', async () => {
    await using resetting = await startTcpProxy(server);
    await resetting.set({ mode: 'reset' });
    const urls = ['ldap://127.0.0.1:1', 'ldap://name.invalid', `ldaps://127.0.0.1:${resetting.port}`];
    const reasons = await reasonsOf(signIn(urls));
    expect(reasons).toMatch(/ECONNREFUSED/);
    expect(reasons).toMatch(/name\.invalid/);
    expect(reasons).toMatch(/ECONNRESET|closed|disconnected/);
  });

  test('is served by a name’s second address when the first refuses', async () => {
    // The proxy listens on the one address only, wherever the server itself may be reached.
    await using proxy = await startTcpProxy(server);
    const dial = createDial(ldapOptions({ urls: [] }), async () => ['127.0.0.2', '127.0.0.1']);
    const socket = await dial(readEndpoint(`ldap://two.example:${proxy.port}`, false), 'service');
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });
});
