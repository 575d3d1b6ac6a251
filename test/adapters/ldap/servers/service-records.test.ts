import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createConnections } from '../../../../src/adapters/ldap/servers/open-connections.ts';
import { createServiceRecords } from '../../../../src/adapters/ldap/servers/service-records.ts';
import { startOpenLdap } from '../../../support/open-ldap.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { ldapOptions } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const options = { srvDomain: 'Corp.example', startTls: true, resolveTimeoutMs: 5_000 };
const record = (name: string, priority = 0, weight = 0, port = 389) => ({ name, port, priority, weight });

describe('the servers that SRV records name', () => {
  test('are asked for by the domain, and come by priority', async () => {
    const asked: string[] = [];
    const find = createServiceRecords(options, async (name) => {
      asked.push(name);
      return [record('b.corp.example', 20), record('A.corp.example.', 10, 0, 1389)];
    });
    expect(await find()).toEqual([
      { host: 'a.corp.example', certificateName: 'a.corp.example', port: 1389, security: 'starttls' },
      { host: 'b.corp.example', certificateName: 'b.corp.example', port: 389, security: 'starttls' },
    ]);
    expect(asked).toEqual(['_ldap._tcp.corp.example']);
  });

  test('are reached by ldaps on its own port without StartTLS', async () => {
    const records = async () => [record('a.corp.example')];
    const find = createServiceRecords({ ...options, startTls: false }, records);
    expect(await find()).toMatchObject([{ port: 636, security: 'ldaps' }]);
  });

  test('are drawn by weight among the same priority, and then keep their places', async () => {
    const records = async () => [record('light.corp.example', 0, 1), record('heavy.corp.example', 0, 9)];
    const first = new Map<string, number>();
    for (let draw = 0; draw < 1_000; draw++) {
      const find = createServiceRecords(options, records);
      const [one] = await find();
      expect((await find())[0]).toEqual(one);
      first.set(one?.host ?? '', (first.get(one?.host ?? '') ?? 0) + 1);
    }
    expect(first.get('heavy.corp.example')).toBeGreaterThan(700);
    expect(first.get('light.corp.example')).toBeGreaterThan(0);
  });

  test('are not believed outside the domain', async () => {
    const records = async () => ['evil.example', 'evilcorp.example', '', '.'].map((name) => record(name));
    expect(await reasonsOf(createServiceRecords(options, records)())).toMatch(/at or below/);
  });

  test.each([
    ['the resolver says no', () => Promise.reject(new Error('ENOTFOUND')), /ENOTFOUND/],
    ['it says nothing', () => Promise.withResolvers<never>().promise, /within 50 ms/],
  ])('are none where %s', async (_, resolve, reason) => {
    const find = createServiceRecords({ ...options, resolveTimeoutMs: 50 }, resolve);
    expect(await reasonsOf(find())).toMatch(reason);
  });

  test('are asked under their own names, and looked for again when none works', async () => {
    await using server = await startOpenLdap();
    await using proxy = await startTcpProxy(server);
    const found = [[record('other.localhost', 0, 0, proxy.port)], [record('localhost', 0, 0, proxy.port)]];
    let asked = 0;
    const ca = readFileSync(server.caFile, 'utf8');
    await using connections = createConnections(
      ldapOptions({ urls: [], srvDomain: 'localhost', startTls: true, ca }),
      recordingLog(),
      { resolveName: async () => ['127.0.0.1'], resolveSrv: async () => found[Math.min(asked++, 1)] ?? [] },
    );
    const look = () => connections.search((client) => client.search('', { scope: 'base' }));
    expect(await reasonsOf(look())).toMatch(/altnames|other\.localhost/);
    expect((await look()).searchEntries).toHaveLength(1);
    expect(asked).toBe(2);
  });
});
