import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../src/errors.ts';
import { bindResponse, searchDone, searchEntry } from '../../../support/ldap-message.ts';
import { startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { startWatching, watchOptions } from './watching.ts';

const suffix = 'dc=example,dc=org';

/** A server that answers every search but those of single entries with this result code. */
const refusing = (code: number) =>
  startLyingLdapServer({
    answer: ({ id, operation, dn }, connection) => {
      if (operation === 'bind') connection.send(bindResponse(id, 0));
      if (operation !== 'search') return;
      const isFirst = !asked.has(`${connection.number} ${dn}`);
      asked.add(`${connection.number} ${dn}`);
      if (dn === '') connection.send(searchEntry(id, '', { namingContexts: [suffix, 'dc=org'] }));
      else if (isFirst) connection.send(searchEntry(id, dn, { objectClass: ['top'] }));
      connection.send(searchDone(id, dn === '' || isFirst ? 0 : code));
    },
  });
let asked = new Set<string>();

const watchOf = (port: number, watch: 'dirSync' | 'modifyTimestamp') => {
  asked = new Set();
  const server = { url: `ldap://127.0.0.1:${port}`, serviceDn: 'cn=latchkey', servicePassword: 'secret' };
  const { groups: _, ...options } = watchOptions(server, { watch });
  return options;
};

describe('a watch that the directory refuses', () => {
  test.each([
    [50, `let the service account read ${suffix}, or grant it "Replicating Directory Changes" there`],
    [53, 'the directory refused DirSync'],
    [12, 'the directory knows no DirSync: set watch to modifyTimestamp, or to none'],
  ])('by DirSync with result %i says what can be done', async (code, message) => {
    await using server = await refusing(code);
    const watching = startWatching(watchOf(server.port, 'dirSync'));
    await expect(watching).rejects.toThrow(message);
    await expect(watching).rejects.toThrow(Unavailable);
  });

  test.each([
    [3, 'index modifyTimestamp there'],
    [11, 'index modifyTimestamp there'],
    [53, 'a look for changes'],
  ])('by modifyTimestamp with result %i says what can be done', async (code, message) => {
    await using server = await refusing(code);
    const watching = startWatching(watchOf(server.port, 'modifyTimestamp'));
    await expect(watching).rejects.toThrow(message);
    await expect(watching).rejects.toThrow(Unavailable);
  });

  test('takes no server for one that is down because it will not do this', async () => {
    await using server = await refusing(53);
    const options = watchOf(server.port, 'modifyTimestamp');
    await using watching = await startWatching(options, 'modifyTimestamp 20260101000000Z 0');
    for (let looks = 0; looks < 3; looks += 1) await expect(watching.look()).rejects.toThrow(Unavailable);
    expect(watching.lines).toEqual([]);
    expect(server.binds()).toBe(1);
  });
});
