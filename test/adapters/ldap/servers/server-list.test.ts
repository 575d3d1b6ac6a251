import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Endpoint } from '../../../../src/adapters/ldap/connection/endpoint.ts';
import type { DirectoryServer } from '../../../../src/adapters/ldap/servers/directory-server.ts';
import { createConnections } from '../../../../src/adapters/ldap/servers/open-connections.ts';
import { createFoundServers } from '../../../../src/adapters/ldap/servers/server-list.ts';
import { startOpenLdap } from '../../../support/open-ldap.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { until } from '../../../support/until.ts';
import { ldapOptions } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const FIVE_MINUTES = 300_000;

const endpoint = (host: string): Endpoint => ({
  ...{ host, certificateName: host },
  ...{ port: 636, security: 'ldaps' },
});

/** A list whose servers do nothing, what DNS says of them, the clock, and which servers were retired and closed. */
function newList(...hosts: string[]) {
  const dns = { hosts, asked: 0 };
  const clock = { now: 0 };
  const retired: string[] = [];
  const closed: string[] = [];
  const create = ({ host }: Endpoint) =>
    ({
      endpoint: endpoint(host),
      retire: () => void retired.push(host),
      [Symbol.asyncDispose]: async () => void closed.push(host),
    }) as unknown as DirectoryServer;
  const find = async () => {
    dns.asked++;
    if (dns.hosts.length === 0) throw new Error('no such name');
    return dns.hosts.map(endpoint);
  };
  return { dns, clock, retired, closed, list: createFoundServers(find, create, () => clock.now) };
}

const namesOf = (servers: readonly DirectoryServer[]) => servers.map((one) => one.endpoint.host);

describe('the servers found in DNS', () => {
  test('are believed for five minutes, and then looked for beside the call, which does not wait', async () => {
    const { dns, clock, list } = newList('a', 'b');
    await list.current();
    dns.hosts = ['c'];
    clock.now = FIVE_MINUTES - 1;
    expect(namesOf(await list.current())).toEqual(['a', 'b']);
    expect(dns.asked).toBe(1);
    clock.now = FIVE_MINUTES;
    expect(namesOf(await list.current())).toEqual(['a', 'b']);
    expect(namesOf(await list.current())).toEqual(['c']);
    expect(dns.asked).toBe(2);
  });

  test('stay the same objects where they stay named, and are retired where they are not', async () => {
    const { dns, retired, closed, list } = newList('a', 'b');
    const [, b] = await list.current();
    dns.hosts = ['c', 'b'];
    const renewed = await list.renew();
    expect(namesOf(renewed)).toEqual(['c', 'b']);
    expect(renewed[1]).toBe(b);
    expect(retired).toEqual(['a']);
    expect(closed).toEqual([]);
  });

  test('stay as they were while DNS says nothing', async () => {
    const { dns, clock, retired, list } = newList('a');
    await list.current();
    dns.hosts = [];
    clock.now = FIVE_MINUTES;
    await list.current();
    expect(namesOf(await list.renew())).toEqual(['a']);
    expect(retired).toEqual([]);
  });

  test('are looked for once however many ask, and again after a failure', async () => {
    const { dns, list } = newList();
    const calls = await Promise.allSettled([list.current(), list.current(), list.renew()]);
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(dns.asked).toBe(1);
    dns.hosts = ['a'];
    expect(namesOf(await list.current())).toEqual(['a']);
  });

  test('are not made any more once the list has ended', async () => {
    const { dns, closed, list } = newList('a');
    await list.current();
    dns.hosts = ['b'];
    const renewed = list.renew();
    await list[Symbol.asyncDispose]();
    expect(namesOf(await renewed)).toEqual(['a']);
    expect(closed).toEqual(['a']);
  });
});

test('a server that DNS no longer names is left, and one that it names instead is asked, without a restart', async () => {
  await using server = await startOpenLdap();
  await using old = await startTcpProxy(server);
  await using young = await startTcpProxy(server);
  const records = { port: old.port };
  const addresses = { list: ['127.0.0.1'] };
  const ca = readFileSync(server.caFile, 'utf8');
  const rarely = { probe: { firstMs: 600_000, atMostMs: 600_000 } };
  await using connections = createConnections(
    ldapOptions({ urls: [], srvDomain: 'localhost', startTls: true, ca, ...rarely }),
    recordingLog(),
    {
      resolveName: async () => addresses.list,
      resolveSrv: async () => [{ name: 'localhost', port: records.port, priority: 0, weight: 0 }],
    },
  );
  const look = () => connections.search((client) => client.search('', { scope: 'base' }));
  await look();
  records.port = young.port;
  await look();
  expect(young.counts.connections).toBe(0);
  await old.set({ mode: 'refuse' });
  old.kill();
  await until('another was looked for', () => look().then(() => true));
  expect(young.counts.connections).toBeGreaterThan(0);

  // No way to any address of its name: the same server is asked when there is one again.
  addresses.list = ['255.255.255.255'];
  young.kill();
  await until('its connections are gone', async () =>
    /unreachable|EACCES|no server/i.test(await reasonsOf(look())),
  );
  addresses.list = ['255.255.255.255', '127.0.0.1'];
  expect((await look()).searchEntries).toHaveLength(1);
});
