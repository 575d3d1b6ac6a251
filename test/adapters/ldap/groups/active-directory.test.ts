import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { Unavailable } from '../../../../src/errors.ts';
import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { type SambaAd, startSambaAd } from '../../../support/samba-ad.ts';
import { admitOver } from './admit-over.ts';

const suffix = 'DC=ad,DC=example,DC=org';
const base = `OU=Groups,${suffix}`;
const group = (name: string) => `CN=${name},${base}`;
const alice = { dn: `CN=Alice Archer,OU=People,${suffix}` };
const bob = { dn: `CN=Bob Baker,OU=People,${suffix}` };
const josé = { dn: `CN=José Núñez,OU=People,${suffix}` };
const outside = `CN=outside,OU=People,${suffix}`;
const crowd = 60;

describeWithDirectory('samba-ad', 'groups of Active Directory', () => {
  let server: SambaAd;
  beforeAll(async () => {
    server = await startSambaAd();
    await using client = new Client({ url: server.url });
    await client.bind(server.adminDn, server.adminPassword);
    const add = (dn: string, sAMAccountName: string, ...member: string[]) =>
      client.add(dn, { objectClass: 'group', sAMAccountName, member });
    await add(outside, 'outside', group('staff'));
    await client.add(josé.dn, { objectClass: 'user', sAMAccountName: 'jose' });
    await add(group('für José'), 'fuer-jose', josé.dn);
    for (let at = 0; at < crowd; at += 1) {
      await add(group(`crowd-${at}`), `crowd-${at}`, `CN=Olga AccountExpired,OU=People,${suffix}`);
    }
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  for (const [lookUp, searches] of [
    ['inChain', 1],
    ['tokenGroups', 2],
    ['walk', 3],
  ] as const) {
    test(`by ${lookUp} are told, nested ones included`, async () => {
      expect(await admitOver(server, alice, { base, lookUp })).toEqual({
        answer: ['developers', 'staff'],
        searches,
        lines: [],
      });
    });

    test(`by ${lookUp} may hold each other in a ring, and have names with a comma or beyond ASCII`, async () => {
      expect((await admitOver(server, bob, { base, lookUp })).answer).toEqual([
        'Sales, West',
        'ring-a',
        'ring-b',
      ]);
      expect((await admitOver(server, josé, { base, lookUp })).answer).toEqual(['für José']);
    });

    test(`by ${lookUp} let in who is in the required one, and keep out who is in a denied one`, async () => {
      for (const requiredGroup of [group('developers'), group('staff').toLowerCase(), outside]) {
        for (const where of [{ base }, {}]) {
          const settings = { ...where, lookUp, requiredGroup };
          expect((await admitOver(server, alice, settings)).answer).toEqual(
            'base' in where ? ['developers', 'staff'] : [],
          );
          expect((await admitOver(server, bob, settings)).answer).toBe('not-permitted');
        }
        const denied = { base, lookUp, requiredGroup, denyGroups: [outside] };
        expect((await admitOver(server, alice, denied)).answer).toBe('not-permitted');
      }
    });

    test(`by ${lookUp} are told though one filter cannot name them all`, async () => {
      const olga = { dn: `CN=Olga AccountExpired,OU=People,${suffix}` };
      const told = await admitOver(server, olga, { base, lookUp });
      expect(told.answer).toHaveLength(crowd);
      expect(told.searches).toBeLessThanOrEqual(3);
      expect((await admitOver(server, olga, { base, lookUp, maxGroups: crowd - 1 })).answer).toEqual([]);
    });
  }

  test('by tokenGroups are no answer where the service account cannot read them', async () => {
    const settings = { base, lookUp: 'tokenGroups', requiredGroup: group('staff') } as const;
    await expect(admitOver(server, { dn: base }, settings)).rejects.toThrow(Unavailable);
  });
});
