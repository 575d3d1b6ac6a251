import { describe, expect, test } from '@jest/globals';
import { bindResponse, searchDone, searchEntry } from '../../../support/ldap-message.ts';
import {
  type Answer,
  answerHonestly,
  honestEntry,
  type LyingLdapServer,
  startLyingLdapServer,
} from '../../../support/lying-ldap-server.ts';
import { until } from '../../../support/until.ts';
import { bindsAlone, dnOf, ldapDirectory, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const alice = principalAt(dnOf('alice'));
const open = (server: LyingLdapServer, operationTimeoutMs = 300) =>
  ldapDirectory({ urls: [`ldap://127.0.0.1:${server.port}`], operationTimeoutMs, ...bindsAlone });

/** What comes instead of a result, and whether the server closes then. */
const brokenAnswers: [string, (id: number) => Buffer[], 'keeps' | 'closes'][] = [
  ['nothing', () => [], 'keeps'],
  ['nothing', () => [], 'closes'],
  ['half a result', (id) => [bindResponse(id, 0).subarray(0, 5)], 'keeps'],
  ['half a result', (id) => [bindResponse(id, 0).subarray(0, 5)], 'closes'],
  ['an entry without an end', (id) => [searchEntry(id, honestEntry.dn, honestEntry.attributes)], 'keeps'],
  ['an entry without an end', (id) => [searchEntry(id, honestEntry.dn, honestEntry.attributes)], 'closes'],
  ['garbage', () => [Buffer.from('HTTP/1.1 200 OK\r\n\r\n')], 'keeps'],
  ['zeros', () => [Buffer.alloc(1_000)], 'keeps'],
  ['the result of a search that nobody made', (id) => [searchDone(id + 100, 0)], 'keeps'],
  ['a length of 4 GiB', () => [Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])], 'keeps'],
];

describe('a search that gets a broken answer', () => {
  test.each(brokenAnswers)('such as %j is Unavailable, never "unknown" (%#)', async (_, bytes, then) => {
    const answer: Answer = (request, connection) => {
      if (request.operation !== 'search') return answerHonestly(request, connection);
      connection.send(...bytes(request.id));
      if (then === 'closes') connection.end();
    };
    await using server = await startLyingLdapServer({ answer });
    await using directory = open(server);
    await reasonsOf(directory.find('alice'));
    await reasonsOf(directory.ping());
    expect(server.requests().filter(({ operation }) => operation === 'search').length).toBeLessThanOrEqual(4);
  });

  test.each([1, 3, 8, 11, 12, 50, 51, 52, 53, 80])('of result %i is Unavailable, too', async (code) => {
    const answer: Answer = (request, connection) =>
      request.operation === 'search'
        ? connection.send(searchDone(request.id, code))
        : answerHonestly(request, connection);
    await using server = await startLyingLdapServer({ answer });
    await using directory = open(server);
    await reasonsOf(directory.find('alice'));
  });

  test('leaves nothing behind that the next connection could stumble over', async () => {
    const answer: Answer = (request, connection) => {
      if (request.operation === 'search' && connection.number === 1) {
        connection.send(searchDone(request.id, 0).subarray(0, 5));
        connection.end();
      } else answerHonestly(request, connection);
    };
    await using server = await startLyingLdapServer({ answer });
    await using directory = open(server, 5_000);
    expect(await directory.find('alice')).toMatchObject({ principal: { username: 'alice' } });
    // The one that broke, the probe, and the one that was asked.
    expect(server.connections().accepted).toBe(3);
  });

  test('with more than two entries is ambiguous', async () => {
    const answer: Answer = (request, connection) => {
      if (request.operation !== 'search') return answerHonestly(request, connection);
      const entry = searchEntry(request.id, honestEntry.dn, honestEntry.attributes);
      connection.send(entry, entry, searchDone(request.id, 4));
    };
    await using server = await startLyingLdapServer({ answer });
    await using directory = open(server);
    expect(await directory.find('alice')).toEqual({ refusal: 'ambiguous' });
  });
});

describe('a bind that gets a broken answer', () => {
  test.each(brokenAnswers)(
    'such as %j is Unavailable, and is not made again (%#)',
    async (_, bytes, then) => {
      const answer: Answer = ({ id }, connection) => {
        connection.send(...bytes(id));
        if (then === 'closes') connection.end();
      };
      await using server = await startLyingLdapServer({ answer });
      await using directory = open(server);
      const outcome = await directory.verifyPassword(alice, 'alice-secret').catch(() => 'thrown');
      expect(outcome).toBe('thrown');
      expect(server.binds()).toBe(1);
      await until('the connection is closed', () => server.connections().open === 0);
    },
  );

  test.each([
    [49, 'wrong-password'],
    [48, 'wrong-password'],
    [32, 'wrong-password'],
  ])('but result %i is a refusal', async (code, refusal) => {
    await using server = await startLyingLdapServer({
      answer: ({ id }, connection) => connection.send(bindResponse(id, code)),
    });
    await using directory = open(server);
    expect(await directory.verifyPassword(alice, 'alice-secret')).toEqual({ refusal });
  });

  test.each([1, 2, 3, 7, 8, 11, 13, 14, 51, 52, 80])(
    'of result %i is no statement about the person',
    async (code) => {
      await using server = await startLyingLdapServer({
        answer: ({ id }, connection) => connection.send(bindResponse(id, code)),
      });
      await using directory = open(server);
      await reasonsOf(directory.verifyPassword(alice, 'alice-secret'));
      expect(server.binds()).toBe(1);
    },
  );
});
