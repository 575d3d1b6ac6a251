import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AndFilter, Client, EqualityFilter, NoSuchObjectError } from 'ldapts';
import { type OpenLdap, startOpenLdap } from './open-ldap.ts';
import { loadPeople } from './people.ts';

type Login = { dn: string; password: string };

async function as<T>(server: OpenLdap, url: string, login: Login, use: (client: Client) => Promise<T>) {
  const tls = url.startsWith('ldaps:') ? { tlsOptions: { ca: await readFile(server.caFile) } } : {};
  const client = new Client({ url, timeout: 5_000, connectTimeout: 5_000, ...tls });
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
    await server?.[Symbol.asyncDispose]();
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
