import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { bindAnswer } from './bind-answer.ts';
import { describeWithDirectory } from './describe-with-directory.ts';
import { type SambaAd, startSambaAd } from './samba-ad.ts';
import { searchAsService } from './search-as-service.ts';

const success = { code: 0, error: undefined, message: undefined, policy: undefined };

/** The answer with this number in it, which says why (winerror.h). */
const refused = (why: string) => ({
  code: 49,
  error: 'InvalidCredentialsError',
  message: `80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data ${why}, v1db1 Code: 0x31`,
  policy: undefined,
});

const strongAuthRequired = {
  code: 8,
  error: 'StrongAuthRequiredError',
  message: 'BindSimple: Transport encryption required. Code: 0x8',
  policy: undefined,
};

describeWithDirectory('samba-ad', 'a started Samba AD', () => {
  let server: SambaAd;
  beforeAll(async () => {
    server = await startSambaAd();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const bind = (name: string, password: string) =>
    bindAnswer(server.url, `${name}@${server.upnSuffix}`, password);
  const groupsWithin = async (filter: string) => {
    const entries = await searchAsService(server, `OU=Groups,${server.baseDn}`, {
      filter,
      attributes: ['cn'],
    });
    return entries.map((entry) => entry['cn']).sort();
  };
  const dnOf = async (name: string) =>
    (await searchAsService(server, server.baseDn, { filter: `(sAMAccountName=${name})` }))[0]?.dn;

  test.each([
    ['svc', success, refused('52e')],
    ['alice', success, refused('52e')],
    ['bob', success, refused('52e')],
    ['victim', success, refused('52e')],
    ['carol', refused('773'), refused('52e')],
    ['dora', refused('533'), refused('52e')],
    ['erin', refused('532'), refused('52e')],
    ['lena', refused('775'), refused('775')],
    ['olga', refused('701'), refused('52e')],
    ['hugo', refused('530'), refused('52e')],
    ['wanda', refused('531'), refused('52e')],
    ['nobody', refused('52e'), refused('52e')],
  ])('says what it is about %s, to the right password and to a wrong one', async (name, right, wrong) => {
    expect(await bind(name, `${name}-secret`)).toEqual(right);
    expect(await bind(name, 'wrong')).toEqual(wrong);
  });

  test('takes a UPN in any case, the NetBIOS name and a DN, but no bare name', async () => {
    for (const name of [
      'ALICE@AD.example.ORG',
      `${server.netbiosName}\\alice`,
      (await dnOf('alice')) ?? '',
    ]) {
      expect(await bindAnswer(server.url, name, 'alice-secret')).toEqual(success);
    }
    expect(await bindAnswer(server.url, 'alice', 'alice-secret')).toEqual(refused('52e'));
    expect(await bindAnswer(server.url, server.adminDn, server.adminPassword)).toEqual(success);
  });

  test('has people with a mail and a displayName', async () => {
    const people = await searchAsService(server, `OU=People,${server.baseDn}`, {
      filter: '(objectClass=user)',
      attributes: ['sAMAccountName', 'mail'],
    });
    expect(people).toHaveLength(10);
    for (const { sAMAccountName, mail } of people) expect(mail).toBe(`${sAMAccountName}@example.org`);
    const [alice] = await searchAsService(server, server.baseDn, { filter: '(sAMAccountName=alice)' });
    expect(alice).toMatchObject({ displayName: 'Alice Archer', userPrincipalName: 'alice@ad.example.org' });
  });

  test('has groups in groups, a ring of them, and one with a comma', async () => {
    const inChain = '1.2.840.113556.1.4.1941';
    expect(await groupsWithin(`(member=${await dnOf('alice')})`)).toEqual(['developers']);
    expect(await groupsWithin(`(member:${inChain}:=${await dnOf('alice')})`)).toEqual([
      'developers',
      'staff',
    ]);
    expect(await groupsWithin(`(member=${await dnOf('bob')})`)).toEqual(['Sales, West', 'ring-a']);
    expect(await groupsWithin(`(member:${inChain}:=${await dnOf('bob')})`)).toEqual([
      'Sales, West',
      'ring-a',
      'ring-b',
    ]);
    expect(await groupsWithin(`(member=CN=ring-a,OU=Groups,${server.baseDn})`)).toEqual(['ring-b']);
    expect(await groupsWithin(`(member=CN=ring-b,OU=Groups,${server.baseDn})`)).toEqual(['ring-a']);
  });

  test('locks at the threshold that its root entry shows, and stays so when it starts again', async () => {
    const [root] = await searchAsService(server, server.baseDn, { scope: 'base' });
    expect(root).toMatchObject({
      lockoutThreshold: '10',
      lockoutDuration: String(-30 * 60 * 1e7),
      lockOutObservationWindow: String(-30 * 60 * 1e7),
    });
    expect(await bind('victim', 'victim-secret')).toEqual(success);
    for (let failures = 0; failures < 10; failures += 1) {
      expect(await bind('victim', 'wrong')).toEqual(refused('52e'));
    }
    expect(await bind('victim', 'victim-secret')).toEqual(refused('775'));
    await server.stop();
    await expect(bind('alice', 'alice-secret')).rejects.toThrow(/ECONNREFUSED/);
    await server.start();
    expect(await bind('victim', 'victim-secret')).toEqual(refused('775'));
    expect(await bind('lena', 'lena-secret')).toEqual(refused('775'));
  });

  test('is there again after it was killed', async () => {
    await server.kill();
    await server.start();
    expect(await bind('alice', 'alice-secret')).toEqual(success);
  });
});

describeWithDirectory('samba-ad', 'a Samba AD with strong authentication', () => {
  test('takes a bind in TLS under its own name, and none in clear', async () => {
    await using server = await startSambaAd({ strongAuth: true });
    for (const password of ['alice-secret', 'wrong']) {
      expect(await bindAnswer(server.url, 'alice@ad.example.org', password)).toEqual(strongAuthRequired);
    }
    const ca = await readFile(server.caFile);
    const named = new Client({
      url: server.tlsUrl,
      tlsOptions: { ca, servername: server.tlsServerName },
    });
    await named.bind(server.serviceDn, server.servicePassword);
    await named.unbind();
    const unnamed = new Client({ url: server.tlsUrl, tlsOptions: { ca } });
    await expect(unnamed.bind(server.serviceDn, server.servicePassword)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });
});
