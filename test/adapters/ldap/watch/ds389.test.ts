import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../src/errors.ts';
import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { type Ds389, startDs389 } from '../../../support/ds389.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { dnOf, personAttributes } from '../options.ts';
import { type Admin, asAdmin } from './as-admin.ts';
import { requiredGroup, startWatching, watchOptions } from './watching.ts';

const group = (name: string) => `cn=${name},ou=groups,dc=example,dc=org`;

describeWithDirectory('ds389', 'a watch of 389 Directory Server', () => {
  let server: Ds389;
  let admin: Admin;
  let people = 0;
  beforeAll(async () => {
    server = await startDs389();
    admin = await asAdmin(server);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const attributes = { ...personAttributes, id: 'nsUniqueId' };
  const options = (different: Parameters<typeof watchOptions>[1] = {}) =>
    watchOptions(server, { attributes, ...different });
  const addPerson = async (...groups: readonly string[]) => {
    people += 1;
    const uid = `leaver-${people}`;
    const objectClass = ['inetOrgPerson', 'nsMemberOf', 'nsAccount', 'shadowAccount'];
    await admin.client.add(dnOf(uid), { objectClass, uid, cn: uid, sn: uid, mail: `${uid}@example.org` });
    for (const dn of groups) await admin.change(dn, 'add', 'member', dnOf(uid));
    return { dn: dnOf(uid), id: await admin.idOf(dnOf(uid), 'nsUniqueId') };
  };

  test.each<[string, (dn: string) => Promise<void>]>([
    ['disabled', (dn) => admin.change(dn, 'add', 'nsAccountLock', 'true')],
    ['expired', (dn) => admin.change(dn, 'add', 'shadowExpire', '18000')],
    ['given another password', (dn) => admin.change(dn, 'replace', 'userPassword', 'another-secret')],
    ['given another email', (dn) => admin.change(dn, 'replace', 'mail', 'another@example.org')],
    ['renamed', (dn) => admin.client.modifyDN(dn, dn.replace('uid=', 'uid=renamed-'))],
    ['moved out of the base', (dn) => admin.client.modifyDN(dn, dn.replace('ou=people', 'ou=services'))],
    ['put into the required group', (dn) => admin.change(requiredGroup, 'add', 'member', dn)],
  ])('tells at the next look who was %s, and nothing before and long after', async (_, act) => {
    const { dn, id } = await addPerson();
    await using watching = await startWatching(options());
    await watching.quiet();
    await act(dn);
    expect(await watching.look()).toContain(id);
    await watching.quiet();
    expect(await watching.look()).toEqual([]);
  });

  test('tells who was taken out of the required group, or of one in it, and nobody else whom it holds', async () => {
    const carol = await admin.idOf(dnOf('carol'), 'nsUniqueId');
    const [one, other] = [await addPerson(requiredGroup), await addPerson(group('developers'))];
    await using watching = await startWatching(options());
    await watching.quiet();
    await admin.change(requiredGroup, 'delete', 'member', one.dn);
    const afterOne = await watching.look();
    expect(afterOne).toContain(one.id);
    expect(afterOne).not.toContain(carol);
    await admin.change(group('developers'), 'delete', 'member', other.dn);
    expect(await watching.look()).toContain(other.id);
  });

  test('tells whom a group holds that was taken out of the required one, or is gone', async () => {
    const objectClass = ['groupOfNames', 'nsMemberOf'];
    const inner = group('inner');
    await admin.client.add(inner, { objectClass, cn: 'inner', member: dnOf('bob') });
    const { id } = await addPerson(inner);
    await admin.change(requiredGroup, 'add', 'member', inner);
    await using watching = await startWatching(options());
    await watching.quiet();
    await admin.change(requiredGroup, 'delete', 'member', inner);
    expect(await watching.look()).toContain(id);
    await watching.quiet();
    await admin.client.del(inner);
    expect(await watching.lookFor(id)).toContain(id);
  });

  test('cannot see who was deleted', async () => {
    const { dn, id } = await addPerson();
    await using watching = await startWatching(options());
    await watching.quiet();
    await admin.client.del(dn);
    for (let looks = 0; looks < 10; looks += 1) expect(await watching.look()).not.toContain(id);
  });

  test('tells of each of two changes within a second', async () => {
    const { dn, id } = await addPerson();
    await using watching = await startWatching(options());
    for (const mail of ['one@example.org', 'two@example.org', 'three@example.org']) {
      await admin.change(dn, 'replace', 'mail', mail);
      expect(await watching.look()).toContain(id);
    }
  });

  test('asks one search when nothing has changed', async () => {
    await using proxy = await startTcpProxy({ port: server.port });
    await using watching = await startWatching(options({ urls: [`ldap://127.0.0.1:${proxy.port}`] }));
    await watching.quiet();
    proxy.resetCounts();
    for (let looks = 0; looks < 5; looks += 1) expect(await watching.look()).toEqual([]);
    // One of ten looks asks for groups that are gone.
    expect(proxy.ldapOps().search).toBeLessThanOrEqual(6);
  });

  test('goes on from where another was', async () => {
    const { dn, id } = await addPerson(requiredGroup);
    await using first = await startWatching(options());
    await admin.change(requiredGroup, 'delete', 'member', dn);
    await using second = await startWatching(options(), first.cursor());
    // The entry of who was taken out has changed too: memberOf is kept there.
    expect(await second.look()).toContain(id);
  });

  test('is Unavailable while the server is away, and loses nothing by it', async () => {
    const { dn, id } = await addPerson();
    await using proxy = await startTcpProxy({ port: server.port });
    await using watching = await startWatching(options({ urls: [`ldap://127.0.0.1:${proxy.port}`] }));
    await watching.quiet();
    await proxy.set({ mode: 'refuse' });
    proxy.kill();
    await expect(watching.look()).rejects.toThrow(Unavailable);
    await admin.change(dn, 'replace', 'mail', 'another@example.org');
    await proxy.set({});
    expect(await watching.lookFor(id)).toContain(id);
  });
});
