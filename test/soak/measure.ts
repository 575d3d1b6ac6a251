import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { openInspector } from './inspector.ts';
import type { Replica } from './replica.ts';
import type { World } from './world.ts';

/** What is open and alive, by what it is called; a number that the machine does not tell is missing. */
export type Measures = Readonly<Record<string, number>>;

/** The ports of what the service connects to. */
interface Ports {
  readonly ldap: number;
  readonly redis: number;
}

/** Look into each replica once, after collecting garbage, and at what it is connected to. */
export async function measure({ replicas, ldapProxy, redis }: World): Promise<Measures> {
  const measures: Record<string, number> = {};
  for (const replica of replicas) {
    const ports = { ldap: ldapProxy.port, redis: replica.redisProxy.port };
    for (const [name, value] of Object.entries(await measureReplica(replica, ports))) {
      measures[`${replica.name}: ${name}`] = value;
    }
  }
  return {
    ...measures,
    'connections of slapd': ldapProxy.openConnections(),
    ...(await measureRedis(redis.url)),
  };
}

const TIMER =
  '(() => { const t = setTimeout(() => {}, 0); clearTimeout(t); return Object.getPrototypeOf(t); })()';
const SOCKET = "process.getBuiltinModule('node:net').Socket.prototype";

async function measureReplica(replica: Replica, { ldap, redis }: Ports): Promise<Measures> {
  const service = replica.process();
  using inspector = await openInspector(service);
  const { ofAll, evaluate, collectGarbage } = inspector;
  const count = (prototype: string) => ofAll<number>(prototype, 'all => all.length');
  const peers = await ofAll<(number | null)[]>(
    SOCKET,
    'all => all.filter(s => !s.destroyed).map(s => s.remotePort)',
  );
  const to = (port: number) => peers.filter((peer) => peer === port).length;
  const counts = {
    timers: await ofAll<number>(TIMER, 'all => all.filter(t => !t._destroyed).length'),
    'sockets to slapd': to(ldap),
    'sockets to Redis': to(redis),
    'other sockets': peers.length - to(ldap) - to(redis),
    promises: await count('Promise.prototype'),
    'abort signals': await count('AbortSignal.prototype'),
    functions: await count('Function.prototype'),
    objects: await count('Object.prototype'),
  };
  await collectGarbage();
  await collectGarbage();
  const memory = await evaluate<NodeJS.MemoryUsage>('process.memoryUsage()');
  return {
    ...counts,
    'heap, KiB': Math.round(memory.heapUsed / 1024),
    'outside the heap, KiB': Math.round(memory.external / 1024),
    'resident, KiB': Math.round(memory.rss / 1024),
    ...ofProcess(service.pid),
  };
}

/** What Linux tells of a process. */
function ofProcess(pid: number): Measures {
  const folder = `/proc/${pid}`;
  if (!existsSync(folder)) return {};
  const threads = /^Threads:\s+(\d+)$/m.exec(readFileSync(`${folder}/status`, 'latin1'))?.[1];
  return { 'file descriptors': readdirSync(`${folder}/fd`).length, threads: Number(threads) };
}

async function measureRedis(url: string): Promise<Measures> {
  const client = new Redis(url);
  try {
    const list = await client.call('CLIENT', 'LIST');
    const clients = String(list).trim().split('\n').length - 1;
    return { 'clients of Redis': clients, 'keys in Redis': await client.dbsize() };
  } finally {
    client.disconnect();
  }
}
