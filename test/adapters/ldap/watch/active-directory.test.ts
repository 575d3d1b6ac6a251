import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../src/errors.ts';
import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { type SambaAd, startSambaAd } from '../../../support/samba-ad.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { groupOptions } from '../groups/admit-over.ts';
import { type Admin, asAdmin } from './as-admin.ts';
import { READ_DELETED_OBJECTS } from './read-deleted-objects.ts';
import { startWatching, watchOptions } from './watching.ts';

const suffix = 'DC=ad,DC=example,DC=org';
const base = `OU=Groups,${suffix}`;
const staff = `CN=staff,${base}`;
const group = (name: string) => `CN=${name},${base}`;
const person = (name: string) => `CN=${name},OU=People,${suffix}`;
const longAgo = '132223104000000000';

describeWithDirectory('samba-ad', 'a watch of Active Directory', () => {
  let server: SambaAd;
  let admin: Admin;
  let added = 0;
  beforeAll(async () => {
    server = await startSambaAd();
    admin = await asAdmin(server);
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const options = (different: Parameters<typeof watchOptions>[1] = {}) =>
    watchOptions(server, {
      watch: 'dirSync',
      userBase: `OU=People,${suffix}`,
      userFilter: '(&(objectCategory=person)(sAMAccountName={username})(!(department=gone)))',
      attributes: {
        id: 'objectGUID',
        idSyntax: 'octets',
        username: 'sAMAccountName',
        email: 'mail',
        fullName: 'displayName',
        disabledBy: { userAccountControl: 'accountDisable', accountExpires: 'fileTime' },
      },
      groups: groupOptions({ base, lookUp: 'tokenGroups', requiredGroup: staff }),
      ...different,
    });
  const addPerson = async (...groups: readonly string[]) => {
    added += 1;
    const dn = person(`Leaver ${added}`);
    await admin.client.add(dn, { objectClass: 'user', sAMAccountName: `leaver-${added}` });
    for (const one of groups) await admin.change(one, 'add', 'member', dn);
    return { dn, id: await admin.idOf(dn, 'objectGUID') };
  };
  const addGroup = async (name: string, ...member: string[]) => {
    await admin.client.add(group(name), { objectClass: 'group', sAMAccountName: name, member });
    return group(name);
  };

  test.each<[string, (dn: string) => Promise<void>]>([
    ['disabled', (dn) => admin.change(dn, 'replace', 'userAccountControl', '546')],
    ['expired', (dn) => admin.change(dn, 'replace', 'accountExpires', longAgo)],
    ['given another email', (dn) => admin.change(dn, 'replace', 'mail', 'another@example.org')],
    ['given what the user filter leaves out', (dn) => admin.change(dn, 'replace', 'department', 'gone')],
    ['renamed', (dn) => admin.client.modifyDN(dn, dn.replace('CN=', 'CN=Renamed '))],
    ['moved out of the base', (dn) => admin.client.modifyDN(dn, dn.replace('OU=People', 'OU=Services'))],
  ])('tells at the next look, and once, who was %s', async (_, act) => {
    const { dn, id } = await addPerson();
    await admin.change(dn, 'replace', 'userAccountControl', '544');
    await using watching = await startWatching(options());
    expect(await watching.look()).toEqual([]);
    await act(dn);
    expect(await watching.look()).toEqual([id]);
    expect(await watching.look()).toEqual([]);
  });

  test('tells who was put into the required group and who was taken out, and nobody else whom it holds', async () => {
    const [one, other] = [await addPerson(), await addPerson(staff)];
    const group = await admin.idOf(staff, 'objectGUID');
    await using watching = await startWatching(options());
    await admin.change(staff, 'add', 'member', one.dn);
    expect(new Set(await watching.look())).toEqual(new Set([group, one.id]));
    await admin.change(staff, 'delete', 'member', other.dn);
    expect(new Set(await watching.look())).toEqual(new Set([group, other.id]));
    expect(await watching.look()).toEqual([]);
  });

  test('tells whom a group holds, through others in a ring, when it is taken out of the required one', async () => {
    const { dn, id } = await addPerson();
    const inner = await addGroup('inner', dn);
    const middle = await addGroup('middle', inner);
    await admin.change(inner, 'add', 'member', middle);
    await admin.change(staff, 'add', 'member', middle);
    await using watching = await startWatching(options());
    await admin.change(staff, 'delete', 'member', middle);
    expect(await watching.look()).toContain(id);
  });

  test('tells of groups where no setting but the user filter asks for them', async () => {
    const { dn, id } = await addPerson(staff);
    const { groups: _, ...without } = options({ userFilter: `(&(cn={username})(memberOf=${staff}))` });
    await using watching = await startWatching(without);
    await admin.change(staff, 'delete', 'member', dn);
    expect(await watching.look()).toContain(id);
  });

  test('tells nothing of groups where none are asked for', async () => {
    const { dn, id } = await addPerson(staff);
    const { groups: _, ...without } = options();
    await using watching = await startWatching(without);
    await admin.change(staff, 'delete', 'member', dn);
    expect(await watching.look()).toEqual([]);
    await admin.change(dn, 'replace', 'mail', 'another@example.org');
    expect(await watching.look()).toEqual([id]);
  });

  test('reads the id of who changed where it is another than the objectGUID', async () => {
    const { dn } = await addPerson();
    await admin.change(dn, 'replace', 'employeeID', '4711');
    const { attributes } = options();
    const byEmployeeId = { ...attributes, id: 'employeeID', idSyntax: 'text' as const };
    await using watching = await startWatching(options({ attributes: byEmployeeId }));
    await admin.change(dn, 'replace', 'mail', 'another@example.org');
    expect(await watching.look()).toEqual(['4711']);
  });

  test('cannot see who was given another password, nor whom a group held that is gone', async () => {
    const { dn, id } = await addPerson();
    const gone = await addGroup('gone', dn);
    await using watching = await startWatching(options());
    await admin.change(dn, 'replace', 'pwdLastSet', '0');
    await admin.client.del(gone);
    expect(await watching.look()).not.toContain(id);
  });

  test('tells who was deleted once the service account may read the deleted objects, not before', async () => {
    const [one, other] = [await addPerson(), await addPerson()];
    await using watching = await startWatching(options());
    await admin.client.del(one.dn);
    expect(await watching.look()).toEqual([]);
    await server.exec(['python3', '-c', READ_DELETED_OBJECTS]);
    await watching.look();
    await admin.client.del(other.dn);
    expect(await watching.look()).toEqual([other.id]);
  });

  test('asks one search when nothing has changed', async () => {
    await using proxy = await startTcpProxy({ port: server.port });
    await using watching = await startWatching(options({ urls: [`ldap://127.0.0.1:${proxy.port}`] }));
    proxy.resetCounts();
    for (let looks = 0; looks < 5; looks += 1) expect(await watching.look()).toEqual([]);
    expect(proxy.ldapOps().search).toBe(5);
  });

  test('goes on from where another was, whoever left meanwhile', async () => {
    const { dn, id } = await addPerson(staff);
    await using first = await startWatching(options());
    await admin.change(staff, 'delete', 'member', dn);
    await using second = await startWatching(options(), first.cursor());
    expect(await second.look()).toContain(id);
    expect(second.cursor().length).toBeLessThan(4096);
  });

  test.each([
    ['the server does not take', `dirSync ${Buffer.from('no cookie').toString('base64')}`],
    ['is none of its own', 'modifyTimestamp 20260101000000Z 0'],
  ])('begins anew with a cursor that %s', async (_, cursor) => {
    const { dn, id } = await addPerson();
    await using watching = await startWatching(options(), cursor);
    expect(await watching.look()).toEqual([]);
    await admin.change(dn, 'replace', 'mail', 'another@example.org');
    expect(await watching.look()).toEqual([id]);
  });

  test('is Unavailable while the server is away, and loses nothing by it', async () => {
    const { dn, id } = await addPerson();
    await using proxy = await startTcpProxy({ port: server.port });
    await using watching = await startWatching(options({ urls: [`ldap://127.0.0.1:${proxy.port}`] }));
    await proxy.set({ mode: 'refuse' });
    proxy.kill();
    await expect(watching.look()).rejects.toThrow(Unavailable);
    await admin.change(dn, 'replace', 'mail', 'another@example.org');
    await proxy.set({});
    expect(await watching.lookFor(id)).toEqual([id]);
  });
});
