import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithDirectory } from '../support/describe-with-directory.ts';
import { type SambaAd, startSambaAd } from '../support/samba-ad.ts';
import { consult, settingsOf } from './consult.ts';

describeWithDirectory('samba-ad', 'the doctor at an Active Directory', () => {
  let server: SambaAd;
  beforeAll(async () => {
    server = await startSambaAd({ strongAuth: true });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const env = (different: object = {}, urls = [server.tlsUrl]) =>
    settingsOf(
      {
        preset: 'active-directory',
        caFile: server.caFile,
        tlsServerName: server.tlsServerName,
        bindDn: server.serviceDn,
        bindPassword: server.servicePassword,
        userBase: `OU=People,${server.baseDn}`,
        ...different,
      },
      [{ id: 'ad', urls }],
    );

  test('finds all well, knows the server, the groups and the lockout', async () => {
    const staff = `CN=staff,OU=Groups,${server.baseDn}`;
    const found = await consult(env({ requiredGroup: staff }), 'alice', 'alice-secret');
    expect(found.step('tls')).toMatchObject({
      seen: expect.stringContaining(`good for ${server.tlsServerName}`),
    });
    expect(found.step('root dse').seen).toMatch(/Samba.*holds .*DC=ad,DC=example,DC=org.*in-chain/);
    expect(found.step('groups').seen).toMatch(
      /^by tokenGroups .*developers \(direct\).*requiredGroup is among them/,
    );
    expect(found.step('lockout').seen).toMatch(/^locks at 10 wrong passwords/);
    expect(found.step('id look-up').seen).toMatch(/^by objectGUID: /);
    expect(found.steps.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(found.code).toBe(0);
  });

  test('names the name that is in the certificate', async () => {
    const found = await consult(env({ tlsServerName: null }));
    expect(found.step('tls')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining(`tlsServerName: ${server.tlsServerName}`),
    });
  });

  test('asks for StartTLS where a bind in clear is refused', async () => {
    const found = await consult(env({ tlsServerName: null }, [`ldap://${server.host}:${server.port}`]));
    expect(found.step('service bind')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('result 8 (StrongAuthRequired)'),
      fix: expect.stringContaining('LDAP_STARTTLS=true'),
    });
  });

  test('says why somebody is kept out', async () => {
    const dora = await consult(env(), 'dora', 'dora-secret');
    expect(dora.step('account')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('userAccountControl'),
    });
    const carol = await consult(env(), 'carol', 'carol-secret');
    expect(carol.step('bind').seen).toBe('refused: password-must-change');
    const wrong = await consult(env(), 'alice', 'not-that-one');
    expect(wrong.step('bind').seen).toBe('refused: wrong-password');
  });
});
