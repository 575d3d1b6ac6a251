import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SearchOptions } from 'ldapts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { testPeople } from '../../../support/people.ts';
import { until } from '../../../support/until.ts';
import { groupOptions } from '../groups/admit-over.ts';
import { dnOf } from '../options.ts';
import { type Admin, asAdmin } from './as-admin.ts';
import { startWatching, watchOptions } from './watching.ts';

const LIMIT = 5;
const uids = ['alice', 'bob', 'carol', 'no-mail', 'two-mails', 'twin-a', 'twin-b', 'guid'];

describe('a watch of a directory that gives five entries at most', () => {
  let server: OpenLdap;
  let admin: Admin;
  beforeAll(async () => {
    const longAgo = (await testPeople()).replace(/^dn:.*$/gm, '$&\nmodifyTimestamp: 20200101000000Z');
    server = await startOpenLdap({ ldif: longAgo, extra: `sizelimit ${LIMIT}` });
    admin = await asAdmin(server);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const { groups: _, ...withoutGroups } = watchOptions({ url: '', serviceDn: '', servicePassword: '' });
  const options = () => {
    const { urls, bindDn, bindPassword } = watchOptions(server);
    return { ...withoutGroups, urls, bindDn, bindPassword };
  };
  const idOf = (uid: string) => admin.idOf(dnOf(uid), 'entryUUID');
  const secondThere = async () => {
    const how: SearchOptions = { scope: 'base', attributes: ['modifyTimestamp'] };
    await admin.change('ou=people,dc=example,dc=org', 'replace', 'description', 'touched');
    return String(
      (await admin.client.search('ou=people,dc=example,dc=org', how)).searchEntries[0]?.['modifyTimestamp'],
    );
  };
  const nextSecond = async () => {
    const before = await secondThere();
    await until('the next second', async () => (await secondThere()) !== before);
  };
  const touch = (some: readonly string[]) =>
    Promise.all(
      some.map((uid) => admin.change(dnOf(uid), 'replace', 'description', `at ${performance.now()}`)),
    );

  test('tells all where more changed than that, but not within a second', async () => {
    await using watching = await startWatching(options());
    await nextSecond();
    await touch(uids.slice(0, 4));
    await nextSecond();
    await touch(uids.slice(4));
    const told = await watching.look();
    expect(told).toEqual(expect.arrayContaining(await Promise.all(uids.map(idOf))));
    expect(watching.lines).toEqual([]);
    expect(await watching.look()).toEqual([]);
  });

  test('tells as many as it is given where more changed within a second, and says so', async () => {
    await using watching = await startWatching(options());
    await nextSecond();
    await touch(uids);
    expect((await watching.look()).length).toBeGreaterThanOrEqual(LIMIT);
    const line = expect.stringContaining('more entries changed at once');
    expect(watching.lines).toEqual([line]);
    expect(await watching.look()).toEqual([]);
    expect(watching.lines).toEqual([line]);
  });

  test('says that who leaves a group is not told where there are more groups than that', async () => {
    for (const name of ['one', 'two', 'three', 'four']) {
      await admin.client.add(`cn=${name},ou=groups,dc=example,dc=org`, {
        objectClass: 'groupOfNames',
        cn: name,
        member: dnOf('alice'),
      });
    }
    await using watching = await startWatching(watchOptions(server));
    expect(watching.lines).toContainEqual(expect.stringContaining('more members of groups than are kept'));
    await nextSecond();
    await admin.change('cn=staff,ou=groups,dc=example,dc=org', 'delete', 'member', dnOf('carol'));
    // The group that decides is among those that are kept.
    expect(await watching.lookFor(await idOf('carol'))).toContain(await idOf('carol'));
  });

  test('tells whoever goes on from where another was all whom a group holds that changed meanwhile', async () => {
    const door = 'cn=door,ou=groups,dc=example,dc=org';
    await admin.client.add(door, { objectClass: 'groupOfNames', cn: 'door', member: dnOf('passwordless') });
    await nextSecond();
    const deciding = watchOptions(server, { groups: groupOptions({ requiredGroup: door }) });
    await using first = await startWatching(deciding);
    await admin.change(door, 'add', 'member', dnOf('spacey'));
    await using second = await startWatching(deciding, first.cursor());
    const told = await second.look();
    expect(told).toContain(await idOf('spacey'));
    expect(told).toContain(await idOf('passwordless'));
  });
});
