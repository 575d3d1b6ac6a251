import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithDirectory } from '../support/describe-with-directory.ts';
import { type Ds389, startDs389 } from '../support/ds389.ts';
import { consult, settingsOf } from './consult.ts';

describeWithDirectory('ds389', 'the doctor at a 389 Directory Server', () => {
  let server: Ds389;
  beforeAll(async () => {
    server = await startDs389();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const env = (different: object = {}) =>
    settingsOf(
      {
        preset: '389ds',
        bindDn: server.serviceDn,
        bindPassword: server.servicePassword,
        userBase: `ou=people,${server.baseDn}`,
        ...different,
      },
      [{ id: 'ds', urls: [`ldap://${server.host}:${server.port}`] }],
    );

  test('finds all well, and knows the server and its lockout', async () => {
    const found = await consult(env(), 'alice', 'alice-secret');
    const [hidden, shown] = found.steps.filter(({ name }) => name === 'root dse');
    expect(hidden).toMatchObject({ status: 'skipped', seen: expect.stringContaining('after the bind') });
    expect(shown).toMatchObject({ status: 'ok', seen: expect.stringMatching(/389.*whoami/) });
    expect(found.step('id look-up').seen).toMatch(/^by nsUniqueId: /i);
    expect(found.step('lockout').seen).toMatch(/^locks at \d+ wrong passwords/);
    expect(found.steps.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(found.code).toBe(0);
  });

  test('says why somebody is kept out', async () => {
    const dora = await consult(env(), 'dora', 'dora-secret');
    expect(dora.step('account').seen).toContain('nsAccountLock');
    expect(dora.step('bind').status).toBe('skipped');
    const lena = await consult(env(), 'lena', 'lena-secret');
    expect(lena.step('bind').seen).toBe('refused: account-locked');
  });
});
