import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { createRedisAccountStore } from '../../src/adapters/redis/account-store.ts';
import type { RedisClient } from '../../src/adapters/redis/client.ts';
import type { Status } from '../../src/cli/accounts/account-status.ts';
import { type AccountChange, changeAccountCommand } from '../../src/cli/accounts/change-account.ts';
import { type ListOptions, listAccountsCommand } from '../../src/cli/accounts/list-accounts.ts';
import { type ShowOptions, showAccountCommand } from '../../src/cli/accounts/show-account.ts';
import type { AccountStore } from '../../src/ports/account-store.ts';
import { sampleAccount } from '../adapters/account-store-contract.ts';
import { COMMON, openClient } from '../adapters/redis/redis-forms.ts';
import { type Stack, signIn, startStack, verify } from '../service/stack.ts';
import { type Run, runLatchkey } from '../support/run-latchkey.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { runCommand } from './run-command.ts';

const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/.source;

describe('latchkey accounts', () => {
  let stack: Stack;
  let service: ServiceProcess;
  let client: RedisClient;
  let store: AccountStore;
  const written: string[] = [];
  const nonces = new Set<string>();

  const keep = async (running: Promise<Run>): Promise<Run> => {
    const run = await running;
    written.push(run.out, run.err);
    return run;
  };
  type Over = Readonly<Record<string, string>>;
  const accounts = (...args: string[]) => keep(runLatchkey(stack.env, ['accounts', ...args]));
  const list = (options: ListOptions = {}, over: Over = {}) =>
    keep(runCommand((streams) => listAccountsCommand({ ...stack.env, ...over }, options, streams)));
  const show = (name: string, options: ShowOptions = {}, over: Over = {}) =>
    keep(runCommand((streams) => showAccountCommand({ ...stack.env, ...over }, name, options, streams)));
  const change = (what: AccountChange, name: string) =>
    keep(runCommand((streams) => changeAccountCommand(stack.env, what, name, { yes: true }, streams)));
  const comeIn = async (name: string) => {
    const { status, apiKey, userId = 0 } = await signIn(service.url, name, `${name}-secret`);
    expect(status).toBe(200);
    nonces.add((await store.read(userId))?.key?.nonce ?? 'none');
    return { apiKey, id: userId };
  };
  const expectVerified = (apiKey: string, status: number) =>
    until(`the key is answered ${status}`, async () => (await verify(service.url, apiKey)).status === status);

  beforeAll(async () => {
    stack = await startStack();
    service = await stack.startService();
    ({ client } = await openClient({ ...COMMON, url: stack.redis.url, keyPrefix: 'latchkey:' }));
    store = createRedisAccountStore(client);
  });
  afterAll(async () => {
    client.disconnect();
    await stack?.[Symbol.asyncDispose]();
  });

  test('list: a line for each by rising id, with what stands against its key', async () => {
    const { id: alice } = await comeIn('alice');
    const { id: bob } = await comeIn('bob');
    const { id: carol } = await comeIn('carol');
    await store.revoke(bob);
    await store.suspendByOperator(carol);
    await store.suspend(carol, {
      ...{ server: 'ldap://one', elapsedMs: 0, reason: 'not-found', forgetAfterMs: undefined },
    });
    const { code, out, err } = await accounts('list');
    expect([code, err]).toEqual([0, '']);
    const lines = [
      `${alice}  active  alice  alice@example.org  default  checked ${MOMENT}  key of ${MOMENT}`,
      `${bob}  revoked  bob  bob@example.org  default  checked ${MOMENT}  no key`,
      `${carol}  suspended \\(not-found\\), suspended by an operator  carol  carol@example.org  default  .*`,
    ];
    expect(out).toMatch(new RegExp(`^${lines.join('\n')}\n$`));

    const ids = async (status: Status, listing = list({ json: true, status })) => {
      const text = (await listing).out.trim();
      return text === '' ? [] : text.split('\n').map((line) => (JSON.parse(line) as { id: number }).id);
    };
    const active = accounts('list', '--json', '--status', 'active');
    expect([await ids('active', active), await ids('revoked')]).toEqual([[alice], [bob]]);
    expect([await ids('suspended'), await ids('suspended-by-operator')]).toEqual([[carol], [carol]]);
    expect((await accounts('list', '--status', 'nonsense')).code).toBe(1);
    await store.restore(carol);
  });

  test('show: everything about one by its id, login name and email, but the nonce of its key', async () => {
    const { id } = await comeIn('two-mails');
    const byName = await accounts('show', 'two-mails');
    expect([byName.code, byName.err]).toEqual([0, '']);
    expect(byName.out).toContain(`account ${id}\n  status:        active\n`);
    expect(byName.out).toContain('all emails:    second@example.org, first@example.org\n');
    expect(byName.out).toMatch(new RegExp(`key: +of ${MOMENT}, by secret [0-9a-f]{8}\n`));
    for (const name of [String(id), 'First@example.org', ' TWO-MAILS '])
      expect(await show(name)).toEqual(byName);
    const { out } = await accounts('show', String(id), '--json');
    const account = await store.read(id);
    expect(JSON.parse(out)).toMatchObject({
      ...{ id, status: ['active'], directoryId: 'default', entryId: account?.entryId },
      ...account?.owner,
      key: { secretId: account?.key?.secretId, mintedAt: expect.stringMatching(MOMENT) },
      ...{ suspension: null, suspendedByOperatorAt: null, isAcknowledged: true },
    });
    const elsewhere = { LATCHKEY_SECRET: Buffer.alloc(32, 1).toString('base64') };
    expect((await show(String(id), {}, elsewhere)).out).toContain(', which is not in this ring\n');
  });

  test('show: why one is suspended, by whom and since when', async () => {
    const account = sampleAccount(14);
    await store.create(account);
    await store.suspendByOperator(14);
    await store.suspend(14, {
      ...{ server: 'ldap://one', elapsedMs: 0, reason: 'not-permitted', forgetAfterMs: undefined },
    });
    const { code, out } = await show('14');
    expect(code).toBe(0);
    expect(out).toContain('status:        suspended (not-permitted), suspended by an operator\n');
    expect(out).toMatch(new RegExp(`  suspended: +${MOMENT} by ldap://one: not-permitted\n`));
    expect(out).toMatch(new RegExp(`  suspended by an operator: ${MOMENT}\n`));
    expect(JSON.parse((await show('14', { json: true })).out)).toMatchObject({
      status: ['suspended', 'suspended-by-operator'],
      suspension: { reason: 'not-permitted', server: 'ldap://one', at: expect.stringMatching(MOMENT) },
      suspendedByOperatorAt: expect.stringMatching(MOMENT),
    });
    await store.remove(14);
  });

  test('suspend and restore: refused everywhere at once, and alive again with the same key', async () => {
    const { id, apiKey } = await comeIn('alice');
    await expectVerified(apiKey, 200);
    expect(await accounts('suspend', 'alice')).toEqual({
      ...{ code: 0, err: '', out: `account ${id} (alice of default): suspended until it is restored\n` },
    });
    await expectVerified(apiKey, 401);
    expect(await signIn(service.url, 'alice', 'alice-secret')).toMatchObject({
      ...{ status: 401, code: 'USER_DEACTIVATED' },
    });
    const restored = await accounts('restore', 'alice@example.org');
    expect([restored.code, restored.out]).toEqual([0, expect.stringContaining(`account ${id} (alice`)]);
    await expectVerified(apiKey, 200);
    expect((await comeIn('alice')).apiKey).toBe(apiKey);
  });

  test('revoke: the key is dead, and the next sign-in mints another for the same account', async () => {
    const { id, apiKey } = await comeIn('alice');
    expect((await accounts('revoke', String(id))).out).toContain(': revoked; ');
    await expectVerified(apiKey, 401);
    expect((await change('revoke', String(id))).out).toContain('has no key already');
    const again = await comeIn('alice');
    expect([again.id, again.apiKey === apiKey]).toEqual([id, false]);
    await expectVerified(again.apiKey, 200);
  });

  test('delete: record and pointer are gone, once it is really wanted', async () => {
    const { id, apiKey } = await comeIn('bob');
    const account = await store.read(id);
    const asked = await accounts('delete', 'bob');
    expect([asked.code, asked.out]).toEqual([1, '']);
    expect(asked.err).toContain(`account ${id} (bob of default) would be deleted: repeat it with --yes`);
    expect(await store.read(id)).toEqual(account);

    expect((await accounts('delete', 'bob', '--yes')).code).toBe(0);
    expect(await store.read(id)).toBeUndefined();
    expect(await store.findId('default', account?.entryId ?? '')).toBeUndefined();
    await expectVerified(apiKey, 401);
    expect((await comeIn('bob')).id).toBeGreaterThan(id);
  });

  test('finds a leaver whom no directory knows by looking through all accounts, and says so', async () => {
    const { id, apiKey } = await comeIn('carol');
    await using admin = new Client({ url: stack.ldap.url });
    await admin.bind(stack.ldap.adminDn, stack.ldap.adminPassword);
    await admin.del(`uid=carol,ou=people,${stack.ldap.baseDn}`);
    for (const name of ['Carol', 'carol@EXAMPLE.org']) {
      const { code, out, err } = await show(name);
      expect([code, out]).toEqual([0, expect.stringContaining(`account ${id}\n`)]);
      expect(err).toBe('no directory knows this name (unknown-user): looking through all accounts\n');
    }
    expect((await change('suspend', 'carol')).code).toBe(0);
    await expectVerified(apiKey, 401);
  });

  test('looks through all accounts, too, while the directory does not answer', async () => {
    const { id } = await comeIn('alice');
    const { code, out, err } = await show('alice', {}, { LDAP_URL: 'ldap://127.0.0.1:1' });
    expect([code, out]).toEqual([0, expect.stringContaining(`account ${id}\n`)]);
    expect(err).toContain('(the directory did not answer): looking through all accounts\n');
  });

  test('names all where several have or had a name, and changes none', async () => {
    const ghosts = [11, 12].map((id) => sampleAccount(id));
    const owner = { username: 'other', emails: ['other@example.org'], email: 'other@example.org' };
    for (const one of ghosts) {
      const former = { ...one.owner, ...owner, formerNames: ['ghost'] };
      const now = { ...one.owner, username: 'ghost', formerNames: [] };
      await store.create({ ...one, owner: one.id === 11 ? now : former });
    }
    const { code, out, err } = await change('revoke', 'ghost');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /several accounts have or had this name.*\n11 {2}active {2}ghost .*\n12 {2}active {2}other /,
    );
    for (const { id, key } of ghosts) expect((await store.read(id))?.key).toEqual(key);
    for (const { id } of ghosts) await store.remove(id);
  });

  test('says that there is nobody: of a name that nobody has, and of a person without an account', async () => {
    const nobody = await change('suspend', 'nobody');
    expect([nobody.code, nobody.out]).toEqual([1, '']);
    expect(nobody.err).toContain('no account has or had this name\n');
    const person = await change('suspend', 'guid');
    expect([person.code, person.out]).toEqual([1, '']);
    expect(person.err).toBe('guid of default has no account: they have never signed in\n');
  });

  test('names a record that cannot be read, and goes on', async () => {
    const { id } = await comeIn('alice');
    await client.hset('account:77', 'entry', 'nonsense');
    const { code, out, err } = await list();
    await client.del('account:77');
    expect([code, err]).toEqual([1, 'the record of account 77 is malformed: field "directory"\n']);
    expect(out).toContain(`${id}  active  alice`);
  });

  test('shows no terminal what a directory’s attributes would have it do', async () => {
    const account = sampleAccount(13);
    await store.create({ ...account, owner: { ...account.owner, fullName: 'Eve\u001b[2J\u202e' } });
    const { out } = await show('13');
    await store.remove(13);
    expect(out).toContain('full name:     Eve\uFFFD[2J\uFFFD\n');
  });

  test('changes nothing of an account that is not there', async () => {
    for (const what of ['suspend', 'restore', 'revoke', 'delete'] as const) {
      const { code, out, err } = await change(what, '4711');
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain('no account has or had this name\n');
    }
    expect(await store.read(4711)).toBeUndefined();
  });

  test('says so where Redis does not answer, and where nothing is kept there', async () => {
    const { code, out, err } = await list({}, { REDIS_URL: 'redis://127.0.0.1:1' });
    expect([code, out, err]).toEqual([1, '', 'Redis did not answer\n']);
    const memory = await list({}, { REDIS_URL: 'memory:' });
    expect([memory.code, memory.out]).toEqual([1, '']);
    expect(memory.err).toMatch(/^REDIS_URL=memory: everything is kept inside the running service/);
  });

  test('has written no nonce and no secret', () => {
    const text = written.join('\n');
    expect(text).toContain('alice@example.org');
    expect(nonces.size).toBeGreaterThan(5);
    const secrets = [...nonces, stack.env['LATCHKEY_SECRET'] ?? 'none', stack.ldap.servicePassword];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });
});
