import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Attribute, Change, Client, type ClientOptions } from 'ldapts';
import {
  createLdapDirectory,
  type LdapDirectoryOptions,
} from '../../../../src/adapters/ldap/ldap-directory.ts';
import type { Directory, Rechecked } from '../../../../src/ports/directory.ts';
import type { Principal } from '../../../../src/ports/principal.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { ldapOptions } from '../options.ts';

/** A directory in which people can be made to leave in every way that there is. */
export interface Leavable extends AsyncDisposable {
  readonly admin: { readonly options: ClientOptions; readonly dn: string; readonly password: string };
  /** How the directory is asked; its filter passes over people with the `employeeType` left. */
  readonly options: Partial<LdapDirectoryOptions> & Pick<LdapDirectoryOptions, 'urls'>;
  /** Where people are, by the name that they begin with. */
  readonly dnOf: (name: string) => string;
  /** Where the directory does not look for people. */
  readonly elsewhere: string;
  /** Holds somebody directly, and is held by the group that is required. */
  readonly heldGroup: string;
  /** What makes somebody of that name. */
  readonly entryOf: (name: string) => Record<string, string | string[]>;
  /** What each says of an account, as attributes. */
  readonly disabled: Record<string, string>;
  readonly expired: Record<string, string>;
  /** The attribute of the login name. */
  readonly usernameAttribute: string;
  /** Login names of people whose password or passing lock keeps no key out, and who need be in no group. */
  readonly stayInside: readonly string[];
}

/** Says what a recheck says of people who leave a directory, and of those who do not. */
export function testLeavers(start: () => Promise<Leavable>): void {
  let tested: Leavable;
  let admin: Client;
  let directory: Directory & AsyncDisposable;
  beforeAll(async () => {
    tested = await start();
    admin = new Client({ ...tested.admin.options, timeout: 30_000 });
    await admin.bind(tested.admin.dn, tested.admin.password);
    directory = createLdapDirectory(ldapOptions(tested.options), recordingLog());
  });
  afterAll(async () => {
    await directory[Symbol.asyncDispose]();
    await admin.unbind();
    await tested[Symbol.asyncDispose]();
  });

  const change = async (
    dn: string,
    operation: 'add' | 'delete' | 'replace',
    values: Record<string, string>,
  ) => {
    const changes = Object.entries(values).map(
      ([type, value]) => new Change({ operation, modification: new Attribute({ type, values: [value] }) }),
    );
    await admin.modify(dn, changes);
  };
  const recheck = ({ directoryId, entryId }: Principal) => directory.recheck({ directoryId, entryId });
  /** Somebody new who may come in, as found by name. */
  const enter = async (name: string): Promise<Principal> => {
    await admin.add(tested.dnOf(name), tested.entryOf(name));
    await change(tested.heldGroup, 'add', { member: tested.dnOf(name) });
    const found = await directory.find(name);
    if (!('principal' in found)) throw new Error(JSON.stringify(found));
    return found.principal;
  };
  const ofAll = async (people: readonly Principal[]): Promise<unknown[]> =>
    (await Promise.all(people.map(recheck))).map(outcomeOf);

  test('somebody who may come in is told as now seen, groups and all', async () => {
    const principal = await enter('insider');
    expect(await recheck(principal)).toEqual({
      principal: { ...principal, groups: ['developers', 'staff'] },
      server: tested.options.urls[0],
    });
  });

  const leave: [string, string, (dn: string) => Promise<void>][] = [
    ['disabled', 'account-disabled', (dn) => change(dn, 'replace', tested.disabled)],
    ['expired', 'account-disabled', (dn) => change(dn, 'replace', tested.expired)],
    ['deleted', 'not-found', (dn) => admin.del(dn)],
    ['moved', 'not-found', (dn) => admin.modifyDN(dn, `${dn.split(',')[0]},${tested.elsewhere}`)],
    ['filtered', 'not-found', (dn) => change(dn, 'replace', { employeeType: 'left' })],
    ['ungrouped', 'not-permitted', (dn) => change(tested.heldGroup, 'delete', { member: dn })],
  ];
  test.each(leave)(
    'somebody %s is out: %s, told apart from who is asked about with them',
    async (name, out, goes) => {
      const [leaver, stayer] = [await enter(`${name}-1`), await enter(`${name}-2`)];
      expect(await ofAll([leaver, stayer])).toEqual([leaver.username, stayer.username]);
      await goes(leaver.dn);
      expect(await ofAll([leaver, stayer])).toEqual([out, stayer.username]);
      expect(await recheck(leaver)).toEqual({ out, server: tested.options.urls[0] });
    },
  );

  test('somebody is out where the group that holds them is no longer held by the required one', async () => {
    const principal = await enter('nested');
    const staff = tested.heldGroup.replace(/developers/i, 'staff');
    await change(staff, 'delete', { member: tested.heldGroup });
    expect(await ofAll([principal])).toEqual(['not-permitted']);
    await change(staff, 'add', { member: tested.heldGroup });
    expect(await ofAll([principal])).toEqual(['nested']);
  });

  test('somebody who was renamed stays in, by the new name, and whoever has the old name is another', async () => {
    const principal = await enter('maiden');
    const [type] = principal.dn.split('=');
    const renamed = `${type}=married,${principal.dn.slice(principal.dn.indexOf(',') + 1)}`;
    await admin.modifyDN(principal.dn, renamed);
    await change(renamed, 'replace', { [tested.usernameAttribute]: 'married' });
    const heir = await enter('maiden');
    expect(heir.entryId).not.toBe(principal.entryId);
    expect(await ofAll([principal, heir])).toEqual(['married', 'maiden']);
    expect(await recheck(principal)).toMatchObject({
      principal: { dn: expect.stringMatching(/married/), groups: ['developers', 'staff'] },
    });
  });

  test('somebody whose password has expired or is locked for a while stays in', async () => {
    const { requiredGroup: _, ...groups } = tested.options.groups ?? {};
    const options = ldapOptions({
      ...tested.options,
      groups: { ...groups, requiredGroup: undefined } as never,
    });
    await using anybody = createLdapDirectory(options, recordingLog());
    const people = await Promise.all(tested.stayInside.map((name) => anybody.find(name)));
    const answers = people.map((found) =>
      'principal' in found ? anybody.recheck(found.principal) : JSON.stringify(found),
    );
    expect((await Promise.all(answers)).map((one) => outcomeOf(one as Rechecked))).toEqual(tested.stayInside);
  });
}

/** The login name of who is in, or why they are out. */
function outcomeOf(rechecked: Rechecked): string {
  if (rechecked === 'cannot-tell') return rechecked;
  return 'out' in rechecked ? rechecked.out : rechecked.principal.username;
}
