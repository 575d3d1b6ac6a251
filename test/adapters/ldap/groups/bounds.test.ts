import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SizeLimitExceededError } from 'ldapts';
import { Unavailable } from '../../../../src/errors.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { searchAsService } from '../../../support/search-as-service.ts';
import { dnOf } from '../options.ts';
import { addMoreGroups, CROWD, groupDn as group } from './add-more-groups.ts';
import { admitOver } from './admit-over.ts';

const base = 'ou=groups,dc=example,dc=org';
const alice = { dn: dnOf('alice'), username: 'alice' };
const bob = { dn: dnOf('bob'), username: 'bob' };
const crowded = { dn: dnOf('crowded') };

describe('groups of OpenLDAP', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap({ policies: true, extra: `sizelimit ${CROWD - 1}` });
    await addMoreGroups(server);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test('are walked up as far as maxDepth, and beyond it there is no answer', async () => {
    const chained = { dn: dnOf('chained') };
    const all = ['chain-0', 'chain-1', 'chain-2', 'chain-3'];
    expect((await admitOver(server, chained, { base, maxDepth: 3 })).answer).toEqual(all);
    const cut = await admitOver(server, chained, { base, maxDepth: 2 });
    expect(cut.answer).toEqual([]);
    expect(cut.lines).toEqual([expect.stringContaining('maxDepth')]);
    expect(
      (await admitOver(server, chained, { base, maxDepth: 2, requiredGroup: group('chain-2') })).answer,
    ).toEqual([]);
    for (const undecided of [{ requiredGroup: group('chain-3') }, { denyGroups: [group('ring-a')] }]) {
      await expect(admitOver(server, chained, { base, maxDepth: 2, ...undecided })).rejects.toThrow(
        Unavailable,
      );
    }
  });

  test('that are more than maxGroups are no answer', async () => {
    expect((await admitOver(server, alice, { base, maxGroups: 4 })).answer).toHaveLength(4);
    const cut = await admitOver(server, alice, { base, maxGroups: 3 });
    expect(cut.answer).toEqual([]);
    expect(cut.lines).toEqual([expect.stringContaining('maxGroups')]);
    const denied = { base, maxGroups: 1, denyGroups: [group('developers')] };
    expect((await admitOver(server, alice, denied)).answer).toBe('not-permitted');
    await expect(admitOver(server, bob, { ...denied, maxGroups: 3 })).rejects.toThrow(Unavailable);
  });

  test('that are more than the server gives are no answer, either', async () => {
    await expect(searchAsService(server, base, { filter: `(member=${crowded.dn})` })).rejects.toThrow(
      SizeLimitExceededError,
    );
    expect((await admitOver(server, crowded, { base })).answer).toEqual([]);
    for (const undecided of [{ requiredGroup: group('crowd-1') }, { denyGroups: [group('ring-a')] }]) {
      await expect(admitOver(server, crowded, { base, ...undecided })).rejects.toThrow(Unavailable);
    }
  });

  test('of a list longer than maxBytes are left out whole', async () => {
    const maxBytes = 'auditors,developers,operators,staff'.length;
    expect((await admitOver(server, alice, { base, maxBytes })).answer).toHaveLength(4);
    const long = await admitOver(server, alice, { base, maxBytes: maxBytes - 1 });
    expect(long.answer).toEqual([]);
    expect(long.lines).toEqual([expect.stringContaining('maxBytes')]);
    // Sales%2C%20West,operators,ring-a,ring-b
    expect((await admitOver(server, bob, { base, maxBytes: 39 })).answer).toHaveLength(4);
    expect((await admitOver(server, bob, { base, maxBytes: 38 })).answer).toEqual([]);
  });
});
