import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { dnOf } from '../options.ts';
import { addMoreGroups, CROWD, groupDn as group } from './add-more-groups.ts';
import { admitOver } from './admit-over.ts';

const base = 'ou=groups,dc=example,dc=org';
const alice = { dn: dnOf('alice'), username: 'alice' };
const bob = { dn: dnOf('bob'), username: 'bob' };
const josé = { dn: dnOf('josé') };

describe('groups of OpenLDAP, walked', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap({ policies: true });
    await addMoreGroups(server);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test('are told with those that hold them, of every class, in one search a level', async () => {
    expect(await admitOver(server, alice, { base })).toEqual({
      answer: ['auditors', 'developers', 'operators', 'staff'],
      searches: 3,
      lines: [],
    });
  });

  test('may hold each other in a ring, and have a comma in the name', async () => {
    const { answer, searches } = await admitOver(server, bob, { base });
    expect(answer).toEqual(['Sales, West', 'operators', 'ring-a', 'ring-b']);
    expect(searches).toBe(3);
  });

  test('are found for names beyond ASCII', async () => {
    expect((await admitOver(server, josé, { base })).answer).toEqual(['für José', 'über alle']);
  });

  test("hold nobody by a memberUid that is another's, nor by one of a DN", async () => {
    expect((await admitOver(server, { ...bob, username: 'someone' }, { base })).answer).not.toContain(
      'operators',
    );
  });

  test('are not searched for where no setting asks for them', async () => {
    expect(await admitOver(server, alice, {})).toEqual({ answer: [], searches: 0, lines: [] });
  });

  test.each([
    ['directly', group('developers')],
    ['by another group', group('staff')],
    ['as a unique member', group('auditors')],
    ['in another spelling', 'CN=St\\61ff, OU=Groups,DC=example,DC=ORG'],
    ['outside the base', group('developers', 'more')],
    ['outside the base, by another group', group('outside', 'more')],
  ])('let in who is in the required one %s', async (_, requiredGroup) => {
    const { answer } = await admitOver(server, alice, { base, requiredGroup });
    expect(answer).toEqual(['auditors', 'developers', 'operators', 'staff']);
    expect((await admitOver(server, bob, { base, requiredGroup })).answer).toBe('not-permitted');
  });

  test('decide without a base, and are told nobody then', async () => {
    expect((await admitOver(server, alice, { requiredGroup: group('outside', 'more') })).answer).toEqual([]);
    expect((await admitOver(server, bob, { requiredGroup: group('staff') })).answer).toBe('not-permitted');
    expect((await admitOver(server, bob, { denyGroups: [group('ring-b')] })).answer).toBe('not-permitted');
    expect((await admitOver(server, alice, { denyGroups: [group('ring-b')] })).answer).toEqual([]);
  });

  test('keep out who is in a denied one, even if in the required one too', async () => {
    const settings = {
      base,
      requiredGroup: group('developers'),
      denyGroups: [group('none'), group('staff')],
    };
    expect((await admitOver(server, alice, settings)).answer).toBe('not-permitted');
    const outside = { base, denyGroups: [group('outside', 'more')] };
    expect((await admitOver(server, alice, outside)).answer).toBe('not-permitted');
    expect((await admitOver(server, bob, outside)).answer).toContain('ring-a');
  });

  test('that are required and not there let nobody in, which is told once', async () => {
    const missing = await admitOver(server, alice, { base, requiredGroup: group('gone') }, 3);
    expect(missing.answer).toBe('not-permitted');
    expect(missing.lines).toEqual([expect.stringContaining(`"group":"${group('gone')}"`)]);
    const there = await admitOver(server, alice, { base, requiredGroup: group('ring-a') }, 3);
    expect(there).toEqual({ answer: 'not-permitted', searches: 3, lines: [] });
  });

  test('that share a name are not told, which is told once', async () => {
    const shared = await admitOver(server, alice, { base: 'dc=example,dc=org' }, 2);
    expect(shared.answer).toEqual(['auditors', 'operators', 'outside', 'staff']);
    expect(shared.lines).toEqual([expect.stringContaining('"group":"developers"')]);
  });

  test('below a base that is not there are no answer', async () => {
    await expect(admitOver(server, alice, { base: 'ou=gone,dc=example,dc=org' })).rejects.toThrow();
  });

  test('are told though one filter cannot name them all', async () => {
    await using client = new Client({ url: server.url });
    await client.bind(server.adminDn, server.adminPassword);
    await client.add(group('top'), {
      objectClass: 'groupOfNames',
      cn: 'top',
      member: group(`crowd-${CROWD - 1}`),
    });
    const told = await admitOver(server, { dn: dnOf('crowded') }, { base });
    expect(told.answer).toHaveLength(CROWD + 1);
    expect(told.answer).toContain('top');
    expect(told.searches).toBe(1 + 2 + 1);
  });
});
