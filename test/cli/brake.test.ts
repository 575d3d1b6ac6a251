import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RedisClient } from '../../src/adapters/redis/client.ts';
import { createRedisLeaverBrake } from '../../src/adapters/redis/leaver-brake.ts';
import { readRelease, releaseBrakeCommand, showBrakeCommand } from '../../src/cli/brake.ts';
import type { LeaverBrake } from '../../src/ports/leaver-brake.ts';
import { COMMON, openClient } from '../adapters/redis/redis-forms.ts';
import { yamlFile } from '../service/yaml-file.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { runLatchkey } from '../support/run-latchkey.ts';
import { runCommand } from './run-command.ts';

const HOUR_MS = 3_600_000;
const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/.source;
/** Nobody asks them. */
const directories = ['corp', 'lab'].map((id) => ({
  ...{ id, urls: ['ldap://127.0.0.1:1'], userBase: 'dc=example,dc=org', emailDomains: [`${id}.example.org`] },
  ...{ bindDn: 'cn=latchkey', bindPassword: 'latchkey-secret', remoteUser: '{username}@{directory}' },
}));

describe('latchkey brake', () => {
  let server: RedisServer;
  let client: RedisClient;
  let brake: LeaverBrake;
  let env: Readonly<Record<string, string>>;

  const latchkey = (...args: string[]) => runLatchkey(env, ['brake', ...args]);
  type Over = Readonly<Record<string, string>>;
  const show = (over: Over = {}) => runCommand((streams) => showBrakeCommand({ ...env, ...over }, streams));
  const release = (directory?: string, over: Over = {}) =>
    runCommand((streams) => releaseBrakeCommand({ ...env, ...over }, directory, HOUR_MS, streams));
  /** Have the brake of a directory hold: five of eight are not shown any more. */
  const hold = async (directory: string) => {
    for (const id of [6, 7, 8]) await brake.checked(directory, id);
    for (const id of [1, 2, 3, 4, 5]) await brake.mayLeave(directory, id);
    expect((await brake.standing(directory)).heldSince).toBeDefined();
  };
  const mayLeave = async (directory: string) => (await brake.mayLeave(directory, 9)).isAllowed;

  beforeAll(async () => {
    server = await startRedis();
    ({ client } = await openClient({ ...COMMON, url: server.url, keyPrefix: 'latchkey:' }));
    brake = createRedisLeaverBrake(client, { share: 0.5, atLeast: 5, windowMs: 300_000 });
    env = {
      ...{ LATCHKEY_SECRET: Buffer.alloc(32, 1).toString('base64'), REDIS_URL: server.url },
      LATCHKEY_CONFIG: yamlFile(JSON.stringify({ directories })),
    };
  });
  beforeEach(async () => {
    await client.flushall();
  });
  afterAll(async () => {
    client.disconnect();
    await server?.[Symbol.asyncDispose]();
  });

  test('shows how it stands with each directory', async () => {
    const calm = (id: string) =>
      `${id}: does not hold; 0 of 0 that were checked lately are not shown any more\n`;
    expect(await latchkey()).toEqual({ code: 0, err: '', out: calm('corp') + calm('lab') });
    await hold('lab');
    const { code, out, err } = await show();
    expect([code, err]).toEqual([0, '']);
    const holds = `lab: holds since ${MOMENT}; 5 of 8 that were checked lately are not shown any more\n`;
    expect(out).toMatch(new RegExp(`^${calm('corp')}${holds}$`));
    expect(await mayLeave('lab')).toBe(false);
  });

  test('release lets go, for an hour, where it holds', async () => {
    await hold('lab');
    const begun = Date.now();
    const { code, out, err } = await latchkey('release');
    expect([code, err]).toEqual([0, '']);
    const counts = '0 of 8 that were checked lately are not shown any more';
    const [, until = ''] = new RegExp(`^lab: released until (${MOMENT}); ${counts}\n$`).exec(out) ?? [];
    const afterMs = Date.parse(until) - begun;
    expect(afterMs).toBeGreaterThan(3_600_000 - 1_000);
    expect(afterMs).toBeLessThan(3_600_000 + 60_000);
    expect(await mayLeave('lab')).toBe(true);
    expect((await show()).out).toContain(`lab: released until ${until}; 1 of 9`);
    expect(await release()).toMatchObject({ code: 0, out: 'no brake holds: nothing to release\n' });
  });

  test('release of one directory leaves the others as they are, and need not wait until it holds', async () => {
    await hold('lab');
    const begun = Date.now();
    const { code, out } = await latchkey('release', 'corp', '--for', '30m');
    expect([code, out]).toEqual([0, expect.stringMatching(/^corp: released until .*; 0 of 0 .*\n$/)]);
    const { releasedUntil = 0 } = await brake.standing('corp');
    expect(releasedUntil - begun).toBeGreaterThan(1_800_000 - 1_000);
    expect(releasedUntil - begun).toBeLessThan(1_800_000 + 60_000);
    expect(await mayLeave('lab')).toBe(false);
  });

  test('release takes a directory that is configured, and a time that is one, and else does nothing', async () => {
    await hold('lab');
    const unknown = await release('default');
    expect([unknown.code, unknown.out]).toEqual([1, '']);
    expect(unknown.err).toBe('no such directory is configured; there are: corp, lab\n');
    for (const text of ['30', 'soon', '-5m', '0s', '1h30m']) expect(readRelease(text)).toBeUndefined();
    const { code, out, err } = await latchkey('release', 'lab', '--for', 'soon');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('Write a number and a unit, such as 30m.');
    expect(await mayLeave('lab')).toBe(false);
  });

  test('says so where Redis does not answer, where nothing is kept there, and where the settings are wrong', async () => {
    const nowhere = { REDIS_URL: 'redis://127.0.0.1:1' };
    const away = await Promise.all([show(nowhere), release(undefined, nowhere), release('lab', nowhere)]);
    expect(away).toEqual(Array(3).fill({ code: 1, out: '', err: 'Redis did not answer\n' }));
    const memory = await show({ REDIS_URL: 'memory:' });
    expect([memory.code, memory.out]).toEqual([1, '']);
    expect(memory.err).toMatch(/^REDIS_URL=memory: everything is kept inside the running service/);
    const wrong = await runLatchkey({ ...env, LDAP_URL: 'ldaps://one.example.org' }, ['brake']);
    expect(wrong).toMatchObject({ code: 78, out: '', err: expect.stringContaining('LDAP_URL') });
    expect((await latchkey('hold')).code).toBe(1);
  });
});
