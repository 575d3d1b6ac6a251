import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenLdap, startOpenLdap } from '../support/open-ldap.ts';
import { loadName, loadPeople } from '../support/people.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import type { RedisNode } from '../support/redis-node.ts';
import { startRedisSentinel } from '../support/redis-sentinel.ts';
import { until } from '../support/until.ts';
import { ampleLimits } from './ample-limits.ts';
import { type Asked, type KeyLoad, startKeyLoad } from './key-load.ts';
import { startReadyService } from './ready-service.ts';
import { verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

const PEOPLE = 3000;
const NAMES = Array.from({ length: PEOPLE }, (_, at) => loadName(at + 1));
const LANES = 4;
/** So many people come in each lane before a master dies. */
const LIVES = 10;
const LOSSES = [1, 2];
/** The service's own defaults, in place of the patience that other tests have. */
const BOUNDS = { connectTimeout: '2s', commandTimeout: '1s' };

/** A topology whose masters are replaced when they die. */
interface Topology extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** Whom to kill next: one that takes writes now. */
  victim(loss: number): Promise<RedisNode>;
  replicasOf(victim: RedisNode): Promise<RedisNode[]>;
  /** Whether another has taken its place. */
  isReplaced(victim: RedisNode): Promise<boolean>;
  /**
   * As many as a master has replicas: Sentinels promote whoever they believe has most, by what they heard last, which may
   * be seconds ago. Until all are back, nothing new is acknowledged.
   */
  readonly acknowledge: number;
  /** Whether the loss of a master takes all of it away, or a part. */
  readonly isOne: boolean;
  /** Start it again, and wait until it follows whoever has taken its place. */
  restore(victim: RedisNode): Promise<void>;
}

const list = (places: readonly { host: string; port: number }[]) =>
  places.map(({ host, port }) => `${host}:${port}`).join(',');

const TOPOLOGIES: Readonly<Record<string, () => Promise<Topology>>> = {
  'behind Sentinels': async () => {
    const redis = await startRedisSentinel();
    return {
      ...redis,
      env: { REDIS_SENTINELS: list(redis.sentinels), REDIS_SENTINEL_MASTER: redis.masterName },
      victim: redis.master,
      replicasOf: redis.replicas,
      isReplaced: async (victim) => (await redis.master()) !== victim,
      acknowledge: 2,
      isOne: true,
      async restore(victim) {
        await victim.bringUp();
        const master = await redis.master();
        // The Sentinels would say so in ten seconds.
        await victim.ask('REPLICAOF', '127.0.0.1', master.port);
        await until('it follows', async () => /master_link_status:up/.test(String(await victim.ask('INFO'))));
      },
    };
  },
  'on a Cluster': async () => {
    const redis = await startRedisCluster();
    return {
      ...redis,
      env: { REDIS_CLUSTER_NODES: list(redis.addresses) },
      async victim(loss) {
        // First the one that every new person needs.
        const counter = await redis.masterOf('latchkey:last-account-id');
        const others = (await redis.masters()).filter((one) => one !== counter);
        return (loss === 1 ? undefined : others[0]) ?? counter;
      },
      async isReplaced(victim) {
        const masters = await redis.masters();
        return masters.length === 3 && !masters.includes(victim);
      },
      acknowledge: 1,
      isOne: false,
      restore: redis.heal,
    };
  },
};

let ldap: OpenLdap;
const started = new Map<string, Topology>();

beforeAll(async () => {
  const starting = Object.entries(TOPOLOGIES).map(async ([where, start]) => {
    started.set(where, await start());
  });
  [ldap] = await Promise.all([startOpenLdap({ ldif: loadPeople(PEOPLE) }), ...starting]);
});
afterAll(async () => {
  await Promise.all([ldap, ...started.values()].map((part) => part?.[Symbol.asyncDispose]()));
});

describe.each(Object.keys(TOPOLOGIES))('%s, masters that die under load', (where) => {
  let redis: Topology;
  let env: Readonly<Record<string, string>>;
  const log = (words: string) => process.stderr.write(`${where}, ${words}\n`);

  beforeAll(() => {
    redis = started.get(where) as Topology;
    env = {
      ...redis.env,
      LATCHKEY_SECRET: randomBytes(32).toString('base64'),
      LATCHKEY_CONFIG: yamlFile(
        JSON.stringify({
          redis: { ...BOUNDS, acknowledge: { replicas: redis.acknowledge } },
          limits: ampleLimits,
        }),
      ),
      LDAP_URL: ldap.url,
      LDAP_BIND_DN: ldap.serviceDn,
      LDAP_BIND_PASSWORD: ldap.servicePassword,
      LDAP_USER_BASE: `ou=people,${ldap.baseDn}`,
    };
  });

  /** Let nothing that is written now reach a replica: what is handed out all the same is lost with the master. */
  async function holdReplicasBack(load: KeyLoad, master: RedisNode): Promise<void> {
    for (const replica of await redis.replicasOf(master)) await replica.pause();
    // What is on its way to them would arrive when they go on.
    await master.ask('CLIENT', 'KILL', 'TYPE', 'replica');
    const [heldAt, before] = [performance.now(), load.latest.size];
    const isMissed = () => load.answers.some(({ status, at }) => at > heldAt && status === 503);
    await until(
      'somebody is refused a key, or given one',
      () => isMissed() || load.latest.size > before + LANES,
    );
  }

  /** Kill a master, and wait until everybody is served again. Gives when it was killed, by `performance.now()`. */
  async function loseMaster(load: KeyLoad, loss: number): Promise<number> {
    await load.more(LIVES);
    const victim = await redis.victim(loss);
    const replicas = await redis.replicasOf(victim);
    if (loss > 1) await holdReplicasBack(load, victim);
    const killedAt = performance.now();
    await victim.kill();
    for (const replica of replicas) await replica.bringUp();
    await until('another has taken over', () => redis.isReplaced(victim));
    await redis.restore(victim);
    await load.more();
    log(`loss ${loss}: ${lossInWords(load, killedAt)}`);
    return killedAt;
  }

  /** How many of these keys a service that keeps none near answers how. */
  async function statusesOf(url: string, keys: readonly string[]): Promise<Record<number, number>> {
    const counts: Record<number, number> = {};
    for (let at = 0; at < keys.length; at += 50) {
      const answers = await Promise.all(keys.slice(at, at + 50).map((key) => verify(url, key)));
      for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  }

  test('take no key with them that somebody has seen, revive none, and cost nothing but 503', async () => {
    await using services = new AsyncDisposableStack();
    const start = async () => services.use(await startReadyService(env));
    // The second keeps nothing near: nobody asks it before the end.
    const [service, fresh] = await Promise.all([start(), start()]);
    const kills: number[] = [];
    const [load, readiness] = [startKeyLoad(service.url, NAMES, LANES), watchReadiness(service.url)];
    {
      await using _ = load;
      await using __ = readiness;
      for (const loss of LOSSES) kills.push(await loseMaster(load, loss));
    }
    expect(load.wrongs).toEqual([]);
    for (const killedAt of kills) {
      const after = readiness.looks.filter(({ at }) => at >= killedAt).map(({ status }) => status);
      const unready = after.filter((status) => status === 503).length;
      log(`/readyz was 503 in ${unready} of ${after.length} looks`);
      expect(after.filter((status) => ![200, 503].includes(status))).toEqual([]);
      expect(after.at(-1)).toBe(200);
      // A Cluster is not away while parts of it answer.
      if (redis.isOne) expect(unready).toBeGreaterThan(0);
    }
    const [seen, { replaced }] = [[...load.latest.values()], load];
    log(`in the end: ${seen.length} keys live, ${replaced.length} are dead`);
    // Nobody has asked it since: its own way to the new master may take it a moment more.
    await until(
      'the second service reads keys',
      async () => (await verify(fresh.url, seen[0] ?? '')).status === 200,
    );
    expect(await statusesOf(fresh.url, seen)).toEqual({ 200: seen.length });
    expect(await statusesOf(fresh.url, replaced)).toEqual({ 401: replaced.length });
  });
});

/** Ask whether a service is ready, on and on until disposed. */
function watchReadiness(url: string) {
  const looks: { readonly status: number; readonly at: number }[] = [];
  const ending = new AbortController();
  const look = async () => {
    while (!ending.signal.aborted) {
      const { status } = await fetch(`${url}/readyz`);
      looks.push({ status, at: performance.now() });
      await delay(50);
    }
  };
  const looking = look();
  return {
    looks,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await looking;
    },
  };
}

/** What the loss of a master has cost each kind of request. */
function lossInWords({ answers }: KeyLoad, killedAt: number): string {
  const since = answers.filter(({ at }) => at >= killedAt);
  const share = (asked: Asked) => {
    const own = since.filter((one) => one.asked === asked);
    const failed = own.filter(({ status }) => status === 503);
    const outage = Math.round((failed.at(-1)?.at ?? killedAt) - killedAt);
    return `${failed.length} of ${own.length} ${asked}s failed, the last ${outage} ms after the kill`;
  };
  return (['verification', 'sign-in', 'regeneration'] as const).map(share).join('; ');
}
