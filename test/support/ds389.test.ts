import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { type BindAnswer, bindAnswer, SUCCESS, WRONG_PASSWORD } from './bind-answer.ts';
import { describeWithDirectory } from './describe-with-directory.ts';
import { type Ds389, startDs389 } from './ds389.ts';
import { samplePeople } from './sample-people.ts';
import { searchAsService } from './search-as-service.ts';

const mustChange: BindAnswer = { ...SUCCESS, policy: { timeBeforeExpiration: 864_000, error: 2 } };
const inactive: BindAnswer = {
  code: 53,
  error: 'UnwillingToPerformError',
  message: 'Account inactivated. Contact system administrator. Code: 0x35',
  policy: { error: 1 },
};
const expired: BindAnswer = {
  ...WRONG_PASSWORD,
  message: 'password expired! Code: 0x31',
  policy: { error: 0 },
};
const locked: BindAnswer = {
  code: 19,
  error: 'ConstraintViolationError',
  message: 'Exceed password retry limit. Contact system administrator to reset. Code: 0x13',
  policy: { error: 1 },
};
const anonymous: BindAnswer = {
  code: 48,
  error: 'InappropriateAuthError',
  message: 'Anonymous access is not allowed Code: 0x30',
  policy: undefined,
};

describeWithDirectory('ds389', 'a started 389 Directory Server', () => {
  let server: Ds389;
  beforeAll(async () => {
    server = await startDs389();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const { dnOf, bind, expectAnswers, accessOf } = samplePeople(() => server);

  test.each([
    ['alice', SUCCESS, WRONG_PASSWORD],
    ['bob', SUCCESS, WRONG_PASSWORD],
    ['victim', SUCCESS, WRONG_PASSWORD],
    ['carol', mustChange, WRONG_PASSWORD],
    ['dora', inactive, inactive],
    ['erin', expired, WRONG_PASSWORD],
    ['lena', locked, locked],
    ['nobody', WRONG_PASSWORD, WRONG_PASSWORD],
  ])('says what it is about %s, to the right password and to a wrong one', expectAnswers);

  test('takes nobody for anonymous, and lets its admin in', async () => {
    expect(await bindAnswer(server.url, '', '')).toEqual(anonymous);
    expect(await bind('alice', '')).toEqual(anonymous);
    expect(await bindAnswer(server.url, server.adminDn, server.adminPassword)).toEqual(SUCCESS);
  });

  test('lets someone who must change the password do nothing else', async () => {
    const asCarol = searchAsService(accessOf('carol'), dnOf('carol'), { scope: 'base' });
    await expect(asCarol).rejects.toMatchObject({
      code: 53,
      message: ' Code: 0x35',
    });
  });

  test('has a certificate for localhost', async () => {
    const client = new Client({ url: server.tlsUrl, tlsOptions: { ca: await readFile(server.caFile) } });
    await client.bind(server.serviceDn, server.servicePassword);
    await client.unbind();
  });

  test('has people with a mail and an nsUniqueId, and shows no password', async () => {
    const people = await searchAsService(server, `ou=people,${server.baseDn}`, {
      filter: '(objectClass=person)',
      attributes: ['*', 'nsUniqueId'],
    });
    expect(people).toHaveLength(7);
    for (const person of people) {
      expect(person['mail']).toBe(`${person['uid']}@example.org`);
      expect(person['nsUniqueId']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{8}){3}$/);
      expect(person).not.toHaveProperty('userPassword');
    }
  });

  test('has groups in groups, a ring of them, and one with a comma: memberOf names them all', async () => {
    const groupsOf = async (uid: string) => {
      const [person] = await searchAsService(server, dnOf(uid), { scope: 'base', attributes: ['memberOf'] });
      return [person?.['memberOf'] ?? []].flat().sort();
    };
    const dn = (cn: string) => `cn=${cn},ou=groups,${server.baseDn}`;
    expect(await groupsOf('alice')).toEqual([dn('developers'), dn('staff')]);
    expect(await groupsOf('bob')).toEqual([dn('Sales\\2C West'), dn('ring-a'), dn('ring-b')]);
    const ring = await searchAsService(server, `ou=groups,${server.baseDn}`, { filter: '(cn=ring-*)' });
    expect(ring.map((group) => group['member'])).toEqual([[dnOf('bob'), dn('ring-b')], dn('ring-a')]);
  });

  test('locks at the threshold that the service account can read, and stays so when it starts again', async () => {
    const [config] = await searchAsService(server, 'cn=config', {
      scope: 'base',
      attributes: ['passwordLockout', 'passwordMaxFailure'],
    });
    expect(config).toMatchObject({ passwordLockout: 'on', passwordMaxFailure: '10' });
    expect(await bind('victim', 'victim-secret')).toEqual(SUCCESS);
    for (let failures = 0; failures < 10; failures += 1) {
      expect(await bind('victim', 'wrong')).toEqual(WRONG_PASSWORD);
    }
    expect(await bind('victim', 'victim-secret')).toEqual(locked);
    await server.stop();
    await expect(bind('alice', 'alice-secret')).rejects.toThrow(/ECONNREFUSED/);
    await server.start();
    expect(await bind('victim', 'victim-secret')).toEqual(locked);
    expect(await bind('alice', 'alice-secret')).toEqual(SUCCESS);
  });

  test('is there again after it was killed', async () => {
    await server.kill();
    await server.start();
    expect(await bind('alice', 'alice-secret')).toEqual(SUCCESS);
  });
});
