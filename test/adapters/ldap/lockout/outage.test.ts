import { expect, test } from '@jest/globals';
import { createLdapDirectory } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { searchDone, searchEntry } from '../../../support/ldap-message.ts';
import {
  answerHonestly,
  honestEntry,
  type LyingConnection,
  type SeenRequest,
  startLyingLdapServer,
} from '../../../support/lying-ldap-server.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { until } from '../../../support/until.ts';
import { ldapOptions } from '../options.ts';

const policyDn = 'cn=default,ou=policies,dc=example,dc=org';
const alice = { principal: { username: 'alice', dn: honestEntry.dn } };

/** A directory whose server does this at each search for its lockout, at the root DSE or at the policy. */
async function startHiding(
  where: '' | typeof policyDn,
  hide: (at: SeenRequest, on: LyingConnection) => void,
) {
  const server = await startLyingLdapServer({
    answer(request, connection) {
      const { operation, dn, id } = request;
      if (operation === 'search' && dn === where) return hide(request, connection);
      if (operation === 'search' && dn === '') {
        const vendor = searchEntry(id, '', { vendorName: ['Example'] });
        return connection.send(vendor, searchDone(id, 0));
      }
      answerHonestly(request, connection);
    },
  });
  const log = recordingLog();
  const directory = createLdapDirectory(
    ldapOptions({
      urls: [`ldap://127.0.0.1:${server.port}`],
      operationTimeoutMs: 1_000,
      lockout: { threshold: undefined, policyDn },
    }),
    log,
  );
  return {
    directory,
    complaints: () => log.lines.filter((line) => line.includes('locks people out')),
    searches: () =>
      server.requests().filter(({ operation, dn }) => operation === 'search' && dn === where).length,
    async [Symbol.asyncDispose]() {
      await directory[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

test.each([
  ['silent', () => {}],
  ['gone', (_request: SeenRequest, connection: LyingConnection) => connection.reset()],
  ['busy', ({ id }: SeenRequest, connection: LyingConnection) => connection.send(searchDone(id, 51))],
  [
    'garbled',
    (_request: SeenRequest, connection: LyingConnection) => connection.send(Buffer.from('HTTP/1.1')),
  ],
])('a server that is %s when its policy is asked for finds people all the same', async (_how, hide) => {
  await using hiding = await startHiding(policyDn, hide);
  for (let time = 0; time < 3; time += 1) {
    const found = await hiding.directory.find('alice');
    expect(found).toMatchObject(alice);
    expect(found).not.toHaveProperty('lockout');
  }
  await until('it is said', () => hiding.complaints().length > 0);
  expect(hiding.complaints()).toEqual([expect.stringContaining(policyDn)]);
  expect(hiding.searches()).toBeLessThanOrEqual(2);
});

test('a server that does not say what it is is asked for no policy', async () => {
  await using hiding = await startHiding('', ({ id }, connection) => connection.send(searchDone(id, 50)));
  expect(await hiding.directory.find('alice')).toMatchObject(alice);
  expect(await hiding.directory.find('alice')).toMatchObject(alice);
  expect(hiding.complaints()).toEqual([expect.stringContaining('root DSE')]);
});
