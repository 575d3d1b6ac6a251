/** What the registry of secrets asks of Redis, in one key. */
export interface SecretScripts {
  /** ARGV: 1 at a replica's start, else 0; the ids of its ring, the current one first. Gives the id that is registered afterwards. */
  registerSecrets(key: string, isStart: 0 | 1, ...ids: string[]): Promise<string>;
}

/** Its Lua, by the name that ioredis gives the command. */
export const secretScripts: Record<keyof SecretScripts, { lua: string; numberOfKeys: 1 }> = {
  registerSecrets: {
    numberOfKeys: 1,
    lua: `
local registered = redis.call('GET', KEYS[1])
local isIn = false
for at = 2, #ARGV do isIn = isIn or ARGV[at] == registered end
if registered and not (isIn and ARGV[1] == '1') then return registered end
if registered ~= ARGV[2] then redis.call('SET', KEYS[1], ARGV[2]) end
return ARGV[2]`,
  },
};
