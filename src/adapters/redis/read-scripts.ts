/** What is read in one step and changes nothing: on a Cluster nobody is told of it. */
export interface ReadScripts {
  /**
   * A hash as field, value, …, with a zero byte between two of them; an empty string where there is none. A client takes
   * half as long for one text as for the list that HGETALL gives, and every verification may be one.
   */
  readHash(key: string): Promise<string>;
}

/** Their Lua, by the name that ioredis gives the command. */
export const readScripts: Record<keyof ReadScripts, { lua: string; numberOfKeys: 1 }> = {
  readHash: {
    numberOfKeys: 1,
    lua: `return table.concat(redis.call('HGETALL', KEYS[1]), '\\0')`,
  },
};
