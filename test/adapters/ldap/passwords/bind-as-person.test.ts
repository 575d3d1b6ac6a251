import { describe, expect, test } from '@jest/globals';
import { bindResponse } from '../../../support/ldap-message.ts';
import { answerHonestly, startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { dnOf, ldapDirectory, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const alice = principalAt(dnOf('alice'));

/** Starts two servers that answer this to a bind as alice, and gives a directory of both and the binds they saw. */
async function startTwo(code: number) {
  const started = new AsyncDisposableStack();
  const start = async () =>
    started.use(
      await startLyingLdapServer({
        answer(request, connection) {
          if (request.dn === alice.dn) connection.send(bindResponse(request.id, code));
          else answerHonestly(request, connection);
        },
      }),
    );
  const servers = [await start(), await start()];
  const directory = started.use(
    ldapDirectory({ urls: servers.map(({ port }) => `ldap://127.0.0.1:${port}`) }),
  );
  return {
    directory,
    binds: () => servers.flatMap((one) => one.requests()).filter(({ dn }) => dn === alice.dn).length,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

describe('a bind as a person', () => {
  test.each([
    [19, 'account-locked'],
    [32, 'wrong-password'],
    [48, 'wrong-password'],
    [49, 'wrong-password'],
    [53, 'account-inactivated'],
  ])('that ends with result %d is a refusal, %s, and is made once', async (code, refusal) => {
    await using two = await startTwo(code);
    expect(await two.directory.verifyPassword(alice, 'alice-secret')).toEqual({ refusal });
    expect(two.binds()).toBe(1);
  });

  test.each([1, 2, 7, 8, 10, 13, 14, 34, 50, 51, 52, 80, 123])(
    'that ends with result %d says nothing about the person, and is made once with any number of servers',
    async (code) => {
      await using two = await startTwo(code);
      await reasonsOf(two.directory.verifyPassword(alice, 'alice-secret'));
      expect(two.binds()).toBe(1);
    },
  );

  test.each([8, 13])('that ends with result %d names the settings that would mend it', async (code) => {
    await using two = await startTwo(code);
    const reasons = await reasonsOf(two.directory.verifyPassword(alice, 'alice-secret'));
    expect(reasons).toMatch(/LDAP_STARTTLS=true.*LDAP_URL/);
  });

  test('is not made for an empty password, be the server as willing as it may', async () => {
    await using two = await startTwo(0);
    expect(await two.directory.verifyPassword(alice, '')).toEqual({ refusal: 'wrong-password' });
    expect(two.binds()).toBe(0);
    expect(await two.directory.verifyPassword(alice, 'anything')).toEqual({ principal: alice });
    expect(two.binds()).toBe(1);
  });
});
