import { type AttemptScripts, attemptScripts } from './attempt-scripts.ts';

/**
 * The changes that take more than one step. Each touches one key, so that it is atomic on any kind of
 * Redis, and writes by Redis's clock, so that replicas with clocks of their own agree.
 */
export interface Scripts extends AttemptScripts {
  /** ARGV: first second of the ids, in seconds since 1970. Gives the new id. */
  nextAccountId(key: string, epoch: number): Promise<number>;
  /** ARGV: field, value, … Gives 1 where the record was written, 0 where there was one. */
  createAccount(key: string, ...fields: string[]): Promise<number>;
  /** ARGV: id, and the id that may be replaced or an empty string. Gives what the pointer holds afterwards. */
  pointEntry(key: string, id: number, instead: number | ''): Promise<string>;
  /** ARGV: the nonce expected, the field `key` anew. Gives 1 where the key was minted. */
  mintKey(key: string, nonce: string, minted: string): Promise<number>;
  /** ARGV: the field `owner` anew. Gives 1 where there is a record. */
  updateOwner(key: string, owner: string): Promise<number>;
}

/** The scripts' Lua, by the name that ioredis gives the command. */
export const scripts: Record<keyof Scripts, { lua: string; numberOfKeys: 1 }> = {
  ...attemptScripts,
  nextAccountId: {
    numberOfKeys: 1,
    lua: `
local last = tonumber(redis.call('GET', KEYS[1]) or '0')
local id = math.max(last + 1, redis.call('TIME')[1] - ARGV[1])
redis.call('SET', KEYS[1], id)
return id`,
  },
  createAccount: {
    numberOfKeys: 1,
    lua: `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1`,
  },
  pointEntry: {
    numberOfKeys: 1,
    lua: `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[2] then return held end
redis.call('SET', KEYS[1], ARGV[1])
return ARGV[1]`,
  },
  mintKey: {
    numberOfKeys: 1,
    lua: `
local key = redis.call('HGET', KEYS[1], 'key')
if not key or string.sub(key, 1, string.len(ARGV[1])) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'key', ARGV[2])
return 1`,
  },
  updateOwner: {
    numberOfKeys: 1,
    lua: `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[1])
return 1`,
  },
};
