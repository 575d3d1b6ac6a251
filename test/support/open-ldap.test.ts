import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AndFilter, Client, EqualityFilter, NoSuchObjectError } from 'ldapts';
import { type BindAnswer, bindAnswer } from './bind-answer.ts';
import { type OpenLdap, startOpenLdap } from './open-ldap.ts';
import { loadPeople } from './people.ts';
import { searchAsService } from './search-as-service.ts';

type Login = { dn: string; password: string };

async function as<T>(server: OpenLdap, url: string, login: Login, use: (client: Client) => Promise<T>) {
  const tls = url.startsWith('ldaps:') ? { tlsOptions: { ca: await readFile(server.caFile) } } : {};
  const client = new Client({ url, timeout: 2_000, connectTimeout: 2_000, ...tls });
  try {
    await client.bind(login.dn, login.password);
    return await use(client);
  } finally {
    await client.unbind().catch(() => {});
  }
}

describe('a started OpenLDAP', () => {
  let server: OpenLdap;
  const service = () => ({ dn: server.serviceDn, password: server.servicePassword });
  const admin = () => ({ dn: server.adminDn, password: server.adminPassword });
  const find = (attribute: string, value: string | Buffer, login: Login = service()) =>
    as(server, server.tlsUrl, login, async (client) => {
      const filter = new AndFilter({
        filters: [
          new EqualityFilter({ attribute: 'objectClass', value: 'inetOrgPerson' }),
          new EqualityFilter({ attribute, value }),
        ],
      });
      return (
        await client.search(`ou=people,${server.baseDn}`, {
          filter,
          explicitBufferAttributes: ['objectGUID'],
        })
      ).searchEntries;
    });
  const signsIn = async (attribute: string, value: string, password: string) => {
    const [entry] = await find(attribute, value);
    return as(server, server.url, { dn: entry?.dn ?? 'no entry', password }, async () => entry);
  };

  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  test('takes a bind in clear and one in TLS that its CA vouches for', async () => {
    for (const url of [server.url, server.tlsUrl]) await as(server, url, service(), async () => {});
  });

  test('names 127.0.0.1 in its certificate too', async () => {
    await as(server, `ldaps://127.0.0.1:${server.tlsPort}`, service(), async () => {});
  });

  test.each([
    ['alice', 'alice-secret'],
    ['josé', 'josé-secret'],
    [`o'brien, pat+x "q" #1 \\ <a>;=`, `o'brien, pat+x "q" #1 \\ <a>;=-secret`],
    ['star*(user)', 'star*(user)-secret'],
    ['no-mail', 'no-mail-secret'],
    ['spacey', 'pässwörd with spaces '],
  ])('has %s, who signs in', async (uid, password) => {
    expect(await signsIn('uid', uid, password)).toMatchObject({ uid });
  });

  test('has bob, whose name is not ASCII and whose entryUUID is fixed', async () => {
    const [bob] = await find('entryUUID', '22222222-2222-4222-8222-222222222222');
    expect(bob).toMatchObject({ uid: 'bob', cn: 'Bö Bürle' });
  });

  test('has someone with an objectGUID of bytes above 0x7f, who is found by it', async () => {
    const objectGUID = Buffer.from('80fc4c420a9be84f8d1eff00c3a97f01', 'hex');
    const [guid] = await find('objectGUID', objectGUID);
    expect(guid).toMatchObject({ uid: 'guid', sAMAccountName: 'guid', objectGUID });
  });

  test('gives two mails in their order, and has two people for one mail and for one uid', async () => {
    const [person] = await find('uid', 'two-mails');
    expect(person?.['mail']).toEqual(['second@example.org', 'first@example.org']);
    expect(await find('mail', 'twins@example.org')).toHaveLength(2);
    expect(await find('uid', 'dup')).toHaveLength(2);
  });

  test('has an outsider, and refuses whoever has no password', async () => {
    expect(await find('uid', 'outsider')).toEqual([]);
    await expect(signsIn('uid', 'passwordless', 'passwordless-secret')).rejects.toMatchObject({ code: 49 });
  });

  test('shows passwords to nobody but its admin, and people to nobody anonymous', async () => {
    expect((await find('uid', 'alice'))[0]).not.toHaveProperty('userPassword');
    expect((await find('uid', 'alice', admin()))[0]).toHaveProperty('userPassword', 'alice-secret');
    await expect(find('uid', 'alice', { dn: '', password: '' })).rejects.toBeInstanceOf(NoSuchObjectError);
  });

  test('keeps what was changed, and its ports, over stop and start', async () => {
    const dn = `uid=carol,ou=people,${server.baseDn}`;
    await as(server, server.url, admin(), (client) => client.modifyDN(dn, 'uid=caroline'));
    await server.stop();
    await expect(find('uid', 'caroline')).rejects.toThrow(/ECONNREFUSED/);
    await server.start();
    expect(await signsIn('uid', 'caroline', 'carol-secret')).toBeDefined();
  });

  test('does not answer while it is paused, and goes on afterwards', async () => {
    await server.pause();
    await expect(as(server, server.url, service(), async () => {})).rejects.toThrow(/timed out/);
    await server.resume();
    expect(await find('uid', 'alice')).toHaveLength(1);
  });

  test('is there again after it was killed', async () => {
    await server.kill();
    await server.start();
    expect(await find('uid', 'alice')).toHaveLength(1);
  });
});

test('an OpenLDAP starts with other people and other settings', async () => {
  await using server = await startOpenLdap({ ldif: loadPeople(3), extra: 'security simple_bind=128' });
  const login = { dn: `uid=user0003,ou=people,${server.baseDn}`, password: 'secret-user0003' };
  await as(server, server.tlsUrl, login, async () => {});
  await expect(as(server, server.url, login, async () => {})).rejects.toMatchObject({ code: 13 });
});

const success: BindAnswer = { code: 0, error: undefined, message: undefined, policy: {} };
const wrongPassword: BindAnswer = {
  code: 49,
  error: 'InvalidCredentialsError',
  message: ' Code: 0x31',
  policy: {},
};
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
    await server[Symbol.asyncDispose]();
  });
  const dnOf = (uid: string) => `uid=${uid},ou=people,${server.baseDn}`;
  const bind = (uid: string, password: string) => bindAnswer(server.url, dnOf(uid), password);

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
  ])('says what it is about %s, to the right password and to a wrong one', async (uid, right, wrong) => {
    expect(await bind(uid, `${uid}-secret`)).toEqual(right);
    expect(await bind(uid, 'wrong')).toEqual(wrong);
  });

  test('sends no control at all about somebody who does not exist', async () => {
    expect(await bind('nobody', 'wrong')).toEqual({ ...wrongPassword, policy: undefined });
  });

  test('lets someone who must change the password do nothing else', async () => {
    const carol = { url: server.url, serviceDn: dnOf('carol'), servicePassword: 'carol-secret' };
    await expect(searchAsService(carol, dnOf('carol'), { scope: 'base' })).rejects.toMatchObject({
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

describe.each(['demand', 'allow'] as const)('an OpenLDAP that verifies clients: %s', (verifyClient) => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap({ verifyClient });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });
  const clientWith = async (certificate: { cert?: Buffer; key?: Buffer }) =>
    new Client({ url: server.tlsUrl, tlsOptions: { ca: await readFile(server.caFile), ...certificate } });

  test('takes the certificate for the service account, by SASL EXTERNAL', async () => {
    const cert = await readFile(server.clientCertFile);
    const client = await clientWith({ cert, key: await readFile(server.clientKeyFile) });
    await client.bind('EXTERNAL');
    const { searchEntries } = await client.search(server.baseDn, { filter: '(uid=alice)' });
    expect(searchEntries).toHaveLength(1);
    await client.unbind();
  });

  test('without a certificate, has a simple bind in TLS only where it does not demand one', async () => {
    const client = await clientWith({});
    const bound = client.bind(server.serviceDn, server.servicePassword);
    if (verifyClient === 'allow') await bound;
    else await expect(bound).rejects.toThrow();
    await client.unbind().catch(() => {});
  });

  test('without a certificate, refuses SASL EXTERNAL', async () => {
    const client = new Client({ url: server.url });
    await expect(client.bind('EXTERNAL')).rejects.toMatchObject({ code: 7 });
    await client.unbind();
  });
});

test('an OpenLDAP with policies, and TLS for every simple bind, has its groups all the same', async () => {
  await using server = await startOpenLdap({ policies: true, extra: 'security simple_bind=128' });
  const alice = { dn: `uid=alice,ou=people,${server.baseDn}`, password: 'alice-secret' };
  const service = { dn: server.serviceDn, password: server.servicePassword };
  await expect(as(server, server.url, alice, async () => {})).rejects.toMatchObject({ code: 13 });
  const groups = await as(server, server.tlsUrl, service, (client) =>
    client.search(alice.dn, { scope: 'base', filter: '(memberOf=*)' }),
  );
  expect(groups.searchEntries).toHaveLength(1);
});
