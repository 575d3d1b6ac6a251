import { describe, expect, test } from '@jest/globals';
import {
  ConnectionFailure,
  type FailureKind,
} from '../../../../src/adapters/ldap/connection/connection-failure.ts';
import { createConnections } from '../../../../src/adapters/ldap/servers/open-connections.ts';
import { bindResponse, extendedResponse, searchDone, searchEntry } from '../../../support/ldap-message.ts';
import { answerHonestly, startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { until } from '../../../support/until.ts';
import { ldapOptions } from '../options.ts';

/** No test waits for a time-out. */
const patient = { operationTimeoutMs: 600_000, maxMessageBytes: 65_536 };

/** RFC 4511, 4.4.1, of result 52. */
const notice = Buffer.concat([
  Buffer.from('3024020100781f0a01340400040 08a16'.replace(' ', ''), 'hex'),
  Buffer.from('1.3.6.1.4.1.1466.20036'),
]);

const filler = (bytes: number) => searchEntry(1, 'cn=x', { x: ['x'.repeat(bytes)] });

/** Its header is right, and its result of seven bytes is of no type. */
const withoutContent = (response: Buffer) => Buffer.concat([response.subarray(0, -7), Buffer.alloc(7, 0xff)]);

/** What a server sends instead of an answer to the search of this id. */
const faults: [string, FailureKind, RegExp, (id: number) => Buffer[]][] = [
  ['a notice of disconnection', 'disconnected', /notice of disconnection/, () => [notice]],
  ['any other message of id 0', 'malformed', /nobody has asked/, () => [extendedResponse(0, 0)]],
  ['a response to no request', 'malformed', /nobody has made/, (id) => [searchDone(id + 7, 0)]],
  ['the response to an earlier request', 'malformed', /nobody has made/, () => [bindResponse(1, 0)]],
  ['a message of 4 GiB', 'too-large', /limit/, () => [Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])]],
  ['two messages of 4 GiB', 'too-large', /limit/, () => [Buffer.from('3084ffffffff3084ffffffff', 'hex')]],
  ['a message above the limit', 'too-large', /limit/, () => [filler(65_536)]],
  ['something else than LDAP', 'malformed', /no LDAP/, () => [Buffer.from('HTTP/1.1 200 OK\r\n\r\n')]],
  ['a length without end', 'malformed', /no LDAP/, () => [Buffer.from([0x30, 0x80, 0x02, 0x01, 0x02])]],
  ['an answer without content', 'malformed', /no sense/, (id) => [withoutContent(searchDone(id, 0))]],
  ['a message without an id', 'malformed', /no LDAP/, () => [Buffer.from([0x30, 0x03, 0x04, 0x01, 0x02])]],
];

describe('a connection is ended at once by', () => {
  test.each(faults)('%s', async (_, kind, reason, bytes) => {
    for (const pieces of ['whole', 'single bytes']) {
      await using server = await startLyingLdapServer({
        answer: (request, connection) => {
          if (request.operation !== 'search') return answerHonestly(request, connection);
          const all = Buffer.concat(bytes(request.id));
          if (pieces === 'whole') return connection.send(all);
          for (const byte of all.subarray(0, 100)) setImmediate(() => connection.send(Buffer.from([byte])));
        },
      });
      const log = recordingLog();
      const options = ldapOptions({ urls: [`ldap://127.0.0.1:${server.port}`], ...patient });
      await using connections = createConnections(options, log);
      const failure = await connections
        .search((client) => client.search('', { scope: 'base' }))
        .catch((thrown: unknown) => thrown);
      const first = log.lines[0] ?? '';
      expect(failure).toBeInstanceOf(Error);
      expect(JSON.parse(first)).toMatchObject({ reason: kind, error: expect.stringMatching(reason) });
      await until('it is closed', () => server.connections().open === 0);
    }
  });

  test('the end that the server puts to it', async () => {
    await using server = await startLyingLdapServer({
      answer: (request, connection) =>
        request.operation === 'search' ? connection.end() : answerHonestly(request, connection),
    });
    const options = ldapOptions({ urls: [`ldap://127.0.0.1:${server.port}`], ...patient });
    await using connections = createConnections(options, recordingLog());
    const failure = await connections
      .search((client) => client.search('', { scope: 'base' }))
      .catch((thrown: unknown) => thrown);
    expect(failure).not.toHaveProperty('searchEntries');
    await until('it is closed', () => server.connections().open === 0);
  });
});

test('a large answer of small messages comes through whole, however it is cut', async () => {
  await using server = await startLyingLdapServer({
    answer: (request, connection) => {
      if (request.operation !== 'search') return answerHonestly(request, connection);
      const entries = Array.from({ length: 200 }, (_, number) =>
        searchEntry(request.id, `cn=${number}`, { cn: ['x'.repeat(number * 3)] }),
      );
      const all = Buffer.concat([...entries, searchDone(request.id, 0)]);
      for (let at = 0; at < all.length; at += 997) connection.send(all.subarray(at, at + 997));
    },
  });
  const options = ldapOptions({ urls: [`ldap://127.0.0.1:${server.port}`], ...patient });
  await using connections = createConnections(options, recordingLog());
  const found = await connections.search((client) => client.search('dc=x', {}));
  expect(found.searchEntries).toHaveLength(200);
});

test('a failure says which part failed', () => {
  expect(new ConnectionFailure('tls', 'no trust')).toMatchObject({ part: 'directory', kind: 'tls' });
});
