import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createDial, type DialOptions } from '../../../../src/adapters/ldap/connection/dial.ts';
import { readEndpoint } from '../../../../src/adapters/ldap/connection/endpoint.ts';
import type { ResolveName } from '../../../../src/adapters/ldap/connection/resolve-host.ts';
import { type Certificates, testCertificates } from '../../../support/certificates.ts';
import { extendedResponse } from '../../../support/ldap-message.ts';
import { startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { until } from '../../../support/until.ts';
import { ldapOptions } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await testCertificates();
});

/** Enough for what is answered before that, which is answered in this process. */
const DEADLINE_MS = 1_000;
/** Only the one deadline can end the wait before the test's own limit does. */
const unlimited = { resolveTimeoutMs: 600_000, connectTimeoutMs: 600_000, tlsTimeoutMs: 600_000 };
const dial = (url: string, different: Partial<DialOptions> = {}, resolveName?: ResolveName) => {
  const options = ldapOptions({ urls: [], ca: certificates.ca, ...unlimited, ...different });
  return createDial(options, resolveName)(readEndpoint(url, true), 'service');
};

/** Listens, and never accepts: once its backlog is full, no connection to it is completed. */
const neverAccepts = `
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

describe('a dial is over in bounded time', () => {
  test.each(['ldaps', 'ldap'])('where the handshake of %s is never finished', async (scheme) => {
    await using server = await startLyingLdapServer({
      answer: ({ id }, connection) => connection.send(extendedResponse(id, 0)),
    });
    const reasons = await reasonsOf(
      dial(`${scheme}://localhost:${server.port}`, { tlsTimeoutMs: DEADLINE_MS }),
    );
    expect(reasons).toMatch(/^TLS with localhost failed: no answer within 1000 ms$/m);
    await until('the connection is closed', () => server.connections().open === 0);
  });

  test('where the resolver never answers', async () => {
    const never = Promise.withResolvers<string[]>().promise;
    const dialled = dial('ldap://nowhere.example', { resolveTimeoutMs: DEADLINE_MS }, () => never);
    expect(await reasonsOf(dialled)).toMatch(/^no answer for nowhere\.example within 1000 ms$/m);
  });

  test('where StartTLS is never answered', async () => {
    await using server = await startLyingLdapServer({ answer: () => {} });
    const reasons = await reasonsOf(dial(`ldap://localhost:${server.port}`, { tlsTimeoutMs: DEADLINE_MS }));
    expect(reasons).toMatch(/^StartTLS with localhost failed: no answer within 1000 ms$/m);
    await until('the connection is closed', () => server.connections().open === 0);
  });

  test('where half of the answer to StartTLS comes, and no more', async () => {
    await using server = await startLyingLdapServer({
      answer: ({ id }, connection) => connection.send(extendedResponse(id, 0).subarray(0, 7)),
    });
    const reasons = await reasonsOf(dial(`ldap://localhost:${server.port}`, { tlsTimeoutMs: DEADLINE_MS }));
    expect(reasons).toMatch(/^StartTLS with localhost failed: no answer within 1000 ms$/m);
  });

  test('where the network swallows everything behind a connection', async () => {
    await using proxy = await startTcpProxy({ port: 1 });
    await proxy.set({ mode: 'blackhole' });
    await reasonsOf(dial(`ldaps://localhost:${proxy.port}`, { tlsTimeoutMs: DEADLINE_MS }));
  });

  test('where no connection is completed', async () => {
    const child = spawn(process.execPath, ['-e', neverAccepts]);
    const filling: Socket[] = [];
    try {
      const [port] = (await once(child.stdout, 'data')).map(Number);
      const fill = () => {
        const socket = connect({ host: '127.0.0.1', port: Number(port) }).on('error', () => {});
        filling.push(socket);
        return socket;
      };
      await Promise.all([once(fill(), 'connect'), once(fill(), 'connect')]);
      expect(await reasonsOf(dial(`ldap://127.0.0.1:${port}`, { connectTimeoutMs: DEADLINE_MS }))).toMatch(
        /^connecting to 127\.0\.0\.1 port \d+ failed: no answer within 1000 ms$/m,
      );
    } finally {
      for (const socket of filling) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  test('where nothing listens', async () => {
    expect(await reasonsOf(dial('ldap://127.0.0.1:1'))).toMatch(/ECONNREFUSED/);
  });
});
