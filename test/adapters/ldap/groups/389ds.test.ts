import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Attribute, Change, Client } from 'ldapts';
import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { type Ds389, startDs389 } from '../../../support/ds389.ts';
import { dnOf } from '../options.ts';
import { admitOver } from './admit-over.ts';

const base = 'ou=groups,dc=example,dc=org';
const group = (name: string) => `cn=${name},${base}`;
const alice = { dn: dnOf('alice') };
const bob = { dn: dnOf('bob') };

describeWithDirectory('ds389', 'groups of 389 Directory Server', () => {
  let server: Ds389;
  beforeAll(async () => {
    server = await startDs389();
    await using client = new Client({ url: server.url });
    await client.bind(server.adminDn, server.adminPassword);
    for (const name of ['developers', 'staff', 'ring-a']) {
      const modification = new Attribute({ type: 'description', values: [`The ${name}`] });
      await client.modify(group(name), new Change({ operation: 'replace', modification }));
    }
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test.each([
    ['memberOf', 1, 1],
    ['walk', 3, 3],
  ] as const)('by %s are told, nested ones, rings and commas included', async (lookUp, ofAlice, ofBob) => {
    expect(await admitOver(server, alice, { base, lookUp })).toEqual({
      answer: ['developers', 'staff'],
      searches: ofAlice,
      lines: [],
    });
    expect(await admitOver(server, bob, { base, lookUp })).toEqual({
      answer: ['Sales, West', 'ring-a', 'ring-b'],
      searches: ofBob,
      lines: [],
    });
  });

  test.each(['memberOf', 'walk'] as const)('by %s decide', async (lookUp) => {
    const requiredGroup = 'CN=St\\61ff,OU=Groups,DC=example,DC=org';
    expect((await admitOver(server, alice, { lookUp, requiredGroup })).answer).toEqual([]);
    expect((await admitOver(server, bob, { lookUp, requiredGroup })).answer).toBe('not-permitted');
    const denyGroups = ['cn="Sales, West",ou=groups,dc=example,dc=org'];
    expect((await admitOver(server, bob, { base, lookUp, denyGroups })).answer).toBe('not-permitted');
    expect((await admitOver(server, alice, { base, lookUp, denyGroups, requiredGroup })).answer).toEqual([
      'developers',
      'staff',
    ]);
  });

  test('by memberOf are told by another attribute in one search more', async () => {
    const settings = { base, lookUp: 'memberOf', nameAttribute: 'description' } as const;
    const told = await admitOver(server, alice, settings);
    expect(told).toEqual({ answer: ['The developers', 'The staff'], searches: 2, lines: [] });
    const required = await admitOver(server, alice, { ...settings, requiredGroup: group('staff') });
    expect(required.answer).toEqual(told.answer);
  });

  test('by memberOf that are more than maxGroups are not told, but decide', async () => {
    const settings = { base, lookUp: 'memberOf', maxGroups: 1 } as const;
    const told = await admitOver(server, alice, { ...settings, requiredGroup: group('staff') });
    expect(told.answer).toEqual([]);
    expect(told.lines).toEqual([expect.stringContaining('maxGroups')]);
    expect((await admitOver(server, bob, { ...settings, requiredGroup: group('staff') })).answer).toBe(
      'not-permitted',
    );
  });
});
