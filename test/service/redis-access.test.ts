import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Certificates, testCertificates } from '../support/certificates.ts';
import { type OpenLdap, startOpenLdap } from '../support/open-ldap.ts';
import { patientSettings } from '../support/patient-settings.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { type RedisNode, startRedisNode } from '../support/redis-node.ts';
import { wishedRedisProgram } from '../support/redis-program.ts';
import { startRedisSentinel } from '../support/redis-sentinel.ts';
import { runLatchkey } from '../support/run-latchkey.ts';
import { startServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { startReadyService } from './ready-service.ts';
import { regenerate } from './regenerate.ts';
import { signIn, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

/** What the operating guide tells to give the user. */
const RIGHTS = 'resetchannels ~latchkey:* &latchkey:* &__redis__:invalidate +@all -@dangerous +info';
const USER = ['appendonly yes', `user latchkey on >latchkey-secret ${RIGHTS}`];
const SENTINEL_USER = [
  'user watcher on >watcher-secret allchannels +@all -@dangerous +sentinel|get-master-addr-by-name +sentinel|sentinels',
];

/** The programs of Redis 8.2 and Valkey 9.1 are built without TLS: with them it is about the user alone. */
const SPEAKS_TLS = (wishedRedisProgram() ?? 'redis') === 'redis';
const ASKED = SPEAKS_TLS ? 'TLS and a password' : 'a password';
const TLS: Readonly<Record<string, string>> = SPEAKS_TLS ? { REDIS_TLS: 'true' } : {};

/** A Redis with a user of its own for us, in TLS where it can. */
interface Guarded extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  readonly nodes: readonly RedisNode[];
  /** What the log says of a certificate that is not trusted. */
  readonly mistrust: RegExp;
}

const BAD_CHAIN = /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE/;

const list = (places: readonly { host: string; port: number }[]) =>
  places.map(({ host, port }) => `${host}:${port}`).join(',');

const FORMS: Readonly<Record<string, (tls: { tls?: Certificates }) => Promise<Guarded>>> = {
  'a single Redis': async (tls) => {
    const redis = await startRedisNode({ ...tls, lines: USER });
    const env = { REDIS_URL: `${SPEAKS_TLS ? 'rediss' : 'redis'}://127.0.0.1:${redis.clientPort}` };
    return { ...redis, nodes: [redis], env, mistrust: BAD_CHAIN };
  },
  'Redis behind Sentinels': async (tls) => {
    const redis = await startRedisSentinel({ ...tls, lines: USER, sentinelLines: SENTINEL_USER });
    return {
      ...redis,
      env: {
        REDIS_SENTINELS: list(redis.sentinels),
        REDIS_SENTINEL_MASTER: redis.masterName,
        REDIS_SENTINEL_USERNAME: 'watcher',
        REDIS_SENTINEL_PASSWORD: 'watcher-secret',
        ...TLS,
      },
      // ioredis keeps to itself what a Sentinel's connection has met with.
      mistrust: /All sentinels are unreachable.*Connection is closed/,
    };
  },
  'a Redis Cluster': async (tls) => {
    const redis = await startRedisCluster({ ...tls, lines: USER });
    const env = { REDIS_CLUSTER_NODES: list(redis.addresses), ...TLS };
    return { ...redis, env, mistrust: BAD_CHAIN };
  },
};

describe.each(Object.entries(FORMS))(`%s that asks for ${ASKED}`, (_form, start) => {
  let ldap: OpenLdap;
  let redis: Guarded;
  let dir: string;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const certificates = await testCertificates();
    dir = await mkdtemp(join(tmpdir(), 'latchkey-redis-access-'));
    await writeFile(join(dir, 'ca.crt'), certificates.ca);
    await writeFile(join(dir, 'stranger.crt'), certificates.strangerCa);
    ldap = await startOpenLdap();
    redis = await start(SPEAKS_TLS ? { tls: certificates } : {});
    env = {
      ...redis.env,
      REDIS_USERNAME: 'latchkey',
      REDIS_PASSWORD: 'latchkey-secret',
      ...(SPEAKS_TLS && { REDIS_CA_FILE: join(dir, 'ca.crt') }),
      LATCHKEY_SECRET: randomBytes(32).toString('base64'),
      LDAP_URL: ldap.url,
      LDAP_BIND_DN: ldap.serviceDn,
      LDAP_BIND_PASSWORD: ldap.servicePassword,
      LDAP_USER_BASE: `ou=people,${ldap.baseDn}`,
    };
  });
  afterAll(async () => {
    await Promise.all([redis, ldap].map((part) => part?.[Symbol.asyncDispose]()));
    await rm(dir, { recursive: true });
  });

  const everyNode = async (...command: [string, ...string[]]) =>
    Promise.all(redis.nodes.map((node) => node.ask(...command)));

  test('lets us do all that we do with the rights that the guide names', async () => {
    await using service = await startReadyService(env);
    const { apiKey: first } = await signIn(service.url, 'alice', 'alice-secret');
    const second = await regenerate(service.url, 'alice', first);
    expect((await verify(service.url, first)).status).toBe(401);
    expect((await verify(service.url, second)).status).toBe(200);
    const isHeard = () => service.logs().some(({ msg }) => /^changes of accounts are heard/.test(`${msg}`));
    await until('changes are heard of', isHeard);
    const revoking = await runLatchkey(env, ['accounts', 'revoke', 'alice']);
    expect(revoking).toMatchObject({ code: 0, err: '' });
    await until('it is dead', async () => (await verify(service.url, second)).status === 401);
    const listing = await runLatchkey(env, ['accounts', 'list']);
    expect(listing.out).toContain('alice@example.org');

    const connections = (await everyNode('CLIENT', 'LIST')).flatMap((text, at) =>
      String(text)
        .split('\n')
        .filter((line) => line.includes('user=latchkey'))
        .map((line) => line.includes(`laddr=127.0.0.1:${redis.nodes[at]?.clientPort} `)),
    );
    expect(new Set(connections)).toEqual(new Set([true]));
    const refused = ((await everyNode('ACL', 'LOG')) as string[][][]).flat();
    // Asked for once by each of us, for what it may tell of the settings.
    expect(new Set(refused.map((entry) => entry[entry.indexOf('object') + 1]))).toEqual(
      new Set(['config|get']),
    );
  });

  test('is looked at by the doctor', async () => {
    const { code, out } = await runLatchkey(env, ['doctor', '--json']);
    const { steps } = JSON.parse(out) as { steps: { name: string; status: string; seen: string }[] };
    const found = steps.filter(({ name }) => name.startsWith('redis'));
    expect(found.map(({ status }) => status)).not.toContain('failed');
    expect(found.map(({ name }) => name)).toEqual([
      ...['redis', 'redis keeps', 'redis memory', 'redis replicas', 'redis writes'],
    ]);
    expect(found.find(({ name }) => name === 'redis keeps')).toMatchObject({
      status: 'ok',
      seen: expect.stringContaining('appendonly yes, snapshots not told'),
    });
    expect(code).toBe(0);
  });

  test('is away for whoever has another password, or another CA, and the log says why', async () => {
    const patient = yamlFile(JSON.stringify(patientSettings));
    const why = async (over: Readonly<Record<string, string>>, reason: RegExp) => {
      await using service = await startServiceProcess({ ...env, LATCHKEY_CONFIG: patient, ...over });
      await until('the log says why', () => reason.test(service.stdout()));
      expect((await fetch(`${service.url}/readyz`)).status).toBe(503);
      expect(service.stdout()).not.toContain('not-the-secret');
    };
    await Promise.all([
      why({ REDIS_PASSWORD: 'not-the-secret' }, /WRONGPASS/),
      SPEAKS_TLS && why({ REDIS_CA_FILE: join(dir, 'stranger.crt') }, redis.mistrust),
    ]);
  });
});
