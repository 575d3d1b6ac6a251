/** The budget as the scripts take it: attempts, window in ms, until quiet 1|0, familiar attempts, remember in ms. */
export type BudgetNumbers = readonly [
  attempts: number,
  windowMs: number,
  untilQuiet: 0 | 1,
  familiarAttempts: number,
  rememberMs: number,
];

/** What counting attempts asks of Redis. */
export interface AttemptScripts {
  /** ARGV: the budget, HMAC of the address. Gives [granted, familiar, limit, remaining, retry after ms, reset ms]. */
  reserveAttempt(
    key: string,
    ...args: [...BudgetNumbers, address: string]
  ): Promise<[number, number, number, number, number, number]>;
  /** ARGV: `strangers` or `familiar`. */
  releaseAttempt(key: string, kind: string): Promise<number>;
  /** ARGV: HMAC of an address to remember or an empty string, for how many ms. */
  clearAttempts(key: string, address: string, rememberMs: number): Promise<number>;
  /** ARGV: the budget. Gives [used, left, retry after ms] of strangers, and then of familiar addresses. */
  showAttempts(
    key: string,
    ...budget: BudgetNumbers
  ): Promise<[number, number, number, number, number, number]>;
}

/**
 * One hash for each key: `strangers` and `familiar` hold the times of counted attempts, the oldest first;
 * `@` and the HMAC of an address hold when it was remembered.
 */
const TIMES = `
local function times(kind)
  local list = {}
  for at in string.gmatch(redis.call('HGET', KEYS[1], kind) or '', '%d+') do list[#list + 1] = tonumber(at) end
  return list
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function keep(kind, list)
  if #list == 0 then redis.call('HDEL', KEYS[1], kind) return end
  redis.call('HSET', KEYS[1], kind, table.concat(list, ' '))
end
local function lasts(ms)
  if redis.call('PTTL', KEYS[1]) < ms then redis.call('PEXPIRE', KEYS[1], ms) end
end`;

const COUNTING = `${TIMES}
local window, untilQuiet = tonumber(ARGV[2]), ARGV[3] == '1'
local limits = {strangers = tonumber(ARGV[1]), familiar = tonumber(ARGV[4])}
local counted = {strangers = times('strangers'), familiar = times('familiar')}
local latest = math.max(counted.strangers[#counted.strangers] or 0, counted.familiar[#counted.familiar] or 0)
for _, list in pairs(counted) do
  while list[1] and (untilQuiet and latest or list[1]) <= now - window do table.remove(list, 1) end
end
local function wait(kind)
  local list, limit = counted[kind], limits[kind]
  if #list < limit then return 0 end
  return (untilQuiet and latest or list[#list - limit + 1]) + window - now
end`;

/** Their Lua, by the name that ioredis gives the command. */
export const attemptScripts: Record<keyof AttemptScripts, { lua: string; numberOfKeys: 1 }> = {
  reserveAttempt: {
    numberOfKeys: 1,
    lua: `${COUNTING}
local seen = limits.familiar > 0 and ARGV[6] ~= '' and redis.call('HGET', KEYS[1], '@' .. ARGV[6])
local familiar = seen and tonumber(seen) > now - tonumber(ARGV[5])
local kind = familiar and 'familiar' or 'strangers'
local list, limit = counted[kind], limits[kind]
local refused = wait(kind)
if refused > 0 then return {0, familiar and 1 or 0, limit, 0, refused, refused} end
list[#list + 1] = now
latest = now
keep(kind, list)
lasts(window)
return {1, familiar and 1 or 0, limit, limit - #list, wait(kind), window}`,
  },
  releaseAttempt: {
    numberOfKeys: 1,
    lua: `${TIMES}
local list = times(ARGV[1])
table.remove(list)
keep(ARGV[1], list)
return #list`,
  },
  clearAttempts: {
    numberOfKeys: 1,
    lua: `${TIMES}
redis.call('HDEL', KEYS[1], 'strangers', 'familiar')
local address, remember = '@' .. ARGV[1], tonumber(ARGV[2])
if ARGV[1] == '' then return 0 end
local seen = redis.call('HGET', KEYS[1], address)
-- A day's precision is enough for being familiar, and spares a write at most sign-ins.
if seen and tonumber(seen) > now - math.min(86400000, remember / 2) then return 0 end
redis.call('HSET', KEYS[1], address, now)
lasts(remember)
local known, fields = {}, redis.call('HGETALL', KEYS[1])
for at = 1, #fields, 2 do known[#known + 1] = {fields[at], tonumber(fields[at + 1])} end
table.sort(known, function(one, other)
  if one[2] ~= other[2] then return one[2] > other[2] end
  return one[1] == address and other[1] ~= address
end)
for at = 21, #known do redis.call('HDEL', KEYS[1], known[at][1]) end
return 1`,
  },
  showAttempts: {
    numberOfKeys: 1,
    lua: `${COUNTING}
local function left(kind) return math.max(0, limits[kind] - #counted[kind]) end
local reply = {}
for _, kind in ipairs({'strangers', 'familiar'}) do
  reply[#reply + 1] = #counted[kind]
  reply[#reply + 1] = left(kind)
  reply[#reply + 1] = limits[kind] > 0 and wait(kind) or 0
end
return reply`,
  },
};
