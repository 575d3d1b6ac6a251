import { existsSync } from 'node:fs';
import { type PartsMode, partsMode } from './parts.ts';
import { inRepository } from './repository.ts';

/** A server that speaks Redis's protocol: `redis` is this machine's own, or that of the container image. */
export type RedisProgram = 'redis' | 'redis-8.2' | 'valkey-9.1';

const COMMANDS: Readonly<Record<RedisProgram, string>> = {
  redis: 'redis-server',
  'redis-8.2': inRepository('node_modules/.cache/redis-8.2/redis-server'),
  'valkey-9.1': inRepository('node_modules/.cache/valkey-9.1/valkey-server'),
};

/** All that the tests know. */
export const REDIS_PROGRAMS = Object.keys(COMMANDS) as readonly RedisProgram[];

/** Which server to run, and where. */
export type RedisProgramOptions = {
  /** Without it, that of LATCHKEY_TEST_REDIS, else `redis`. */
  program?: RedisProgram;
  /** Where to run it; without it, where `partsMode` says. All but `redis` run as processes. */
  mode?: PartsMode;
};

/** The same, decided. Throws where LATCHKEY_TEST_REDIS names no server. */
export async function chosenRedis(options: RedisProgramOptions): Promise<Required<RedisProgramOptions>> {
  const program = options.program ?? wishedRedisProgram() ?? 'redis';
  return { program, mode: program === 'redis' ? (options.mode ?? (await partsMode())) : 'process' };
}

/** That of LATCHKEY_TEST_REDIS; `undefined` where it is not set. Throws where it names none. */
export function wishedRedisProgram(): RedisProgram | undefined {
  const wish = process.env['LATCHKEY_TEST_REDIS'];
  if (!wish) return undefined;
  const known = REDIS_PROGRAMS.find((name) => name === wish);
  if (!known) throw new Error(`LATCHKEY_TEST_REDIS=${wish} is none of ${REDIS_PROGRAMS.join(', ')}`);
  return known;
}

/** Whether a program that scripts/set-up.sh brings is there; always, of the machine's own. */
export function isThere(program: RedisProgram): boolean {
  return program === 'redis' || existsSync(COMMANDS[program]);
}

/** The command that runs it. Throws, with what to do, where scripts/set-up.sh has not brought it. */
export function redisCommand(program: RedisProgram): string {
  if (!isThere(program)) throw new Error(`no ${program} here: run sh scripts/set-up.sh ${program}`);
  return COMMANDS[program];
}
