import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { type LdapFault, type LdapProxy, startLdapProxy } from '../../../support/ldap-proxy.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { groupOptions } from '../groups/admit-over.ts';
import { ldapDirectory } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const aliceId = '11111111-1111-4111-8111-111111111111';
const bobId = '22222222-2222-4222-8222-222222222222';
const people = 'ou=people,dc=example,dc=org';
const groupsBase = 'ou=groups,dc=example,dc=org';
const rarely = { probe: { firstMs: 600_000, atMostMs: 600_000 } };

describe('rechecks by two servers of a directory', () => {
  let server: OpenLdap;
  let stack: AsyncDisposableStack;
  let first: LdapProxy;
  let second: LdapProxy;
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    server = stack.use(await startOpenLdap());
    [first, second] = [stack.use(await startLdapProxy(server)), stack.use(await startLdapProxy(server))];
  });
  afterAll(() => stack.disposeAsync());

  const nameOf = ({ port }: LdapProxy) => `ldap://127.0.0.1:${port}`;
  const open = (different: Partial<LdapDirectoryOptions> = {}) => {
    const directory = ldapDirectory({ urls: [nameOf(first), nameOf(second)], ...rarely, ...different });
    return {
      directory,
      recheck: (...ids: string[]) =>
        Promise.all(ids.map((entryId) => directory.recheck({ directoryId: 'corp', entryId }))),
      [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
    };
  };
  /** A server that dies when it is asked for something below `base`, and counts how often it is. */
  const dyingAt = (base: string) => {
    const counts = { asked: 0 };
    const fault: LdapFault = {
      onRequest({ operation, dn }, connection) {
        if (operation !== 'search' || dn !== base) return false;
        counts.asked++;
        connection.reset();
        return true;
      },
    };
    return { counts, fault };
  };

  test('are told by the first of them while it works', async () => {
    await using rechecks = open();
    await first.fail({});
    expect(await rechecks.recheck(aliceId, 'gone')).toMatchObject([
      { principal: { username: 'alice' }, server: nameOf(first) },
      { out: 'not-found', server: nameOf(first) },
    ]);
  });

  test('are made again on the next where a server dies under them, which is then who says so', async () => {
    await using rechecks = open();
    const { counts, fault } = dyingAt(people);
    await first.fail(fault);
    expect(await rechecks.recheck(aliceId, bobId, 'gone')).toMatchObject([
      { principal: { username: 'alice' }, server: nameOf(second) },
      { principal: { username: 'bob' }, server: nameOf(second) },
      { out: 'not-found', server: nameOf(second) },
    ]);
    expect(counts.asked).toBe(1);
    expect(rechecks.directory.isUp('corp')).toBe(true);
  });

  test('are told by who tells the groups, where these decide', async () => {
    const requiredGroup = `cn=staff,${groupsBase}`;
    await using rechecks = open({ groups: groupOptions({ base: groupsBase, requiredGroup }) });
    const { counts, fault } = dyingAt(groupsBase);
    await first.fail(fault);
    const guid = (await rechecks.directory.find('guid')) as { principal: { entryId: string } };
    const [alice, out] = await rechecks.recheck(aliceId, guid.principal.entryId);
    expect(alice).toMatchObject({ principal: { groups: ['developers', 'staff'] }, server: nameOf(second) });
    expect(out).toEqual({ out: 'not-permitted', server: nameOf(second) });
    expect(counts.asked).toBeGreaterThan(0);
  });

  test('are not answered where both die under them, and then no server is up', async () => {
    await using rechecks = open();
    await first.fail(dyingAt(people).fault);
    await second.fail(dyingAt(people).fault);
    const { directory } = rechecks;
    expect(directory.isUp('corp')).toBe(true);
    await reasonsOf(directory.recheck({ directoryId: 'corp', entryId: 'gone' }));
    expect(directory.isUp('corp')).toBe(false);
  });
});
