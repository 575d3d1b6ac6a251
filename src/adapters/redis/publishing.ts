/** Lua by the name that ioredis gives the command. */
type Commands<Name extends string> = Record<Name, { readonly lua: string; readonly numberOfKeys: number }>;

/**
 * The same scripts, which also publish the id of the account whose record their key is, for `publishedNews`: every server
 * of a Cluster passes it on. The message and the change are one step.
 */
export function publishing<Name extends string>(scripts: Commands<Name>): Commands<Name> {
  const commands = Object.entries<Commands<Name>[Name]>(scripts).map(([name, { lua, numberOfKeys }]) => [
    name,
    { numberOfKeys, lua: thenPublish(lua) },
  ]);
  return Object.fromEntries(commands) as Commands<Name>;
}

function thenPublish(lua: string): string {
  return `
local function change()
${lua}
end
local reply = change()
local name, id = string.match(KEYS[1], '^(.*account):(%d+)$')
if id then redis.call('PUBLISH', name .. '-changed', id) end
return reply`;
}
