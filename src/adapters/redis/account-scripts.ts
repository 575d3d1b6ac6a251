/** Whether the check has turned the account, and its hash as field, value, …; nothing where there is no record. */
export type CheckReply = [hasTurned: 0 | 1, hash: string[]] | [];

/**
 * The changes to accounts that take more than one step. Each touches one key, so that it is atomic on any kind of
 * Redis, and writes by Redis's clock, so that replicas with clocks of their own agree.
 */
export interface AccountScripts {
  /** ARGV: first second of the ids, in seconds since 1970. Gives the new id. */
  nextAccountId(key: string, epoch: number): Promise<number>;
  /** ARGV: the server of the check that is now, the owner's text, then field, value, … Gives 1 where it was written, 0 where there was a record. */
  createAccount(key: string, server: string, owner: string, ...fields: string[]): Promise<number>;
  /** ARGV: id, and the id that may be replaced or an empty string. Gives what the pointer holds afterwards. */
  pointEntry(key: string, id: number, instead: number | ''): Promise<string>;
  /** ARGV: the id that the pointer may hold. Gives 1 where it was removed. */
  unpointEntry(key: string, id: number): Promise<number>;
  /** ARGV: the owner's text anew. Gives 1 where there is a record. */
  updateOwner(key: string, owner: string): Promise<number>;
  /** ARGV: server, ms since it was asked, ms until any server may restore, the owner's text anew or an empty string. */
  confirmAccount(
    key: string,
    server: string,
    elapsedMs: number,
    restoreAfterMs: number,
    owner: string,
  ): Promise<CheckReply>;
  /** ARGV: server, ms since it was asked, reason, ms until the record is forgotten or an empty string. */
  suspendAccount(
    key: string,
    server: string,
    elapsedMs: number,
    reason: string,
    forgetAfterMs: number | '',
  ): Promise<CheckReply>;
  /** Gives 1 where there was a record. */
  removeAccount(key: string): Promise<number>;
}

/** Redis' clock, in milliseconds since 1970. */
export const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function ms(number) return string.format('%.0f', number) end`;

/** In pieces that leave the hash in one piece of memory; those that are left of a longer text go. */
const OWNER = `
local function writeOwner(text)
  local piece = 0
  for at = 1, #text, 64 do
    piece = piece + 1
    redis.call('HSET', KEYS[1], 'owner' .. piece, string.sub(text, at, at + 63))
  end
  repeat piece = piece + 1 until redis.call('HDEL', KEYS[1], 'owner' .. piece) == 0
end`;

const STANDING = `${NOW}
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
local server, at = ARGV[1], now - tonumber(ARGV[2])
local checkedAt, checkedBy = string.match(redis.call('HGET', KEYS[1], 'check') or '', '^(%d+) (.*)$')
local suspendedAt, _, suspendedBy = string.match(redis.call('HGET', KEYS[1], 'suspension') or '', '^(%d+) (%S+) (.*)$')
checkedAt, suspendedAt = tonumber(checkedAt), tonumber(suspendedAt)
-- A time in the future was written by a clock that was wrong.
local function checked()
  if checkedAt and checkedAt > at and checkedAt <= now then return end
  redis.call('HSET', KEYS[1], 'check', ms(at) .. ' ' .. server)
end`;

/** Their Lua, by the name that ioredis gives the command. */
export const accountScripts: Record<keyof AccountScripts, { lua: string; numberOfKeys: 1 }> = {
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
    lua: `${NOW}${OWNER}
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'check', ms(now) .. ' ' .. ARGV[1], unpack(ARGV, 3))
writeOwner(ARGV[2])
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
  unpointEntry: {
    numberOfKeys: 1,
    lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`,
  },
  updateOwner: {
    numberOfKeys: 1,
    lua: `${OWNER}
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
writeOwner(ARGV[1])
return 1`,
  },
  confirmAccount: {
    numberOfKeys: 1,
    lua: `${STANDING}${OWNER}
checked()
if ARGV[4] ~= '' then writeOwner(ARGV[4]) end
local isLifted = suspendedAt and at > suspendedAt and (server == suspendedBy or now - suspendedAt >= tonumber(ARGV[3]))
if isLifted then
  redis.call('HDEL', KEYS[1], 'suspension')
  redis.call('PERSIST', KEYS[1])
end
return {isLifted and 1 or 0, redis.call('HGETALL', KEYS[1])}`,
  },
  suspendAccount: {
    numberOfKeys: 1,
    lua: `${STANDING}
local wasLetInSince = not suspendedAt and checkedBy == server and checkedAt and checkedAt > at and checkedAt <= now
if not wasLetInSince then
  checked()
  redis.call('HSET', KEYS[1], 'suspension', ms(at) .. ' ' .. ARGV[3] .. ' ' .. server)
  -- Forgotten with its record, an operator's suspension would be lifted by the next sign-in.
  local isForgotten = not suspendedAt and ARGV[4] ~= '' and redis.call('HEXISTS', KEYS[1], 'stopped') == 0
  if isForgotten then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
end
return {(suspendedAt or wasLetInSince) and 0 or 1, redis.call('HGETALL', KEYS[1])}`,
  },
  removeAccount: {
    numberOfKeys: 1,
    lua: `return redis.call('DEL', KEYS[1])`,
  },
};
