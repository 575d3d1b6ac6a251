/**
 * The changes that take more than one step. Each touches one key, so that it is atomic on any kind of
 * Redis, and writes by Redis's clock, so that replicas with clocks of their own agree.
 */
export interface Scripts {
  /** ARGV: attempts, window in ms. Gives [granted 1|0, remaining, retry after ms, reset ms]. */
  reserveAttempt(key: string, attempts: number, windowMs: number): Promise<[number, number, number, number]>;
  /** ARGV: first second of the ids, in seconds since 1970. Gives the new id. */
  nextAccountId(key: string, epoch: number): Promise<number>;
  /** ARGV: field, value, … Gives 1 where the record was written, 0 where there was one. */
  createAccount(key: string, ...fields: (string | number)[]): Promise<number>;
  /** ARGV: id, and the id that may be replaced or an empty string. Gives what the pointer holds afterwards. */
  pointEntry(key: string, id: number, instead: number | ''): Promise<string>;
  /** ARGV: the nonce expected, then field, value, … Gives 1 where the key was minted. */
  mintKey(key: string, nonce: string, ...fields: (string | number)[]): Promise<number>;
  /** ARGV: field, value, … Gives 1 where there is a record. */
  updateOwner(key: string, ...fields: (string | number)[]): Promise<number>;
}

/** The scripts' Lua, by the name that ioredis gives the command. */
export const scripts: Record<keyof Scripts, { lua: string; numberOfKeys: 1 }> = {
  // A list of the times of counted attempts, the oldest first: at most `attempts` of them.
  reserveAttempt: {
    numberOfKeys: 1,
    lua: `
local attempts, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local counted = redis.call('LRANGE', KEYS[1], -attempts, -1)
local live = 0
for _, at in ipairs(counted) do
  if tonumber(at) > now - window then live = live + 1 end
end
if live >= attempts then
  local wait = tonumber(counted[1]) + window - now
  return {0, 0, wait, wait}
end
redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], -(live + 1), -1)
redis.call('PEXPIRE', KEYS[1], window)
local left = attempts - live - 1
local oldest = live > 0 and tonumber(counted[#counted - live + 1]) or now
return {1, left, left > 0 and 0 or oldest + window - now, window}`,
  },
  nextAccountId: {
    numberOfKeys: 1,
    lua: `
local last = tonumber(redis.call('GET', KEYS[1]) or '0')
local id = math.max(last + 1, redis.call('TIME')[1] - ARGV[1])
redis.call('SET', KEYS[1], string.format('%.0f', id))
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
if redis.call('HGET', KEYS[1], 'nonce') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return 1`,
  },
  updateOwner: {
    numberOfKeys: 1,
    lua: `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1`,
  },
};
