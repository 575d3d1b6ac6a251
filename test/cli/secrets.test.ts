import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRedisAccountStore } from '../../src/adapters/redis/account-store.ts';
import type { RedisClient } from '../../src/adapters/redis/client.ts';
import { createRedisSecretRegistry } from '../../src/adapters/redis/secret-registry.ts';
import { acceptSecretsCommand } from '../../src/cli/secrets/accept-secrets.ts';
import { revokeSecretCommand } from '../../src/cli/secrets/revoke-secret.ts';
import { type SecretsOptions, showSecretsCommand } from '../../src/cli/secrets/show-secrets.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import type { AccountStore } from '../../src/ports/account-store.ts';
import type { SecretRegistry } from '../../src/ports/secret-registry.ts';
import { sampleAccount } from '../adapters/account-store-contract.ts';
import { COMMON, openClient } from '../adapters/redis/redis-forms.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type Run, runLatchkey } from '../support/run-latchkey.ts';
import { runCommand } from './run-command.ts';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)] as const;
const RING = `${NEW.toString('base64')},${OLD.toString('base64')}`;
const idOf = (secret: Buffer) => createSecretRing([secret]).current.id;
const [old, current, gone] = [idOf(OLD), idOf(NEW), 'deadbeef'];

describe('latchkey secrets', () => {
  let server: RedisServer;
  let client: RedisClient;
  let store: AccountStore;
  let registry: SecretRegistry;
  let env: Readonly<Record<string, string>>;
  const written: string[] = [];
  const nonces: string[] = [];

  const keep = async (running: Promise<Run>): Promise<Run> => {
    const run = await running;
    written.push(run.out, run.err);
    return run;
  };
  type Over = Readonly<Record<string, string>>;
  const secrets = (...args: string[]) => keep(runLatchkey(env, ['secrets', ...args]));
  const show = (options: SecretsOptions = {}, over: Over = {}) =>
    keep(runCommand((streams) => showSecretsCommand({ ...env, ...over }, options, streams)));
  const accept = (over: Over = {}) =>
    keep(runCommand((streams) => acceptSecretsCommand({ ...env, ...over }, streams)));
  const revoke = (id: string, over: Over = {}) =>
    keep(runCommand((streams) => revokeSecretCommand({ ...env, ...over }, id, { yes: true }, streams)));
  const create = async (id: number, secretId: string) => {
    const nonce = randomBytes(16).toString('hex');
    nonces.push(nonce);
    await store.create({ ...sampleAccount(id), entryId: `e${id}`, key: { nonce, secretId, mintedAt: 1 } });
  };
  const carriers = async () => {
    const accounts = await Promise.all([1, 2, 3, 4, 5].map((id) => store.read(id)));
    return accounts.map((account) => account?.key?.secretId);
  };

  beforeAll(async () => {
    server = await startRedis();
    ({ client } = await openClient({ ...COMMON, url: server.url, keyPrefix: 'latchkey:' }));
    store = createRedisAccountStore(client);
    registry = createRedisSecretRegistry(client);
    env = {
      ...{ LATCHKEY_SECRET: RING, REDIS_URL: server.url },
      // Nobody asks the directory.
      ...{ LDAP_URL: 'ldap://127.0.0.1:1', LDAP_USER_BASE: 'dc=example,dc=org' },
      ...{ LDAP_BIND_DN: 'cn=latchkey', LDAP_BIND_PASSWORD: 'latchkey-secret' },
    };
  });
  /** Two carry the old secret, one each the new one and one that has left the ring, and one has no key. */
  beforeEach(async () => {
    await client.flushall();
    for (const [at, secret] of [old, old, current, gone, old].entries()) await create(at + 1, secret);
    await store.revoke(5);
    await registry.accept(current);
  });
  afterAll(async () => {
    client.disconnect();
    await server?.[Symbol.asyncDispose]();
  });

  test('tells how many accounts carry each, by their ids', async () => {
    expect(await secrets()).toEqual({
      ...{ code: 0, err: '' },
      out:
        `${current}  1 account  in this ring, current here, registered\n` +
        `${old}  2 accounts  in this ring\n` +
        `${gone}  1 account  not in this ring\n` +
        '1 without a key\n',
    });
    const { code, out } = await secrets('--json');
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        ...{ registered: current, isAccepted: true, withoutKey: 1 },
        secrets: [
          { id: current, accounts: 1, isInRing: true, isCurrent: true, isRegistered: true },
          { id: old, accounts: 2, isInRing: true, isCurrent: false, isRegistered: false },
          { id: gone, accounts: 1, isInRing: false, isCurrent: false, isRegistered: false },
        ],
      },
    ]);
  });

  test('says that a ring is not accepted, and what would have it accepted', async () => {
    const stale = { LATCHKEY_SECRET: OLD.toString('base64') };
    const { code, out } = await show({}, stale);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('not accepted: no key is issued with it until: '),
    ]);
    expect(out).toContain(`${current}  1 account  not in this ring, registered\n`);
    expect(JSON.parse((await show({ json: true }, stale)).out)).toMatchObject({ isAccepted: false });
  });

  test('says that none is registered where nothing has been kept yet', async () => {
    await client.flushall();
    const { code, out } = await show();
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('none is registered: the first replica to start'),
    ]);
    expect(JSON.parse((await show({ json: true })).out)).toMatchObject({
      ...{ registered: null, isAccepted: true, withoutKey: 0 },
    });
  });

  test('accept registers the current secret of the ring, and says which was before', async () => {
    const said = async (accepting = accept()) => {
      const { code, out, err } = await accepting;
      expect([code, err, await registry.registered()]).toEqual([0, '', current]);
      return out;
    };
    expect(await said(secrets('accept'))).toBe(
      `${current} is registered (it was already): replicas whose ring lacks it issue no keys\n`,
    );
    await registry.accept(gone);
    expect(await said()).toContain(`(${gone} was before)`);
    await client.del('secrets');
    expect(await said()).toContain('(none was)');
  });

  test('revoke ends the keys that were derived with one, and no others, once it is really wanted', async () => {
    const asked = await secrets('revoke', old);
    expect([asked.code, asked.out]).toEqual([1, '']);
    expect(asked.err).toBe('the keys of 2 accounts would be revoked: repeat it with --yes\n');
    expect(await carriers()).toEqual([old, old, current, gone, undefined]);

    const done = await secrets('revoke', old, '--yes');
    expect(done).toEqual({
      ...{ code: 0, err: '', out: 'the keys of 2 accounts are revoked; the next sign-in mints new ones\n' },
    });
    expect(await carriers()).toEqual([undefined, undefined, current, gone, undefined]);
    expect((await revoke(gone)).out).toContain('the keys of 1 account are revoked');
    expect((await revoke(gone)).out).toContain('the keys of 0 accounts are revoked');
  });

  test('revoke warns that sign-ins go on with the current one', async () => {
    const { code, err } = await revoke(current);
    expect([code, err]).toEqual([0, expect.stringContaining('sign-ins go on to mint such keys\n')]);
    expect(await carriers()).toEqual([old, old, undefined, gone, undefined]);
  });

  test('revoke takes an id, whole and as it is shown, and nothing else', async () => {
    for (const id of ['dead', 'DEADBEEF', `${gone}0`, OLD.toString('base64')]) {
      const { code, out, err } = await revoke(id);
      expect([code, out]).toEqual([1, '']);
      expect(err).toBe('that is no id of a secret: 8 hex digits, as `latchkey secrets` shows them\n');
    }
    expect((await secrets('revoke', '--yes')).code).toBe(1);
    expect(await carriers()).toEqual([old, old, current, gone, undefined]);
  });

  test('names a record that cannot be read, and goes on with the others', async () => {
    await client.hset('account:2', 'key', 'nonsense');
    const complaint = 'the record of account 2 is malformed: field "key"\n';
    const shown = await show();
    expect([shown.code, shown.err]).toEqual([1, complaint]);
    expect(shown.out).toContain(`${old}  1 account  in this ring\n`);
    const revoked = await revoke(old);
    expect([revoked.code, revoked.err]).toEqual([1, complaint]);
    expect(revoked.out).toContain('the keys of 1 account are revoked');
    expect((await store.read(1))?.key).toBeUndefined();
  });

  test('says so where Redis does not answer, where nothing is kept there, and where the settings are wrong', async () => {
    const nowhere = { REDIS_URL: 'redis://127.0.0.1:1' };
    const away = await Promise.all([show({}, nowhere), accept(nowhere), revoke(old, nowhere)]);
    expect(away).toEqual(Array(3).fill({ code: 1, out: '', err: 'Redis did not answer\n' }));
    const memory = await accept({ REDIS_URL: 'memory:' });
    expect([memory.code, memory.out]).toEqual([1, '']);
    expect(memory.err).toMatch(/^REDIS_URL=memory: everything is kept inside the running service/);
    const short = { ...env, LATCHKEY_SECRET: Buffer.alloc(31).toString('base64') };
    const wrong = await runLatchkey(short, ['secrets', 'accept']);
    expect(wrong).toMatchObject({ code: 78, out: '', err: expect.stringContaining('LATCHKEY_SECRET') });
    expect((await secrets('forget')).code).toBe(1);
  });

  test('has written no secret and no nonce', () => {
    const text = written.join('\n');
    expect(text).toContain(old);
    // One of them was typed as if it were an id.
    const all = [...nonces, OLD.toString('base64'), NEW.toString('base64')];
    expect(all.filter((secret) => text.includes(secret))).toEqual([]);
  });
});
