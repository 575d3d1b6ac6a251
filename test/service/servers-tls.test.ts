import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Certificates, testCertificates } from '../support/certificates.ts';
import { extendedResponse } from '../support/ldap-message.ts';
import {
  answerHonestly,
  type LyingLdapServer,
  type LyingOptions,
  startLyingLdapServer,
} from '../support/lying-ldap-server.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { startLoad, statusesOf } from './load.ts';
import { newsOf, newsOnceUp, startTwoServers, type TwoServers } from './two-servers.ts';

type Way = 'ldaps' | 'starttls';

let servers: TwoServers;
let certificates: Certificates;
beforeAll(async () => {
  servers = await startTwoServers();
  certificates = await testCertificates();
});
afterAll(async () => {
  await servers?.[Symbol.asyncDispose]();
});

/** What stands in the first server's place, and would take every password. */
const impostors: [string, Way, () => LyingOptions][] = [
  ['has a certificate of another CA', 'ldaps', () => ldaps({ tls: certificates.good })],
  ['has a certificate that is over', 'ldaps', () => ldaps({ tls: certificates.expired })],
  ['speaks no TLS', 'ldaps', () => ({ onConnection: (connection) => connection.end() })],
  ['never ends the handshake', 'ldaps', () => ({})],
  ['has a certificate of another CA', 'starttls', () => ({ tls: certificates.good })],
  ['has a certificate that is over', 'starttls', () => ({ tls: certificates.expired })],
  ['refuses StartTLS', 'starttls', () => answeringStartTls((id) => extendedResponse(id, 52))],
  ['never ends the handshake', 'starttls', () => answeringStartTls((id) => extendedResponse(id, 0))],
];

const ldaps = (options: LyingOptions): LyingOptions => ({
  ...options,
  onConnection: (connection) => connection.startTls(),
});

const answeringStartTls = (response: (id: number) => Buffer): LyingOptions => ({
  answer(request, connection) {
    if (request.operation === 'extended') connection.send(response(request.id));
    else answerHonestly(request, connection);
  },
});

describe.each(['ldaps', 'starttls'] as const)('under load by %s, a first server that', (way) => {
  const target = { port: 0 };
  let proxies: [TcpProxy, TcpProxy];
  let impostor: LyingLdapServer;
  let service: ServiceProcess;
  beforeAll(async () => {
    target.port = portOf('first');
    proxies = [await startTcpProxy(target), await startTcpProxy({ port: portOf('second') })];
    service = await servers.startService(
      proxies.map(({ port }) => `${way === 'ldaps' ? 'ldaps' : 'ldap'}://127.0.0.1:${port}`),
      { caFile: servers.caFile, startTls: way === 'starttls' },
    );
  });
  beforeEach(async () => {
    target.port = portOf('first');
    await newsOnceUp(service, proxies[0].port);
  });
  afterEach(async () => {
    await impostor?.[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    for (const proxy of proxies ?? []) await proxy?.[Symbol.asyncDispose]();
  });
  const portOf = (name: 'first' | 'second') => (way === 'ldaps' ? servers[name].tlsPort : servers[name].port);

  test.each(impostors.filter(([, ofWay]) => ofWay === way))(
    '%s costs nobody after the first failure, gets no bind, and serves again when it is itself',
    async (_name, _way, options) => {
      const [first, second] = proxies;
      await using load = startLoad(service.url, servers.people);
      await load.more(2);
      const before = await newsOnceUp(service, first.port);
      impostor = await startLyingLdapServer(options());
      target.port = impostor.port;
      first.kill();
      await until('it is known', () => newsOf(service, first.port).gone.length > before.gone.length);
      await load.more(1);
      expect(statusesOf(await load.more(4))).toEqual(new Set([200]));
      await until('it was probed', () => impostor.connections().accepted > 1);
      expect(impostor.binds()).toBe(0);

      target.port = portOf('first');
      await until('it is back', () => newsOf(service, first.port).back > before.back);
      await load.more(1);
      // What it still has from before would not be counted.
      second.kill();
      second.resetCounts();
      expect(statusesOf(await load.more(2))).toEqual(new Set([200]));
      expect(second.counts.connections).toBe(0);
      const refused = load.answers.filter(({ status }) => status !== 200);
      for (const { status, retryAfter } of refused) expect([status, retryAfter]).toEqual([503, '5']);
    },
  );
});
