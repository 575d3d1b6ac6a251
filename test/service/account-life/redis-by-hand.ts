import type { RedisClient } from '../../../src/adapters/redis/client.ts';

/** Every key, field, member and value. */
const ALL_TEXT = `
local texts = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  texts[#texts + 1] = key
  local kind = redis.call('TYPE', key).ok
  local read = ({
    string = { 'GET', key }, hash = { 'HGETALL', key }, list = { 'LRANGE', key, 0, -1 }, set = { 'SMEMBERS', key },
    zset = { 'ZRANGE', key, 0, -1 }
  })[kind]
  local held = redis.call(unpack(read))
  for _, text in ipairs(type(held) == 'table' and held or { held }) do texts[#texts + 1] = text end
end
return texts`;

/** The times of an account, all of them so much earlier, and the moment at which it is forgotten. */
const AGE = `
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
  local ms = tonumber(ARGV[2])
  local function earlier(text) return string.format('%.0f', tonumber(text) - ms) end
  for _, field in ipairs({ 'check', 'suspension', 'stopped' }) do
    local text = redis.call('HGET', key, field)
    if text then redis.call('HSET', key, field, (string.gsub(text, '^%d+', earlier))) end
  end
  local minted = redis.call('HGET', key, 'key')
  if minted then redis.call('HSET', key, 'key', (string.gsub(minted, '%d+$', earlier))) end
  local left = redis.call('PTTL', key)
  if left >= 0 then redis.call('PEXPIRE', key, left - ms) end
end`;

/** Everything that is kept, as text. */
export async function allText(redis: RedisClient): Promise<string[]> {
  return (await redis.eval(ALL_TEXT, 0)) as string[];
}

/** Let time pass for all accounts: Redis's own clock cannot be moved. @param ms in milliseconds */
export async function ageAccounts(redis: RedisClient, ms: number): Promise<void> {
  await redis.eval(AGE, 0, `${redis.options.keyPrefix}account:`, ms);
}
