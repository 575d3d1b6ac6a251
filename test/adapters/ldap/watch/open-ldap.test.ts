import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createDirectoryWatch,
  type DirectoryWatchOptions,
} from '../../../../src/adapters/ldap/watch/directory-watch.ts';
import { Unavailable } from '../../../../src/errors.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { groupOptions } from '../groups/admit-over.ts';
import { dnOf } from '../options.ts';
import { type Admin, asAdmin } from './as-admin.ts';
import { openWatch, requiredGroup, startWatching, watchOptions } from './watching.ts';

const group = (name: string) => `cn=${name},ou=groups,dc=example,dc=org`;

describe('a watch of OpenLDAP', () => {
  let server: OpenLdap;
  let admin: Admin;
  let people = 0;
  beforeAll(async () => {
    server = await startOpenLdap({ policies: true });
    admin = await asAdmin(server);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const addPerson = async () => {
    people += 1;
    const uid = `leaver-${people}`;
    const entry = {
      objectClass: ['inetOrgPerson', 'shadowAccount'],
      uid,
      cn: uid,
      sn: uid,
      mail: `${uid}@example.org`,
    };
    await admin.client.add(dnOf(uid), entry);
    return { uid, dn: dnOf(uid), id: await admin.idOf(dnOf(uid), 'entryUUID') };
  };
  const addGroup = async (name: string, ...member: string[]) => {
    await admin.client.add(group(name), { objectClass: 'groupOfNames', cn: name, member });
    return group(name);
  };

  test.each<[string, (dn: string) => Promise<void>]>([
    ['disabled', (dn) => admin.change(dn, 'add', 'pwdAccountLockedTime', '000001010000Z')],
    ['expired', (dn) => admin.change(dn, 'add', 'shadowExpire', '18000')],
    ['given another password', (dn) => admin.change(dn, 'replace', 'userPassword', 'another-secret')],
    ['given another email', (dn) => admin.change(dn, 'replace', 'mail', 'another@example.org')],
    ['renamed', (dn) => admin.client.modifyDN(dn, dn.replace('uid=', 'uid=renamed-'))],
    ['moved out of the base', (dn) => admin.client.modifyDN(dn, dn.replace('ou=people', 'ou=services'))],
  ])('tells at the next look, and once, who was %s', async (_, act) => {
    const { dn, id } = await addPerson();
    await using watching = await startWatching(watchOptions(server));
    await act(dn);
    expect(await watching.look()).toEqual([id]);
    expect(await watching.look()).toEqual([]);
  });

  test('tells who was put into the required group and who was taken out, and nobody else whom it holds', async () => {
    const [one, other] = [await addPerson(), await addPerson()];
    const carol = await admin.idOf(dnOf('carol'), 'entryUUID');
    await admin.change(requiredGroup, 'add', 'member', other.dn);
    await using watching = await startWatching(watchOptions(server));
    await admin.change(requiredGroup, 'add', 'member', one.dn);
    const afterOne = await watching.look();
    expect(afterOne).toContain(one.id);
    expect(afterOne).not.toContain(other.id);
    await admin.change(requiredGroup, 'delete', 'member', other.dn);
    const afterOther = await watching.look();
    expect(afterOther).toContain(other.id);
    expect(afterOther).not.toContain(one.id);
    expect(afterOther).not.toContain(carol);
    expect(await watching.look()).toEqual([]);
  });

  test('tells whom a group holds, through others in a ring, when it is taken out of the required one', async () => {
    const { dn, id } = await addPerson();
    const inner = await addGroup('inner', dn);
    const middle = await addGroup('middle', inner);
    await admin.change(inner, 'add', 'member', middle);
    await admin.change(requiredGroup, 'add', 'member', middle);
    await using watching = await startWatching(watchOptions(server));
    await admin.change(requiredGroup, 'delete', 'member', middle);
    expect(await watching.look()).toContain(id);
  });

  test('tells who was taken out of a group of unique members, or of one of login names', async () => {
    const { uid, dn, id } = await addPerson();
    await admin.change(group('auditors'), 'add', 'uniqueMember', dn);
    await admin.change(group('operators'), 'add', 'memberUid', uid);
    await using watching = await startWatching(watchOptions(server));
    await admin.change(group('auditors'), 'delete', 'uniqueMember', dn);
    expect(await watching.look()).toContain(id);
    await admin.change(group('operators'), 'delete', 'memberUid', uid);
    expect(await watching.look()).toContain(id);
  });

  test('tells whom a required group outside the base of groups let in', async () => {
    const { dn, id } = await addPerson();
    const outside = 'cn=door,ou=services,dc=example,dc=org';
    await admin.client.add(outside, { objectClass: 'groupOfNames', cn: 'door', member: [dn, dnOf('carol')] });
    const groups = groupOptions({ base: 'ou=groups,dc=example,dc=org', requiredGroup: outside });
    await using watching = await startWatching(watchOptions(server, { groups }));
    await admin.change(outside, 'delete', 'member', dn);
    expect(await watching.look()).toContain(id);
  });

  test('tells of groups where no setting but the user filter asks for them', async () => {
    const { dn, id } = await addPerson();
    await admin.change(requiredGroup, 'add', 'member', dn);
    const { groups: _, ...options } = watchOptions(server, {
      userFilter: `(&(uid={username})(memberOf=${requiredGroup}))`,
    });
    await using watching = await startWatching(options);
    await admin.change(requiredGroup, 'delete', 'member', dn);
    expect(await watching.look()).toContain(id);
  });

  test('tells whom a group held that is gone, within ten looks', async () => {
    const { dn, id } = await addPerson();
    const gone = await addGroup('gone', dn);
    await using watching = await startWatching(watchOptions(server));
    await admin.client.del(gone);
    const told: string[] = [];
    for (let looks = 0; looks < 10; looks += 1) told.push(...(await watching.look()));
    expect(told).toContain(id);
  });

  test('cannot see who was deleted', async () => {
    const { dn, id } = await addPerson();
    await using watching = await startWatching(watchOptions(server));
    await admin.client.del(dn);
    for (let looks = 0; looks < 10; looks += 1) expect(await watching.look()).not.toContain(id);
  });

  test('tells of each of two changes within a second', async () => {
    const { dn, id } = await addPerson();
    await using watching = await startWatching(watchOptions(server));
    for (const mail of ['one@example.org', 'two@example.org', 'three@example.org']) {
      await admin.change(dn, 'replace', 'mail', mail);
      expect(await watching.look()).toEqual([id]);
    }
  });

  test('tells nothing, and asks one search, when nothing has changed', async () => {
    await using proxy = await startTcpProxy({ port: server.port });
    const options = watchOptions(server, { urls: [`ldap://127.0.0.1:${proxy.port}`] });
    await using watching = await startWatching(options);
    proxy.resetCounts();
    for (let looks = 0; looks < 5; looks += 1) expect(await watching.look()).toEqual([]);
    expect(proxy.ldapOps().search).toBe(5);
  });

  test('goes on from where another was', async () => {
    const [one, other] = [await addPerson(), await addPerson()];
    await using first = await startWatching(watchOptions(server));
    await admin.change(one.dn, 'replace', 'mail', 'another@example.org');
    await admin.change(requiredGroup, 'add', 'member', other.dn);
    await using second = await startWatching(watchOptions(server), first.cursor());
    const told = await second.look();
    expect(told).toContain(one.id);
    expect(told).toContain(other.id);
    await admin.change(requiredGroup, 'delete', 'member', other.dn);
    expect(await second.look()).toContain(other.id);
  });

  test('tells again to whoever asks again from the same place', async () => {
    const { dn, id } = await addPerson();
    await admin.change(requiredGroup, 'add', 'member', dn);
    await using opened = openWatch({ log: recordingLog() }, watchOptions(server));
    const { cursor } = await opened.changesSince(undefined);
    await admin.change(requiredGroup, 'delete', 'member', dn);
    const once = await opened.changesSince(cursor);
    expect(once.entryIds).toContain(id);
    expect((await opened.changesSince(cursor)).entryIds).toEqual(once.entryIds);
    expect((await opened.changesSince(once.cursor)).entryIds).toEqual([]);
  });

  test('begins anew with a cursor that is none of its own', async () => {
    const { id } = await addPerson();
    await using watching = await startWatching(watchOptions(server), 'dirSync AAAA');
    expect(await watching.look()).toEqual([]);
    expect(await watching.look()).not.toContain(id);
    expect(watching.cursor()).toMatch(/^modifyTimestamp /);
  });

  test('is Unavailable while the server is away, and loses nothing by it', async () => {
    const { dn, id } = await addPerson();
    await using proxy = await startTcpProxy({ port: server.port });
    const options = watchOptions(server, { urls: [`ldap://127.0.0.1:${proxy.port}`] });
    await using watching = await startWatching(options);
    await proxy.set({ mode: 'refuse' });
    proxy.kill();
    await expect(watching.look()).rejects.toThrow(Unavailable);
    await admin.change(dn, 'replace', 'mail', 'another@example.org');
    await proxy.set({});
    expect(await watching.lookFor(id)).toContain(id);
  });

  test('ends when its signal is aborted, with the reason', async () => {
    await using watch = createDirectoryWatch({ log: recordingLog() }, watchOptions(server));
    const reason = new Error('enough');
    await expect(watch?.changesSince(undefined, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test('by DirSync says that this directory has none', async () => {
    const watching = startWatching(watchOptions(server, { watch: 'dirSync' }));
    await expect(watching).rejects.toThrow('the directory knows no DirSync');
    await expect(watching).rejects.toThrow(Unavailable);
  });

  test.each<[string, Partial<DirectoryWatchOptions>]>([
    ['where it is not wanted', { watch: 'none' }],
    ['without a service account', { bindDn: undefined, bindPassword: undefined }],
  ])('is none %s', (_, different) => {
    expect(createDirectoryWatch({ log: recordingLog() }, watchOptions(server, different))).toBeUndefined();
  });
});
