import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { type RecordingRelay, startRecordingRelay } from '../../../support/recording-relay.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { until } from '../../../support/until.ts';
import { dnOf, ldapDirectory, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const alice = principalAt(dnOf('alice'));
/** Soon over for a server that hangs, and enough for one that has just answered, on a busy machine as well. */
const impatient = { connectTimeoutMs: 3_000, tlsTimeoutMs: 3_000, operationTimeoutMs: 3_000 };

describe('an OpenLDAP that goes away', () => {
  let server: OpenLdap;
  let relay: RecordingRelay;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    relay = await startRecordingRelay(server);
  });
  afterEach(async () => {
    await relay?.[Symbol.asyncDispose]();
  });
  const open = (different: Partial<LdapDirectoryOptions> = {}) =>
    ldapDirectory({ urls: [`ldap://127.0.0.1:${relay.port}`], ...different });

  test('and comes back is asked over new connections at the next call', async () => {
    await using directory = open();
    await Promise.all([directory.find('alice'), directory.find('bob')]);
    await directory.verifyPassword(alice, 'alice-secret');
    expect(relay.connections()).toHaveLength(3);
    await server.stop();
    await server.start();
    await until('the old connections are gone', () => relay.open() === 0);
    expect(await directory.find('alice')).toMatchObject({ principal: { username: 'alice' } });
    expect(await directory.verifyPassword(alice, 'alice-secret')).toEqual({ principal: alice });
    const asPeople = relay.binds().filter((dn) => dn === alice.dn);
    expect(asPeople).toHaveLength(2);
    expect(relay.connections()).toHaveLength(5);
  });

  test('while a search is under way is asked again, on a new connection', async () => {
    await using proxy = await startTcpProxy(server);
    await using directory = ldapDirectory({ urls: [`ldap://127.0.0.1:${proxy.port}`] });
    await Promise.all([directory.find('alice'), directory.find('alice')]);
    await proxy.set({ mode: 'blackhole' });
    const searches = proxy.ldapOps().search;
    const found = directory.find('alice');
    await until('the search is on its way', () => proxy.ldapOps().search === searches + 1);
    proxy.kill();
    await proxy.set({});
    expect(await found).toMatchObject({ principal: { username: 'alice' } });
  });

  test('while a bind is under way is not asked again: a password costs one bind', async () => {
    await using proxy = await startTcpProxy(server);
    await using directory = ldapDirectory({ urls: [`ldap://127.0.0.1:${proxy.port}`] });
    await directory.verifyPassword(alice, 'alice-secret');
    await proxy.set({ mode: 'blackhole' });
    const answer = reasonsOf(directory.verifyPassword(alice, 'wrong'));
    const asAlice = () => proxy.binds().filter((dn) => dn === alice.dn);
    await until('the bind is on its way', () => asAlice().length === 2);
    proxy.kill();
    await proxy.set({});
    await answer;
    expect(asAlice()).toHaveLength(2);
    expect(await directory.verifyPassword(alice, 'wrong')).toEqual({ refusal: 'wrong-password' });
  });

  test('without an answer is Unavailable within the time that an operation may take, and is asked again after', async () => {
    await using directory = open(impatient);
    await directory.find('alice');
    await directory.verifyPassword(alice, 'wrong');
    await server.pause();
    const calls = [
      directory.find('alice'),
      directory.find('bob'),
      directory.verifyPassword(alice, 'alice-secret'),
      directory.ping(),
    ];
    const refused = await Promise.all(calls.map(reasonsOf)).finally(() => server.resume());
    expect(refused).toHaveLength(4);
    expect(await directory.find('alice')).toMatchObject({ principal: { username: 'alice' } });
    expect(await directory.verifyPassword(alice, 'alice-secret')).toEqual({ principal: alice });
  });

  test('without an answer at the first call is Unavailable in bounded time, in clear and in TLS', async () => {
    await server.pause();
    const urls = [server.url, server.tlsUrl];
    const directories = urls.map((url) => ldapDirectory({ urls: [url], ...impatient }));
    const calls = directories.flatMap((directory) => [
      directory.find('alice'),
      directory.verifyPassword(alice, 'alice-secret'),
      directory.ping(),
    ]);
    await Promise.all(calls.map(reasonsOf)).finally(() => server.resume());
    await Promise.all(directories.map((directory) => directory[Symbol.asyncDispose]()));
  });
});

test('an OpenLDAP that ends idle connections is asked over new ones, with one bind for a sign-in', async () => {
  await using server = await startOpenLdap({ extra: 'idletimeout 1' });
  await using relay = await startRecordingRelay(server);
  await using directory = ldapDirectory({ urls: [`ldap://127.0.0.1:${relay.port}`] });
  for (let round = 1; round <= 2; round++) {
    expect(await directory.find('alice')).toMatchObject({ principal: { username: 'alice' } });
    expect(await directory.verifyPassword(alice, 'alice-secret')).toEqual({ principal: alice });
    expect(relay.binds().filter((dn) => dn === alice.dn)).toHaveLength(round);
    await until('the server has ended every connection', () => relay.open() === 0);
  }
});
