import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { simpleBind } from '../../../../src/adapters/ldap/connection/simple-bind.ts';
import type { DirectoryConnections } from '../../../../src/adapters/ldap/connections.ts';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { createConnections } from '../../../../src/adapters/ldap/servers/open-connections.ts';
import { bindResponse, searchDone } from '../../../support/ldap-message.ts';
import { type Answer, answerHonestly, startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts';
import { until } from '../../../support/until.ts';
import { dnOf, ldapOptions } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const alice = dnOf('alice');
/** Soon over for a server that hangs, and enough for one that has just answered, on a busy machine as well. */
const impatient = { connectTimeoutMs: 3_000, tlsTimeoutMs: 3_000, operationTimeoutMs: 3_000 };
const rarely = { probe: { firstMs: 600_000, atMostMs: 600_000 } };
const often = { probe: { firstMs: 20, atMostMs: 50 } };

const look = (connections: DirectoryConnections, signal?: AbortSignal) =>
  connections.search((client) => client.search('dc=example,dc=org', { scope: 'base' }), signal);
const signIn = (connections: DirectoryConnections, signal?: AbortSignal) =>
  connections.bind((connection) => simpleBind(connection, alice, 'alice-secret'), signal);

describe('two servers of a directory', () => {
  let server: OpenLdap;
  let first: TcpProxy;
  let second: TcpProxy;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    [first, second] = [await startTcpProxy(server), await startTcpProxy(server)];
  });
  afterEach(async () => {
    await Promise.all([first?.[Symbol.asyncDispose](), second?.[Symbol.asyncDispose]()]);
  });
  const open = (different: Partial<LdapDirectoryOptions> = {}, log = recordingLog()) => {
    const urls = [first, second].map(({ port }) => `ldap://127.0.0.1:${port}`);
    return createConnections(ldapOptions({ urls, ...rarely, ...different }), log);
  };
  const bindsOfAlice = () => [...first.binds(), ...second.binds()].filter((dn) => dn === alice).length;
  const use = async (connections: DirectoryConnections) => {
    await look(connections);
    await signIn(connections);
  };

  test('are asked in order: the second is left alone while the first works', async () => {
    await using connections = open();
    await use(connections);
    expect(second.counts.connections).toBe(0);
  });

  test.each(['refuse', 'reset', 'blackhole'] as const)(
    'are asked in turn where the first is lost by %s, which is not asked again until it works',
    async (mode) => {
      const log = recordingLog();
      await using connections = open(impatient, log);
      await use(connections);
      await first.set({ mode });
      if (mode === 'refuse') first.kill();
      expect((await look(connections)).searchEntries).toHaveLength(1);
      await signIn(connections);
      first.resetCounts();
      for (let round = 0; round < 3; round++) await use(connections);
      expect(first.counts.connections).toBe(0);
      expect(log.lines.filter((line) => line.includes('gone'))).toHaveLength(1);
    },
  );

  test('are asked by priority again when the first is back, without a call that asks for it', async () => {
    const log = recordingLog();
    await using connections = open(often, log);
    await first.set({ mode: 'refuse' });
    await use(connections);
    await first.set({});
    await until('it is known', () => log.lines.some((line) => line.includes('back')));
    second.resetCounts();
    first.resetCounts();
    await use(connections);
    expect([first.binds(), second.binds()]).toEqual([[server.serviceDn, alice], []]);
    expect(log.lines.map((line) => JSON.parse(line))).toMatchObject([
      { directory: 'corp', server: `ldap://127.0.0.1:${first.port}`, reason: 'refused' },
      { directory: 'corp', server: `ldap://127.0.0.1:${first.port}` },
    ]);
  });

  test('are probed once for all calls when none works, and the first call after that is served', async () => {
    await using connections = open();
    await Promise.all([first.set({ mode: 'refuse' }), second.set({ mode: 'refuse' })]);
    await reasonsOf(look(connections));
    expect(await reasonsOf(signIn(connections))).toMatch(/no server of the directory/);
    await second.set({});
    await Promise.all(Array.from({ length: 8 }, () => signIn(connections)));
    expect(second.binds().filter((dn) => dn === server.serviceDn)).toHaveLength(1);
    expect(bindsOfAlice()).toBe(8);
  });

  test('get one bind between them, though the first is lost under it', async () => {
    await using connections = open();
    await signIn(connections);
    await first.set({ mode: 'blackhole' });
    const answer = reasonsOf(signIn(connections));
    await until('the bind is on its way', () => bindsOfAlice() === 2);
    first.kill();
    await answer;
    expect(bindsOfAlice()).toBe(2);
    await signIn(connections);
    expect(second.binds()).toEqual([alice]);
  });

  test('end the wait of whoever has gone, and get no bind that was not sent', async () => {
    await using connections = open({ bindConnections: { size: 1, maxWaiting: 9, maxWaitMs: 600_000 } });
    await signIn(connections);
    await first.set({ mode: 'blackhole' });
    const under = signIn(connections);
    const leaving = new AbortController();
    const waits = [signIn(connections, leaving.signal), look(connections, leaving.signal)];
    await until('the bind is on its way', () => bindsOfAlice() === 2);
    leaving.abort(new Error('gone home'));
    for (const wait of waits) await expect(wait).rejects.toThrow('gone home');
    await expect(signIn(connections, leaving.signal)).rejects.toThrow('gone home');
    await first.set({});
    await under;
    expect(bindsOfAlice()).toBe(2);
  });

  test('end what is under way at the end at once, and ask nobody else', async () => {
    const connections = open({ searchConnections: 1 });
    await use(connections);
    await first.set({ mode: 'blackhole' });
    const sent = first.ldapOps();
    const calls = Promise.allSettled([look(connections), signIn(connections)]);
    await until('they are on their way', () => {
      const { search, bind } = first.ldapOps();
      return search > sent.search && bind > sent.bind;
    });
    await connections[Symbol.asyncDispose]();
    expect((await calls).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(second.counts.connections).toBe(0);
  });
});

describe('a server that answers', () => {
  const askBoth = async (answer: Answer) => {
    const first = await startLyingLdapServer({ answer });
    const second = await startLyingLdapServer();
    const urls = [first, second].map(({ port }) => `ldap://127.0.0.1:${port}`);
    const connections = createConnections(ldapOptions({ urls, ...rarely }), recordingLog());
    const stack = new AsyncDisposableStack();
    for (const one of [first, second, connections]) stack.use(one);
    return { first, second, connections, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  };

  test.each([1, 51, 52, 53, 80])('a search with %i is left for the next', async (code) => {
    await using both = await askBoth((request, connection) =>
      request.operation === 'search'
        ? connection.send(searchDone(request.id, code))
        : answerHonestly(request, connection),
    );
    await look(both.connections);
    await look(both.connections);
    expect(both.first.requests().filter(({ operation }) => operation === 'search')).toHaveLength(1);
  });

  test.each([1, 51, 52, 53, 80])('the service account with %i is left for the next', async (code) => {
    await using both = await askBoth(({ id }, connection) => connection.send(bindResponse(id, code)));
    await look(both.connections);
    await look(both.connections);
    expect(both.first.binds()).toBe(1);
  });

  test.each([51, 52, 80])('a bind of a person with %i is left by the next bind', async (code) => {
    await using both = await askBoth(({ id }, connection) => connection.send(bindResponse(id, code)));
    await reasonsOf(signIn(both.connections));
    await signIn(both.connections);
    expect([both.first.binds(), both.second.binds()]).toEqual([1, 1]);
  });

  test.each([19, 49, 53])('a bind of a person with %i is asked again: it was about them', async (code) => {
    await using both = await askBoth(({ id }, connection) => connection.send(bindResponse(id, code)));
    await expect(signIn(both.connections)).rejects.toThrow();
    await expect(signIn(both.connections)).rejects.toThrow();
    expect([both.first.binds(), both.second.binds()]).toEqual([2, 0]);
  });
});
