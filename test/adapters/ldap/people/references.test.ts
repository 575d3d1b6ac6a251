import { describe, expect, test } from '@jest/globals';
import { bindResponse, searchDone, searchEntry, searchReference } from '../../../support/ldap-message.ts';
import {
  type Answer,
  answerHonestly,
  honestEntry,
  startLyingLdapServer,
} from '../../../support/lying-ldap-server.ts';
import { dnOf, ldapDirectory, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

/** A server of an attacker, and one that refers to it with every search as `answer` says. */
async function startBoth(answer: (urls: string[]) => Answer) {
  const attacker = await startLyingLdapServer();
  const urls = [
    `ldap://127.0.0.1:${attacker.port}/dc=example,dc=org??sub`,
    `ldap://localhost:${attacker.port}`,
  ];
  const server = await startLyingLdapServer({ answer: answer(urls) });
  const directory = ldapDirectory({ urls: [`ldap://127.0.0.1:${server.port}`] });
  return {
    attacker,
    directory,
    async [Symbol.asyncDispose]() {
      await directory[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await attacker[Symbol.asyncDispose]();
    },
  };
}

const onSearch =
  (respond: (id: number) => Buffer[]): Answer =>
  (request, connection) => {
    if (request.operation === 'search') connection.send(...respond(request.id));
    else answerHonestly(request, connection);
  };

describe('a reference to another server is never followed', () => {
  test('where it comes without an entry', async () => {
    await using both = await startBoth((urls) =>
      onSearch((id) => [searchReference(id, urls), searchDone(id, 0)]),
    );
    expect(await both.directory.find('alice')).toEqual({ refusal: 'unknown-user' });
    expect(both.attacker.connections().accepted).toBe(0);
  });

  test('where it comes beside the entry, which counts alone', async () => {
    await using both = await startBoth((urls) =>
      onSearch((id) => [
        searchReference(id, urls),
        searchEntry(id, honestEntry.dn, honestEntry.attributes),
        searchReference(id, urls),
        searchDone(id, 0),
      ]),
    );
    expect(await both.directory.find('alice')).toMatchObject({
      principal: { username: 'alice', dn: honestEntry.dn },
    });
    expect(both.attacker.connections().accepted).toBe(0);
  });

  test('where the search ends as a referral', async () => {
    await using both = await startBoth((urls) =>
      onSearch((id) => [searchReference(id, urls), searchDone(id, 10)]),
    );
    await reasonsOf(both.directory.find('alice'));
    expect(both.attacker.connections().accepted).toBe(0);
  });

  test('where a bind is answered by a referral', async () => {
    await using both = await startBoth(
      () => (request, connection) => connection.send(bindResponse(request.id, 10)),
    );
    await reasonsOf(both.directory.verifyPassword(principalAt(dnOf('alice')), 'alice-secret'));
    expect(both.attacker.connections().accepted).toBe(0);
  });
});
