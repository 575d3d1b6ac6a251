/** A command as a client of Redis sends it: as it came, and its words. */
export type RedisCommand = { readonly bytes: Buffer; readonly words: readonly string[] };

const CRLF = '\r\n';

/**
 * Reads the commands that a client sends over one connection (RESP: arrays of bulk strings). Gives a function that takes
 * the next piece of the stream and gives the commands that it completes; it throws at what is no such array.
 */
export function createCommandReader(): (piece: Buffer) => RedisCommand[] {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    rest = Buffer.concat([rest, piece]);
    const commands: RedisCommand[] = [];
    for (let command = firstOf(rest); command; command = firstOf(rest)) {
      commands.push(command);
      rest = rest.subarray(command.bytes.length);
    }
    return commands;
  };
}

/** `undefined`: it is not all there yet. */
function firstOf(stream: Buffer): RedisCommand | undefined {
  let at = 0;
  const number = (sign: string): number | undefined => {
    const end = stream.indexOf(CRLF, at);
    if (end < 0) return undefined;
    const line = stream.toString('latin1', at, end);
    if (!line.startsWith(sign)) throw new Error(`no command of Redis: ${line}`);
    at = end + CRLF.length;
    return Number(line.slice(1));
  };
  const count = number('*');
  if (count === undefined) return undefined;
  const words: string[] = [];
  while (words.length < count) {
    const length = number('$');
    if (length === undefined || stream.length < at + length + CRLF.length) return undefined;
    words.push(stream.toString('utf8', at, at + length));
    at += length + CRLF.length;
  }
  return { bytes: stream.subarray(0, at), words };
}
