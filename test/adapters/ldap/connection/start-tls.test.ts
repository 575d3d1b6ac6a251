import { beforeAll, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { type Certificates, testCertificates } from '../../../support/certificates.ts';
import { bindResponse, extendedResponse } from '../../../support/ldap-message.ts';
import {
  type Answer,
  answerHonestly,
  type LyingConnection,
  type LyingLdapServer,
  startLyingLdapServer,
} from '../../../support/lying-ldap-server.ts';
import { until } from '../../../support/until.ts';
import { bindsAlone, dnOf, ldapDirectory, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const alice = principalAt(dnOf('alice'));
let certificates: Certificates;
beforeAll(async () => {
  certificates = await testCertificates();
});

/** A server that answers StartTLS as `respond` says, and all else honestly. */
function startServer(respond: (id: number, connection: LyingConnection) => void): Promise<LyingLdapServer> {
  const answer: Answer = (request, connection) => {
    if (request.operation === 'extended') respond(request.id, connection);
    else answerHonestly(request, connection);
  };
  return startLyingLdapServer({ answer, tls: certificates.good });
}

function open(server: LyingLdapServer, different: Partial<LdapDirectoryOptions> = {}) {
  const urls = [`ldap://localhost:${server.port}`];
  return ldapDirectory({ urls, startTls: true, ...bindsAlone, ca: certificates.ca, ...different });
}

function expectNothingInClear(server: LyingLdapServer) {
  const inClear = server.requests().filter((request) => !request.isSecure);
  expect(new Set(inClear.map(({ operation }) => operation))).toEqual(new Set(['extended']));
}

/** Responses to StartTLS that no upgrade may follow. */
const lies: [string, (id: number) => Buffer[]][] = [
  ['result 2, protocol error', (id) => [extendedResponse(id, 2)]],
  ['result 1, operations error', (id) => [extendedResponse(id, 1)]],
  ['result 52, unavailable', (id) => [extendedResponse(id, 52)]],
  ['success with a bind response behind it', (id) => [extendedResponse(id, 0), bindResponse(2, 0)]],
  ['success with one byte behind it', (id) => [extendedResponse(id, 0), Buffer.from([0x30])]],
  ['success for another request', (id) => [extendedResponse(id + 1, 0)]],
  ['a notice of disconnection', () => [extendedResponse(0, 52)]],
  ['the response to a bind', (id) => [bindResponse(id, 0)]],
  ['bytes that are no LDAP', () => [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]],
  ['zeros', () => [Buffer.alloc(64)]],
  ['a length without end', () => [Buffer.from([0x30, 0x80, 0x02, 0x01, 0x01, 0x78])]],
  ['a length of 4 GiB', () => [Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02, 0x01, 0x01])]],
  ['more than any response has', () => [Buffer.from([0x30, 0x82, 0x40, 0x00]), Buffer.alloc(8_192)]],
];

describe('StartTLS', () => {
  test.each(lies)('ends before any bind where the answer is %s', async (_, bytes) => {
    await using server = await startServer((id, connection) => {
      connection.send(...bytes(id));
      connection.startTls();
    });
    await using directory = open(server, { tlsTimeoutMs: 2_000 });
    await reasonsOf(directory.find('alice'));
    await reasonsOf(directory.verifyPassword(alice, 'alice-secret'));
    expect(server.requests().map(({ operation }) => operation)).toEqual(['extended', 'extended']);
    await until('both connections are closed', () => server.connections().open === 0);
  });

  test('ends before any bind where bytes follow the response in a packet of their own', async () => {
    await using server = await startServer((id, connection) => {
      connection.send(extendedResponse(id, 0));
      connection.send(bindResponse(2, 0));
    });
    await using directory = open(server, { tlsTimeoutMs: 2_000 });
    await reasonsOf(directory.verifyPassword(alice, 'alice-secret'));
    expectNothingInClear(server);
    expect(server.binds()).toBe(0);
  });

  test('takes an answer that comes byte by byte', async () => {
    await using server = await startServer((id, connection) => {
      for (const byte of extendedResponse(id, 0)) connection.send(Buffer.from([byte]));
      connection.startTls();
    });
    await using directory = open(server);
    expect(await directory.verifyPassword(alice, 'alice-secret')).toEqual({ principal: alice });
    expectNothingInClear(server);
  });

  test('fails at once where the server closes instead of answering', async () => {
    await using server = await startServer((_, connection) => connection.end());
    await using directory = open(server, { tlsTimeoutMs: 60_000 });
    expect(await reasonsOf(directory.find('alice'))).toMatch(/closed/);
  });

  test.each(['end', 'reset'] as const)(
    'is made anew after the upgraded connection was dropped (%s)',
    async (drop) => {
      const dropped: LyingConnection[] = [];
      await using server = await startServer((id, connection) => {
        dropped.push(connection);
        connection.send(extendedResponse(id, 0));
        connection.startTls();
      });
      await using directory = open(server);
      for (let round = 0; round < 3; round++) {
        expect(await directory.find('alice')).toMatchObject({ principal: { username: 'alice' } });
        expect(await directory.verifyPassword(alice, 'alice-secret')).toEqual({ principal: alice });
        for (const connection of dropped.splice(0)) connection[drop]();
        await until('they are gone', () => server.connections().open === 0);
      }
      expectNothingInClear(server);
    },
  );

  test('is not left for clear text by operations right after the drop', async () => {
    let upgraded = 0;
    await using server = await startServer((id, connection) => {
      connection.send(extendedResponse(id, 0));
      connection.startTls();
      if (++upgraded % 2 === 0) connection.reset();
    });
    await using directory = open(server, { tlsTimeoutMs: 1_000, operationTimeoutMs: 1_000 });
    for (let round = 0; round < 6; round++) {
      await directory.find('alice').catch(() => {});
      await directory.verifyPassword(alice, 'alice-secret').catch(() => {});
    }
    expectNothingInClear(server);
  });
});
