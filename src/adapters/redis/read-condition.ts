import { type Redis, ReplyError } from 'ioredis';
import { mastersOf, type RedisClient } from './client.ts';

/** A replica as its master sees it. */
export interface ReplicaCondition {
  /** `host:port`. */
  readonly server: string;
  /** Redis's word; `online`: it has all that its master had, and is sent every change. */
  readonly state: string;
  /** Since it last said how far it has come, in seconds: mostly below 2. */
  readonly lagSeconds: number;
}

/** How a master keeps what it is told, as it says itself. */
export interface MasterCondition {
  /** `host:port`. */
  readonly server: string;
  /** `maxmemory-policy`. */
  readonly policy: string;
  /** `maxmemory` in bytes; 0: the machine is the bound. */
  readonly maxBytes: number;
  /** What counts against it, in bytes. */
  readonly usedBytes: number;
  /** `appendonly`. */
  readonly appends: boolean;
  /** `appendfsync`; `undefined`: CONFIG is not permitted. */
  readonly appendSync: string | undefined;
  /** `save`; empty: no snapshots; `undefined`: CONFIG is not permitted. */
  readonly snapshots: string | undefined;
  /** Whether it could write its append-only file the last time it tried. */
  readonly couldAppend: boolean;
  /** Whether its last snapshot came off. */
  readonly couldSnapshot: boolean;
  readonly replicas: readonly ReplicaCondition[];
  /** Whether `min-replicas-to-write` is set. */
  readonly demandsReplicas: boolean;
}

/** A master that does not say. */
export interface UntoldCondition {
  readonly server: string;
  /** Redis's answer to INFO. */
  readonly refusal: string;
}

/** Every master's: several on a Cluster. */
export type RedisCondition = readonly (MasterCondition | UntoldCondition)[];

/**
 * Ask every master how it is set and what state it is in: by INFO, and by CONFIG GET where that is permitted.
 * Throws where one does not answer.
 * @param asksConfig false: as if CONFIG were not permitted
 */
export function readCondition(client: RedisClient, asksConfig = true): Promise<RedisCondition> {
  return Promise.all(mastersOf(client).map((master) => readMaster(master, asksConfig)));
}

/** Whether a master says how it is set. */
export function isTold(condition: MasterCondition | UntoldCondition): condition is MasterCondition {
  return 'policy' in condition;
}

async function readMaster(master: Redis, asksConfig: boolean): Promise<MasterCondition | UntoldCondition> {
  const server = addressOf(master);
  const [told, appendSync, snapshots] = await Promise.all([
    unlessRefused(master.info()),
    ...(['appendfsync', 'save'] as const).map((name) => (asksConfig ? setting(master, name) : undefined)),
  ]);
  if ('refusal' in told) return { server, refusal: told.refusal };
  return { server, appendSync, snapshots, ...readTold(told.reply) };
}

function readTold(told: string): Omit<MasterCondition, 'server' | 'appendSync' | 'snapshots'> {
  const field = (name: string) => new RegExp(`^${name}:(\\S*)`, 'm').exec(told)?.[1] ?? '';
  const number = (name: string) => Number(field(name) || 0);
  return {
    policy: field('maxmemory_policy'),
    maxBytes: number('maxmemory'),
    usedBytes: number('used_memory') - number('mem_not_counted_for_evict'),
    appends: field('aof_enabled') === '1',
    couldAppend: field('aof_last_write_status') !== 'err',
    couldSnapshot: field('rdb_last_bgsave_status') !== 'err',
    replicas: [...told.matchAll(/^slave\d+:(\S+)/gm)].map(([, line = '']) => readReplica(line)),
    // There only where it is set.
    demandsReplicas: field('min_slaves_good_slaves') !== '',
  };
}

/** `ip=…,port=…,state=…,offset=…,lag=…` */
function readReplica(line: string): ReplicaCondition {
  const fields = new Map(line.split(',').map((pair) => pair.split('=') as [string, string]));
  return {
    server: `${fields.get('ip')}:${fields.get('port')}`,
    state: fields.get('state') ?? 'unknown',
    lagSeconds: Number(fields.get('lag') ?? 0),
  };
}

/** A setting of the server; `undefined` where it does not tell, as services often do not. */
async function setting(master: Redis, name: string): Promise<string | undefined> {
  const told = await unlessRefused(master.config('GET', name));
  return 'reply' in told ? (told.reply as readonly string[])[1] : undefined;
}

async function unlessRefused<T>(answer: Promise<T>): Promise<{ reply: T } | { refusal: string }> {
  try {
    return { reply: await answer };
  } catch (failure) {
    if (failure instanceof ReplyError) return { refusal: (failure as Error).message };
    throw failure;
  }
}

/** Where a connection leads: behind Sentinels to whoever is the master now. */
function addressOf({ options, stream }: Redis): string {
  const { remoteAddress, remotePort } = stream;
  return 'sentinels' in options && options.sentinels
    ? `${remoteAddress}:${remotePort}`
    : `${options.host}:${options.port}`;
}
