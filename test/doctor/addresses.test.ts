import { describe, expect, test } from '@jest/globals';
import { readEndpoint } from '../../src/adapters/ldap/connection/endpoint.ts';
import { checkServer } from '../../src/doctor/directory/check-server.ts';
import { lookForServers } from '../../src/doctor/directory/servers.ts';
import { createWalk } from '../../src/doctor/step.ts';
import { ldapOptions } from '../adapters/ldap/options.ts';
import { startLyingLdapServer } from '../support/lying-ldap-server.ts';

describe('the addresses of one name', () => {
  const walkThrough = async (port: number, addresses: readonly string[]) => {
    const walk = createWalk();
    const options = { ...ldapOptions({ urls: [] }), preset: 'openldap' };
    const endpoint = readEndpoint(`ldap://dc1.corp.example:${port}`, false);
    const { isGood } = await checkServer(walk, endpoint, options, async () => addresses);
    return { isGood, of: (name: string) => walk.steps.find((step) => step.name === name) };
  };

  test('are each tried, and a dead one is warned about', async () => {
    await using server = await startLyingLdapServer();
    // Nothing listens at the second address of the loopback.
    const { isGood, of } = await walkThrough(server.port, ['127.0.0.2', '127.0.0.1']);
    expect(of('dns')?.seen).toBe('127.0.0.2, 127.0.0.1');
    expect(of('tcp')).toMatchObject({
      status: 'warning',
      seen: expect.stringMatching(/ECONNREFUSED 127\.0\.0\.2:.*; 127\.0\.0\.1 port \d+ answers/),
      fix: expect.stringContaining('every sign-in may try the dead address first'),
    });
    expect(of('service bind')?.status).toBe('ok');
    expect(isGood).toBe(true);
  });

  test('are of no use where all are dead', async () => {
    const { isGood, of } = await walkThrough(1, ['127.0.0.2', '127.0.0.1']);
    expect(of('tcp')).toMatchObject({ status: 'failed' });
    expect(isGood).toBe(false);
  });
});

describe('the servers that DNS names', () => {
  const records = [
    { name: 'dc2.corp.example', port: 389, priority: 10, weight: 5 },
    { name: 'dc1.corp.example', port: 389, priority: 0, weight: 100 },
  ];
  const options = { ...ldapOptions({ urls: [] }), srvDomain: 'corp.example' };

  test('are shown with priority and weight, in their order', async () => {
    const look = await lookForServers(options, async () => records);
    expect(look).toMatchObject({
      status: 'ok',
      seen: '_ldap._tcp.corp.example: dc1.corp.example:389 (priority 0, weight 100), dc2.corp.example:389 (priority 10, weight 5)',
      value: [{ host: 'dc1.corp.example', port: 636 }, { host: 'dc2.corp.example' }],
    });
  });

  test('are believed only below their domain, and shown all the same', async () => {
    const strangers = [{ name: 'ldap.attacker.example', port: 389, priority: 0, weight: 1 }];
    const look = await lookForServers(options, async () => strangers);
    expect(look).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('ldap.attacker.example:389'),
      fix: expect.stringContaining('srvDomain'),
    });
  });

  test('are none where DNS has no such records', async () => {
    const look = await lookForServers(options, () => Promise.reject(new Error('querySrv ENOTFOUND')));
    expect(look).toMatchObject({ status: 'failed', seen: expect.stringContaining('ENOTFOUND') });
  });
});
