import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { searchDone, searchEntry } from '../../../support/ldap-message.ts';
import { answerHonestly, honestEntry, startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { startRecordingRelay } from '../../../support/recording-relay.ts';
import { ldapDirectory, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

/** What ldapts takes for a mechanism where it expects a DN, and what is close to it. */
const mechanisms = ['EXTERNAL', 'PLAIN', 'DIGEST-MD5', 'SCRAM-SHA-1', 'external', ' EXTERNAL', 'GSSAPI', ''];

describe('a word that names a SASL mechanism', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test.each(mechanisms)('is a username like any other: %j', async (word) => {
    await using relay = await startRecordingRelay(server);
    const urls = [`ldap://127.0.0.1:${relay.port}`];
    const userDnTemplate = 'uid={username},ou=people,dc=example,dc=org';
    await using searching = ldapDirectory({ urls });
    await using reading = ldapDirectory({ urls, userDnTemplate });
    expect(await searching.find(word)).toEqual({ refusal: 'unknown-user' });
    expect(await reading.find(word)).toEqual({ refusal: 'unknown-user' });
    for (const request of relay.connections().flat()) expect(request.authentication).not.toBe('sasl');
    expect(new Set(relay.binds())).toEqual(new Set(word === '' ? [] : [server.serviceDn]));
  });

  test.each(mechanisms)('is no DN that a person is bound as: %j', async (word) => {
    await using relay = await startRecordingRelay(server);
    await using directory = ldapDirectory({ urls: [`ldap://127.0.0.1:${relay.port}`] });
    for (const password of ['secret', `dn:${server.serviceDn}`]) {
      await reasonsOf(directory.verifyPassword(principalAt(word), password));
    }
    expect(await directory.verifyPassword(principalAt(word), '')).toEqual({ refusal: 'wrong-password' });
    expect(relay.connections().flat()).toEqual([]);
  });

  test.each(mechanisms)(
    'is no DN that a person is bound as, though the directory says so: %j',
    async (word) => {
      await using liar = await startLyingLdapServer({
        answer: (request, connection) => {
          if (request.operation !== 'search') return answerHonestly(request, connection);
          connection.send(searchEntry(request.id, word, honestEntry.attributes), searchDone(request.id, 0));
        },
      });
      await using directory = ldapDirectory({ urls: [`ldap://127.0.0.1:${liar.port}`] });
      const found = await directory.find('alice').catch(() => ({ refusal: 'thrown' as const }));
      if ('principal' in found) await reasonsOf(directory.verifyPassword(found.principal, 'secret'));
      for (const request of liar.requests()) expect(request.authentication).not.toBe('sasl');
      expect(liar.binds()).toBe(1);
    },
  );
});
