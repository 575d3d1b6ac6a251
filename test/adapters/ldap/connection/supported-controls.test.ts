import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DirectoryWatchOptions } from '../../../../src/adapters/ldap/watch/directory-watch.ts';
import { createDirectoryWatch } from '../../../../src/adapters/ldap/watch/directory-watch.ts';
import type { Principal } from '../../../../src/ports/principal.ts';
import { bindResponse, searchDone, searchEntry } from '../../../support/ldap-message.ts';
import {
  type Answer,
  answerHonestly,
  knownControls,
  type LyingLdapServer,
  startLyingLdapServer,
} from '../../../support/lying-ldap-server.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { type RecordingRelay, startRecordingRelay } from '../../../support/recording-relay.ts';
import { groupOptions } from '../groups/admit-over.ts';
import { ldapDirectory, ldapOptions } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const { passwordPolicy, pagedResults, domainScope, dirSync } = knownControls;
const urlOf = ({ port }: { readonly port: number }) => `ldap://127.0.0.1:${port}`;
/** Those that a server was sent, each once. */
const sentTo = (server: LyingLdapServer | RecordingRelay) => {
  const requests = 'requests' in server ? server.requests() : server.connections().flat();
  return [...new Set(requests.flatMap(({ controls }) => controls))].sort();
};

/** Everything that sends controls: a sign-in, a recheck, and a look of the watch at people and groups. */
async function useAll(url: string, different: Partial<DirectoryWatchOptions> = {}): Promise<Principal> {
  await using directory = ldapDirectory({ urls: [url] });
  const found = await directory.find('alice');
  if (!('principal' in found)) throw new Error('nobody was found');
  expect(await directory.verifyPassword(found.principal, 'alice-secret')).toEqual(found);
  expect(await directory.recheck(found.principal)).toMatchObject({ principal: { username: 'alice' } });
  const groups = groupOptions({ base: 'ou=groups,dc=example,dc=org' });
  const options = {
    ...ldapOptions({ urls: [url] }),
    watch: 'modifyTimestamp',
    groups,
    ...different,
  } as const;
  await using watch = createDirectoryWatch({ log: recordingLog() }, options);
  await watch?.changesSince(undefined);
  return found.principal;
}

/** What a watch of groups needs beside what an honest server says. */
const inContext: Answer = (request, connection) => {
  const { id, operation, dn } = request;
  if (operation !== 'search' || dn === 'ou=people,dc=example,dc=org')
    return answerHonestly(request, connection);
  const times = { modifyTimestamp: ['20260101000000Z'], namingContexts: ['dc=example,dc=org'] };
  connection.send(searchEntry(id, dn, { ...times, entryUUID: ['a'], member: ['cn=x'] }), searchDone(id, 0));
};

describe('a server that ends the connection at a control that it does not list', () => {
  test('lists none, and signs in, is rechecked and watched all the same', async () => {
    await using server = await startLyingLdapServer({ answer: inContext, controls: [] });
    await useAll(urlOf(server));
    expect(sentTo(server)).toEqual([]);
  });

  test.each([
    ['password policies', passwordPolicy],
    ['the scope of a domain', domainScope],
    ['pages', pagedResults],
  ])('lists %s, and is sent that', async (_, control) => {
    await using server = await startLyingLdapServer({ answer: inContext, controls: [control] });
    await useAll(urlOf(server));
    expect(sentTo(server)).toEqual([control]);
  });

  test('is not sent DirSync, and the watch says what to set', async () => {
    await using server = await startLyingLdapServer({ answer: inContext, controls: [] });
    const watch = createDirectoryWatch(
      { log: recordingLog() },
      { ...ldapOptions({ urls: [urlOf(server)] }), watch: 'dirSync' },
    );
    expect(await reasonsOf(watch?.changesSince(undefined) ?? Promise.resolve())).toMatch(/knows no DirSync/);
    await watch?.[Symbol.asyncDispose]();
    expect(sentTo(server)).not.toContain(dirSync);
  });

  test('shows its root DSE to nobody: none is sent', async () => {
    // As an answer to whoever is not bound: insufficientAccessRights.
    await using server = await startLyingLdapServer({
      controls: [],
      answer: ({ id, operation }, connection) =>
        connection.send(operation === 'bind' ? bindResponse(id, 0) : searchDone(id, 50)),
    });
    await using directory = ldapDirectory({ urls: [urlOf(server)] });
    const alice = { directoryId: 'corp', entryId: 'a', dn: 'uid=alice,ou=people,dc=example,dc=org' };
    const person = { ...alice, username: 'alice', emails: [], fullName: 'Alice', groups: [] };
    expect(await directory.verifyPassword(person, 'any')).toEqual({ principal: person });
    expect(sentTo(server)).toEqual([]);
  });
});

describe('OpenLDAP', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test('is sent those of its controls that are of use, and asked once what they are', async () => {
    await using relay = await startRecordingRelay(server);
    await using directory = ldapDirectory({ urls: [urlOf(relay)] });
    const found = await directory.find('alice');
    if (!('principal' in found)) throw new Error('nobody was found');
    for (let time = 0; time < 3; time += 1) {
      await directory.verifyPassword(found.principal, 'alice-secret');
      await directory.recheck(found.principal);
    }
    const atRoot = relay
      .connections()
      .flat()
      .filter(({ operation, dn }) => operation === 'search' && dn === '');
    expect(atRoot).toHaveLength(1);
    // slapd knows password policies with its overlay alone, and no domains.
    expect(sentTo(relay)).toEqual([]);
  });

  test('that keeps password policies is sent the control of those', async () => {
    await using policed = await startOpenLdap({ policies: true });
    await using relay = await startRecordingRelay(policed);
    await useAll(urlOf(relay));
    expect(sentTo(relay)).toEqual([pagedResults, passwordPolicy].sort());
  });
});
