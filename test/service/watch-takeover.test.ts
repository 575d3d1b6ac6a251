import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Admin, asAdmin } from '../adapters/ldap/watch/as-admin.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

/** Nobody is revalidated on use: who goes out goes by the watch. */
const SETTINGS = {
  keys: { revalidateAfter: '1h', maxStaleness: '2h', watchEvery: '200ms' },
  directory: {
    userFilter: '(&(objectClass=person)(!(employeeType=left))(|(uid={username})(mail={username})))',
  },
};

describe('the watch over a directory', () => {
  let stack: Stack;
  let admin: Admin;
  const running: ServiceProcess[] = [];

  beforeAll(async () => {
    stack = await startStack();
    admin = await asAdmin(stack.ldap);
    const LATCHKEY_CONFIG = yamlFile(JSON.stringify(SETTINGS));
    for (const _ of [1, 2]) running.push(await stack.startService({ LATCHKEY_CONFIG }));
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  const watches = (service: ServiceProcess) =>
    service.logs().some(({ msg }) => msg === 'watching the directory for changes');
  /** The one that watches now, and those that do not. */
  const parted = async () => {
    await until('one replica watches', () => running.some(watches));
    return { watcher: running.find(watches), others: running.filter((one) => !watches(one)) };
  };
  const leaves = async (username: string, at: ServiceProcess | undefined) => {
    const { apiKey } = await signIn(at?.url ?? '', username, `${username}-secret`);
    expect((await verify(at?.url ?? '', apiKey)).status).toBe(200);
    await admin.change(`uid=${username},ou=people,${stack.ldap.baseDn}`, 'add', 'employeeType', 'left');
    await until('the key is dead', async () => (await verify(at?.url ?? '', apiKey)).status === 401);
  };

  test('is one replica’s, for all', async () => {
    const { others } = await parted();
    expect(others).toHaveLength(1);
    await leaves('alice', others[0]);
  });

  test('goes on by another when that one is killed', async () => {
    const { watcher, others } = await parted();
    watcher?.signal('SIGKILL');
    await watcher?.exited;
    await until('the other watches', () => others.every(watches));
    await leaves('bob', others[0]);
  });
});
