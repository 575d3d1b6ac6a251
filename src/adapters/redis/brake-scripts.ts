import { BRAKE_SAMPLE } from '../../ports/leaver-brake.ts';

/** How a brake stands: [may leave, has just taken, checked, absent, held since or 0, released until or 0]. */
export type BrakeReply = [0 | 1, 0 | 1, number, number, number, number];

/**
 * What the brake asks of Redis. KEYS of each: the accounts checked (sorted by time), those absent, and the state
 * (`held`, `released`): of one directory, in one slot.
 */
export interface BrakeScripts {
  /** ARGV: account, window in ms. */
  countChecked(
    checked: string,
    absent: string,
    state: string,
    account: number,
    windowMs: number,
  ): Promise<number>;
  /** ARGV: account or an empty string to count nobody, window in ms, share, at least. */
  countAbsent(
    checked: string,
    absent: string,
    state: string,
    account: number | '',
    windowMs: number,
    share: number,
    atLeast: number,
  ): Promise<BrakeReply>;
  /** ARGV: for how many ms. */
  releaseBrake(checked: string, absent: string, state: string, forMs: number): Promise<number>;
}

const COUNTING = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function count(key, account, window)
  redis.call('ZADD', key, now, account)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
  redis.call('ZREMRANGEBYRANK', key, 0, -${BRAKE_SAMPLE + 1})
  redis.call('PEXPIRE', key, window)
end`;

/** Their Lua, by the name that ioredis gives the command. */
export const brakeScripts: Record<keyof BrakeScripts, { lua: string; numberOfKeys: 3 }> = {
  countChecked: {
    numberOfKeys: 3,
    lua: `${COUNTING}
count(KEYS[1], ARGV[1], tonumber(ARGV[2]))
return 1`,
  },
  countAbsent: {
    numberOfKeys: 3,
    lua: `${COUNTING}
local window = tonumber(ARGV[2])
if ARGV[1] ~= '' then
  count(KEYS[1], ARGV[1], window)
  count(KEYS[2], ARGV[1], window)
end
local since = '(' .. (now - window)
local checked = redis.call('ZCOUNT', KEYS[1], since, '+inf')
if checked == ${BRAKE_SAMPLE} then since = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] end
local absent = redis.call('ZCOUNT', KEYS[2], since, '+inf')
local held = tonumber(redis.call('HGET', KEYS[3], 'held') or '0')
local released = tonumber(redis.call('HGET', KEYS[3], 'released') or '0')
if released <= now then released = 0 end
local taken = 0
if ARGV[1] ~= '' and released == 0 and held == 0 and absent >= tonumber(ARGV[4]) and absent > checked * ARGV[3] then
  held, taken = now, 1
  redis.call('HSET', KEYS[3], 'held', held)
end
return {(released > 0 or held == 0) and 1 or 0, taken, checked, absent, held, released}`,
  },
  releaseBrake: {
    numberOfKeys: 3,
    lua: `${COUNTING}
redis.call('DEL', KEYS[2])
redis.call('HDEL', KEYS[3], 'held')
redis.call('HSET', KEYS[3], 'released', now + ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[1])
return 1`,
  },
};
