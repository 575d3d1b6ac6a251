import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { type RecordingRelay, startRecordingRelay } from '../../../support/recording-relay.ts';
import { until } from '../../../support/until.ts';
import { bindsAlone, dnOf, ldapDirectory, principalAt } from '../options.ts';

const alice = principalAt(dnOf('alice'));

describe('connections to OpenLDAP', () => {
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
  /** The connections on which something of this kind was asked. */
  const connectionsOf = (isAsked: (dn: string, operation: string) => boolean) =>
    relay.connections().filter((requests) => requests.some(({ dn, operation }) => isAsked(dn, operation)));

  test('are none before the first call', async () => {
    await using _ = open();
    expect(relay.connections()).toHaveLength(0);
  });

  test('are either for searches or for binds of people', async () => {
    await using directory = open();
    await Promise.all(
      Array.from({ length: 20 }, async (_, number) => {
        const found = await directory.find(number % 2 ? 'alice' : 'bob');
        if (!('principal' in found)) throw new Error(JSON.stringify(found));
        const password = number % 3 ? `${found.principal.username}-secret` : 'wrong';
        await directory.verifyPassword(found.principal, password);
      }),
    );
    for (const requests of relay.connections()) {
      const [first, ...others] = requests.map(({ operation, dn }) => (operation === 'bind' ? dn : operation));
      if (first === server.serviceDn) expect(new Set(others)).toEqual(new Set(['search']));
      else for (const one of [first, ...others]) expect([dnOf('alice'), dnOf('bob')]).toContain(one);
    }
    expect(relay.binds().filter((dn) => dn === dnOf('alice'))).toHaveLength(10);
    expect(relay.binds().filter((dn) => dn === dnOf('bob'))).toHaveLength(10);
  });

  test('for searches are opened once for each slot, however many come first at the same time', async () => {
    await using directory = open({ searchConnections: 2 });
    const found = await Promise.all(Array.from({ length: 12 }, () => directory.find('alice')));
    expect(found.every((one) => 'principal' in one)).toBe(true);
    expect(relay.connections()).toHaveLength(2);
    expect(relay.binds()).toEqual([server.serviceDn, server.serviceDn]);
    await directory.ping();
    expect(relay.connections()).toHaveLength(2);
  });

  test('for binds are no more than the size, and each answer is for the password it belongs to', async () => {
    await using directory = open({
      ...bindsAlone,
      bindConnections: { size: 4, maxWaiting: 256, maxWaitMs: 30_000 },
    });
    const people = ['alice', 'bob', 'carol'];
    const asked = Array.from({ length: 30 }, (_, number) => {
      const uid = people[number % 3] ?? '';
      return {
        person: principalAt(dnOf(uid)),
        password: `${people[Math.floor(number / 3) % 3]}-secret`,
        uid,
      };
    });
    const answers = await Promise.all(asked.map((one) => directory.verifyPassword(one.person, one.password)));
    expect(answers).toEqual(
      asked.map(({ person, password, uid }) =>
        password === `${uid}-secret` ? { principal: person } : { refusal: 'wrong-password' },
      ),
    );
    expect(relay.connections().length).toBeLessThanOrEqual(4);
    expect(relay.binds()).toHaveLength(30);
  });

  test('for binds have at most one bind under way at once', async () => {
    await using directory = open({
      ...bindsAlone,
      bindConnections: { size: 1, maxWaiting: 256, maxWaitMs: 30_000 },
    });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, number) =>
        directory.verifyPassword(alice, number % 2 ? 'wrong' : 'alice-secret'),
      ),
    );
    expect(answers.map((answer) => 'principal' in answer)).toEqual(
      answers.map((_, number) => number % 2 === 0),
    );
    expect(relay.connections()).toHaveLength(1);
  });

  test('are all closed at the end', async () => {
    const directory = open();
    await Promise.all([
      directory.find('alice'),
      directory.find('bob'),
      directory.verifyPassword(alice, 'alice-secret'),
      directory.verifyPassword(alice, 'wrong'),
    ]);
    expect(relay.open()).toBeGreaterThanOrEqual(3);
    await directory[Symbol.asyncDispose]();
    await until('every connection is closed', () => relay.open() === 0);
    expect(connectionsOf((_, operation) => operation === 'unbind')).toHaveLength(relay.connections().length);
  });

  test('are all closed at the end, also those of calls that are under way then', async () => {
    const directory = open({ operationTimeoutMs: 2_000 });
    await Promise.all([directory.find('alice'), directory.verifyPassword(alice, 'wrong')]);
    await server.pause();
    const calls = [
      directory.find('alice'),
      directory.find('bob'),
      directory.verifyPassword(alice, 'alice-secret'),
    ];
    const settled = Promise.allSettled(calls);
    await directory[Symbol.asyncDispose]();
    await server.resume();
    await settled;
    await until('every connection is closed', () => relay.open() === 0);
  });
});
