import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startContainer } from './container-part.ts';
import { freePort } from './free-port.ts';
import type { Part } from './part.ts';
import { startProcess } from './process-part.ts';
import { chosenRedis, type RedisProgramOptions, redisCommand } from './redis-program.ts';

/** A running Redis. */
export type RedisServer = Part & {
  /** redis://127.0.0.1:port */
  readonly url: string;
  readonly port: number;
  /** Makes Redis save, and gives the content of every file that it keeps. */
  files(): Promise<Buffer[]>;
};

/** What may differ from a Redis that saves only when it is stopped in good order. */
export type RedisServerOptions = RedisProgramOptions & {
  /** Whether each write is in a file (fsync) before it is answered; false without it. */
  appendOnly?: boolean;
};

type Stored = Part & { files(): Promise<Buffer[]> };

const ready = /Ready to accept connections/;

function persistence(appendOnly: boolean): string[] {
  const appending = appendOnly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  return [...appending, '--save', '3600 1'];
}

async function save(port: number): Promise<void> {
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => null });
  try {
    await client.save();
  } finally {
    client.disconnect();
  }
}

async function startInContainer(port: number, args: string[]): Promise<Stored> {
  const part = await startContainer({
    image: 'redis',
    ports: [{ container: 6379, host: port }],
    args,
    ready,
  });
  return {
    ...part,
    async files() {
      await save(port);
      const everyFile = 'find /data -type f -exec base64 -w0 {} \\; -exec echo \\;';
      const lines = (await part.exec(['sh', '-c', everyFile])).trim().split('\n');
      return lines.map((line) => Buffer.from(line, 'base64'));
    },
  };
}

async function startAsProcess(command: string, port: number, args: string[]): Promise<Stored> {
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-redis-'));
  const removeDir = () => rm(dir, { recursive: true, force: true });
  const part = await startProcess({
    name: 'Redis',
    command,
    args: ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, ...args],
    ready,
  }).catch(async (error: unknown) => {
    await removeDir();
    throw error;
  });
  return {
    ...part,
    async files() {
      await save(port);
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))));
    },
    async [Symbol.asyncDispose]() {
      await part[Symbol.asyncDispose]();
      await removeDir();
    },
  };
}

/** Starts a Redis of its own on a free port. Throws, with the server's words, when it does not come up. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { program, mode } = await chosenRedis(options);
  const port = await freePort();
  const args = persistence(options.appendOnly ?? false);
  const stored =
    mode === 'container'
      ? await startInContainer(port, args)
      : await startAsProcess(redisCommand(program), port, args);
  return { ...stored, port, url: `redis://127.0.0.1:${port}` };
}
