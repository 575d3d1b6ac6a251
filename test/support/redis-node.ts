import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startContainer } from './container-part.ts';
import { freePort } from './free-port.ts';
import type { Part } from './part.ts';
import { type PartsMode, partsMode } from './parts.ts';
import { startProcess } from './process-part.ts';

/** One Redis, or Sentinel, of several that know each other: all of them at 127.0.0.1. */
export type RedisNode = Part & {
  readonly port: number;
  /** Whether it runs and is not paused, as far as this handle was used for that. */
  isUp(): boolean;
  /** Resumes or starts it, where it is paused or does not run. */
  bringUp(): Promise<void>;
  /** Sends it one command over a connection of its own; throws where it has not answered within a second. */
  ask(command: string, ...args: (string | number)[]): Promise<unknown>;
};

/** What to run. */
export type RedisNodeOptions = {
  /** Lines of its configuration, beside its port and its folder. */
  lines: readonly string[];
  isSentinel?: boolean;
  /** The port to listen on; without it, a free one. */
  port?: number;
  mode?: PartsMode;
};

const ready = /Ready to accept connections|\+monitor master/;

/** The configuration is a file: Sentinels write what they learn into it, and read it again after a restart. */
const withFile =
  '[ -f /data/redis.conf ] || printf "%s\\n" "$@" >/data/redis.conf; exec redis-server /data/redis.conf';

async function startInContainer(lines: readonly string[], flags: readonly string[]): Promise<Part> {
  return startContainer({
    image: 'redis',
    // They tell each other and their clients their addresses, which have to be those of this machine.
    network: 'host',
    entrypoint: ['sh', '-c', [withFile, ...flags].join(' '), 'sh'],
    args: [...lines, 'dir /data'],
    ports: [],
    ready,
  });
}

async function startAsProcess(lines: readonly string[], flags: readonly string[]): Promise<Part> {
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-redis-'));
  const file = join(dir, 'redis.conf');
  await writeFile(file, [...lines, `dir ${dir}`, ''].join('\n'));
  const part = await startProcess({ command: 'redis-server', args: [file, ...flags], ready });
  return {
    ...part,
    async [Symbol.asyncDispose]() {
      await part[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Starts one node. Throws, with the server's words, when it does not come up. */
export async function startRedisNode(options: RedisNodeOptions): Promise<RedisNode> {
  const mode = options.mode ?? (await partsMode());
  const port = options.port ?? (await freePort());
  const start = mode === 'container' ? startInContainer : startAsProcess;
  const flags = options.isSentinel ? ['--sentinel'] : [];
  const part = await start([`port ${port}`, 'bind 127.0.0.1', ...options.lines], flags);
  let state: 'up' | 'down' | 'paused' = 'up';
  const then = (next: typeof state, step: () => Promise<void>) => async () => {
    if (next !== 'up') state = next;
    await step();
    state = next;
  };
  const node = {
    ...part,
    port,
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
    connectTimeout: 1000,
    commandTimeout: 1000,
  });
  client.on('error', () => {});
  try {
    return await client.call(command, ...args);
  } finally {
    client.disconnect();
  }
}
