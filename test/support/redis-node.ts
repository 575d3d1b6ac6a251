import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Certificates } from './certificates.ts';
import { startContainer } from './container-part.ts';
import { freePort } from './free-port.ts';
import type { Part } from './part.ts';
import { startProcess } from './process-part.ts';
import { chosenRedis, type RedisProgramOptions, redisCommand } from './redis-program.ts';

/** One Redis, or Sentinel, of several that know each other: all of them at 127.0.0.1. */
export type RedisNode = Part & {
  readonly port: number;
  /** Where clients are to come: it speaks TLS there, if it was started with certificates. */
  readonly clientPort: number;
  /** Whether it runs and is not paused, as far as this handle was used for that. */
  isUp(): boolean;
  /** Resumes or starts it, where it is paused or does not run. */
  bringUp(): Promise<void>;
  /** Sends it one command over a connection of its own; throws where it has not answered within five seconds. */
  ask(command: string, ...args: (string | number)[]): Promise<unknown>;
};

/** What to run. */
export type RedisNodeOptions = RedisProgramOptions & {
  /** Lines of its configuration, beside its port and its folder. */
  lines: readonly string[];
  isSentinel?: boolean;
  /** The port to listen on; without it, a free one. */
  port?: number;
  /** Speaks TLS with these at `clientPort`, and to whoever it follows; without them, in clear alone. `redis` alone can. */
  tls?: Certificates;
  /** The same for TLS. */
  tlsPort?: number;
};

const ready = /Ready to accept connections|\+monitor master/;

/** The configuration is a file: Sentinels write what they learn into it, and read it again after a restart. */
const withFile =
  '[ -f /data/redis.conf ] || printf "%s\\n" "$@" >/data/redis.conf; exec redis-server /data/redis.conf';

type Files = Readonly<Record<string, string>>;

/** Beside the files of `tlsFiles`, in the folder of the node. */
function tlsLines(port: number): string[] {
  return [
    ...[`tls-port ${port}`, 'tls-cert-file redis.crt', 'tls-key-file redis.key', 'tls-ca-cert-file ca.crt'],
    ...['tls-auth-clients no', 'tls-replication yes'],
  ];
}

function tlsFiles({ ca, good }: Certificates): Files {
  return { 'ca.crt': ca, 'redis.crt': good.cert, 'redis.key': good.key };
}

async function startInContainer(
  lines: readonly string[],
  flags: readonly string[],
  files: Files,
): Promise<Part> {
  return startContainer({
    image: 'redis',
    // They tell each other and their clients their addresses, which have to be those of this machine.
    network: 'host',
    entrypoint: ['sh', '-c', [withFile, ...flags].join(' '), 'sh'],
    args: [...lines, 'dir /data'],
    ports: [],
    files: Object.entries(files).map(([name, content]) => ({ target: `/data/${name}`, content })),
    ready,
  });
}

async function startAsProcess(
  command: string,
  lines: readonly string[],
  flags: readonly string[],
  files: Files,
): Promise<Part> {
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-redis-'));
  const file = join(dir, 'redis.conf');
  await writeFile(file, [...lines, `dir ${dir}`, ''].join('\n'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  const name = flags.includes('--sentinel') ? 'Redis Sentinel' : 'Redis';
  const removeDir = () => rm(dir, { recursive: true, force: true });
  const part = await startProcess({ name, command, args: [file, ...flags], ready }).catch(
    async (error: unknown) => {
      await removeDir();
      throw error;
    },
  );
  return {
    ...part,
    async [Symbol.asyncDispose]() {
      await part[Symbol.asyncDispose]();
      await removeDir();
    },
  };
}

/** Starts one node. Throws, with the server's words, when it does not come up. */
export async function startRedisNode(options: RedisNodeOptions): Promise<RedisNode> {
  const { program, mode } = await chosenRedis(options);
  const port = options.port ?? (await freePort());
  const flags = options.isSentinel ? ['--sentinel'] : [];
  const { tls } = options;
  const tlsPort = tls && (options.tlsPort ?? (await freePort()));
  const lines = [`port ${port}`, 'bind 127.0.0.1', ...(tlsPort ? tlsLines(tlsPort) : []), ...options.lines];
  const files = tls ? tlsFiles(tls) : {};
  const part =
    mode === 'container'
      ? await startInContainer(lines, flags, files)
      : await startAsProcess(redisCommand(program), lines, flags, files);
  let state: 'up' | 'down' | 'paused' = 'up';
  const then = (next: typeof state, step: () => Promise<void>) => async () => {
    if (next !== 'up') state = next;
    await step();
    state = next;
  };
  const node = {
    ...part,
    port,
    clientPort: tlsPort ?? port,
    isUp: () => state === 'up',
    stop: then('down', part.stop),
    kill: then('down', part.kill),
    pause: then('paused', part.pause),
    start: then('up', part.start),
    resume: then('up', part.resume),
    async bringUp() {
      if (state === 'paused') await node.resume();
      if (state === 'down') await node.start();
    },
    ask: (command: string, ...args: (string | number)[]) => ask(port, command, args),
  };
  return node;
}

async function ask(port: number, command: string, args: readonly (string | number)[]): Promise<unknown> {
  const client = new Redis({
    port,
    host: '127.0.0.1',
    retryStrategy: () => null,
    enableReadyCheck: false,
    connectTimeout: 5000,
    commandTimeout: 5000,
  });
  client.on('error', () => {});
  try {
    return await client.call(command, ...args);
  } finally {
    client.disconnect();
  }
}
