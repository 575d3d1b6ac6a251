import { NOW } from './account-scripts.ts';

/** What a change marks the record with until replicas have it: another for each change. Empty: nothing is marked. */
type Mark = string;

/** What the mark of a record begins with whose pointer may be lost too: only who has waited for both takes it away. */
export const NEW_MARK = 'new-';

/**
 * The changes to accounts that replicas have to acknowledge, and how that is kept: each marks the record in the same
 * step. Each touches one key, as those of `accountScripts`.
 */
export interface MarkedScripts {
  /** ARGV: the nonce expected or an empty string for no key, the field `key` anew, mark. Gives 1 where the key was minted. */
  mintKey(key: string, nonce: string, minted: string, mark: Mark): Promise<number>;
  /**
   * ARGV: mark. Gives 1 where there was a key. Gives 2 where there was none and that is not acknowledged: the record is
   * marked anew.
   */
  revokeKey(key: string, mark: Mark): Promise<number>;
  /** ARGV: mark. Gives 1 where there is a record. */
  stopAccount(key: string, mark: Mark): Promise<number>;
  /** ARGV: mark. Gives 1 where there is a record. */
  restoreAccount(key: string, mark: Mark): Promise<number>;
  /**
   * Writes the mark of a record again, so that a WAIT behind it covers the record. ARGV: the nonce expected or an empty
   * string for no key. Gives the mark, an empty string where there is none; null: no such record, or with another key.
   */
  touchAccount(key: string, nonce: string): Promise<string | null>;
  /** The same for the pointer to it. ARGV: the id expected. Gives 1 where the pointer holds it. */
  touchPointer(key: string, id: number): Promise<number>;
  /** Takes the mark away where it is still that of ARGV. Gives 1 where it was. */
  settleAccount(key: string, mark: Mark): Promise<number>;
}

const MARK = `
local function mark(as)
  if as == '' then return end
  local held = redis.call('HGET', KEYS[1], 'pending') or ''
  if string.sub(held, 1, ${NEW_MARK.length}) == '${NEW_MARK}' then as = '${NEW_MARK}' .. as end
  redis.call('HSET', KEYS[1], 'pending', as)
end`;

/** Their Lua, by the name that ioredis gives the command. */
export const markedScripts: Record<keyof MarkedScripts, { lua: string; numberOfKeys: 1 }> = {
  mintKey: {
    numberOfKeys: 1,
    lua: `${MARK}
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local key = redis.call('HGET', KEYS[1], 'key') or ''
local nonce = string.match(key, '^%x+') or ''
if nonce ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'key', ARGV[2])
mark(ARGV[3])
return 1`,
  },
  revokeKey: {
    numberOfKeys: 1,
    lua: `${MARK}
local had = redis.call('HDEL', KEYS[1], 'key')
if had == 0 and (ARGV[1] == '' or redis.call('HEXISTS', KEYS[1], 'pending') == 0) then return 0 end
mark(ARGV[1])
return 2 - had`,
  },
  stopAccount: {
    numberOfKeys: 1,
    lua: `${NOW}${MARK}
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'stopped', ms(now))
redis.call('PERSIST', KEYS[1])
mark(ARGV[1])
return 1`,
  },
  restoreAccount: {
    numberOfKeys: 1,
    lua: `${MARK}
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HDEL', KEYS[1], 'suspension', 'stopped', 'check')
redis.call('PERSIST', KEYS[1])
mark(ARGV[1])
return 1`,
  },
  touchAccount: {
    numberOfKeys: 1,
    lua: `
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local key = redis.call('HGET', KEYS[1], 'key') or ''
if (string.match(key, '^%x+') or '') ~= ARGV[1] then return false end
local mark = redis.call('HGET', KEYS[1], 'pending')
if mark then redis.call('HSET', KEYS[1], 'pending', mark) end
return mark or ''`,
  },
  touchPointer: {
    numberOfKeys: 1,
    lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1`,
  },
  settleAccount: {
    numberOfKeys: 1,
    lua: `
if redis.call('HGET', KEYS[1], 'pending') ~= ARGV[1] then return 0 end
return redis.call('HDEL', KEYS[1], 'pending')`,
  },
};
