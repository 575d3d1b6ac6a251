import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BindAnswer, SUCCESS, WRONG_PASSWORD } from './bind-answer.ts';
import { type OpenLdap, startOpenLdap } from './open-ldap.ts';
import { samplePeople } from './sample-people.ts';
import { searchAsService } from './search-as-service.ts';

const success: BindAnswer = { ...SUCCESS, policy: {} };
const wrongPassword: BindAnswer = { ...WRONG_PASSWORD, policy: {} };
const toldLocked: BindAnswer = { ...wrongPassword, policy: { error: 1 } };

describe.each([
  { which: 'password policies', useLockout: false, locked: wrongPassword },
  { which: 'password policies that tell of locks', useLockout: true, locked: toldLocked },
])('an OpenLDAP with $which', ({ useLockout, locked }) => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap({ policies: true, useLockout });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const { dnOf, bind, expectAnswers, accessOf } = samplePeople(() => server);

  test.each([
    ['alice', success, wrongPassword],
    ['bob', success, wrongPassword],
    ['victim', success, wrongPassword],
    ['carol', { ...success, policy: { error: 2 } }, wrongPassword],
    ['dave', locked, locked],
    ['erin', { ...wrongPassword, policy: { error: 0 } }, wrongPassword],
    ['frank', { ...success, policy: { graceAuthNsRemaining: 4 } }, wrongPassword],
    ['lena', locked, locked],
    ['sven', success, wrongPassword],
  ])('says what it is about %s, to the right password and to a wrong one', expectAnswers);

  test('sends no control at all about somebody who does not exist', async () => {
    expect(await bind('nobody', 'wrong')).toEqual({ ...wrongPassword, policy: undefined });
  });

  test('lets someone who must change the password do nothing else', async () => {
    const asCarol = searchAsService(accessOf('carol'), dnOf('carol'), { scope: 'base' });
    await expect(asCarol).rejects.toMatchObject({
      code: 50,
      message: 'Operations are restricted to bind/unbind/abandon/StartTLS/modify password Code: 0x32',
    });
  });

  test('has nobody left to bind when the grace logins are used up', async () => {
    while ((await bind('frank', 'frank-secret')).code === 0);
    expect(await bind('frank', 'frank-secret')).toEqual({ ...wrongPassword, policy: { error: 0 } });
  });

  test('has groups of every kind, in each other and in a ring; memberOf names the direct ones', async () => {
    const groupsOf = async (dn: string) => {
      const [entry] = await searchAsService(server, dn, { scope: 'base', attributes: ['memberOf'] });
      return [entry?.['memberOf'] ?? []].flat().sort();
    };
    const dn = (cn: string) => `cn=${cn},ou=groups,${server.baseDn}`;
    expect(await groupsOf(dnOf('alice'))).toEqual([dn('developers')]);
    expect(await groupsOf(dn('developers'))).toEqual([dn('staff')]);
    expect(await groupsOf(dnOf('bob'))).toEqual([dn('Sales\\2C West'), dn('ring-a')]);
    expect(await groupsOf(dn('ring-a'))).toEqual([dn('ring-b')]);
    expect(await groupsOf(dn('ring-b'))).toEqual([dn('ring-a')]);
    const holding = (filter: string) => searchAsService(server, `ou=groups,${server.baseDn}`, { filter });
    expect(await holding(`(uniqueMember=${dnOf('alice')})`)).toMatchObject([{ cn: 'auditors' }]);
    expect(await holding('(memberUid=bob)')).toMatchObject([{ cn: 'operators' }]);
  });

  test('lets the service account read the policy and what the shadow attributes say', async () => {
    const policy = `cn=default,ou=policies,${server.baseDn}`;
    expect(await searchAsService(server, policy, { scope: 'base' })).toMatchObject([
      { pwdMaxFailure: '10', pwdLockout: 'TRUE', pwdLockoutDuration: '0' },
    ]);
    expect(await searchAsService(server, dnOf('sven'), { scope: 'base' })).toMatchObject([
      { shadowExpire: '18000' },
    ]);
  });

  test('locks at the threshold, and has lock and groups still when it starts again', async () => {
    expect(await bind('victim', 'victim-secret')).toEqual(success);
    for (let failures = 0; failures < 10; failures += 1) {
      expect(await bind('victim', 'wrong')).toEqual(wrongPassword);
    }
    expect(await bind('victim', 'victim-secret')).toEqual(locked);
    await server.stop();
    await expect(bind('alice', 'alice-secret')).rejects.toThrow(/ECONNREFUSED/);
    await server.start();
    expect(await bind('victim', 'victim-secret')).toEqual(locked);
    expect(await searchAsService(server, dnOf('alice'), { filter: '(memberOf=*)' })).toHaveLength(1);
  });
});
