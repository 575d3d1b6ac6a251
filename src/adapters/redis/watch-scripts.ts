/** What leases of watches ask of Redis. */
export interface WatchScripts {
  /** ARGV: who, for how many ms, the cursor or an empty string. Gives the cursor that is kept, or nothing where another holds it. */
  holdWatch(key: string, holder: string, forMs: number, cursor: string): Promise<string | null>;
  /** ARGV: who. Gives 1 where they held it. */
  letGoOfWatch(key: string, holder: string): Promise<number>;
}

/** Their Lua, by the name that ioredis gives the command. */
export const watchScripts: Record<keyof WatchScripts, { lua: string; numberOfKeys: 1 }> = {
  holdWatch: {
    numberOfKeys: 1,
    lua: `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'holder', 'until', 'cursor')
if held[1] and held[1] ~= ARGV[1] and tonumber(held[2]) > now then return false end
local cursor = ARGV[3] ~= '' and ARGV[3] or held[3] or ''
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'until', now + ARGV[2], 'cursor', cursor)
return cursor`,
  },
  letGoOfWatch: {
    numberOfKeys: 1,
    lua: `
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', 0)
return 1`,
  },
};
