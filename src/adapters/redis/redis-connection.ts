import { type Command, Redis, type RedisOptions } from 'ioredis';
import { writeOnceATurn } from '../write-once-a-turn.ts';

/**
 * A connection that writes what one turn of the event loop sends in one piece, in the order in which it was
 * sent. ioredis' own auto-pipelining does the former only: scripts would overtake the commands that wait in it.
 */
export class RedisConnection extends Redis {
  readonly #commandTimeoutMs: number;

  /** @param commandTimeoutMs the longest that a command may take, in milliseconds */
  constructor(url: string, options: Omit<RedisOptions, 'replyMapping'>, commandTimeoutMs: number) {
    super(url, options);
    this.#commandTimeoutMs = commandTimeoutMs;
  }

  override sendCommand(command: Command, ...rest: unknown[]): unknown {
    if (this.stream) writeOnceATurn(this.stream);
    giveUpAfter(this.#commandTimeoutMs, command);
    return super.sendCommand(command, ...(rest as []));
  }
}

/**
 * ioredis' own `commandTimeout` takes a stall of this process for one of Redis: timers that have run out come
 * before the replies that have long been waiting. One more turn reads them first.
 */
function giveUpAfter(ms: number, command: Command): void {
  const giveUp = () => command.reject(new Error('Command timed out'));
  const timer = setTimeout(() => setImmediate(giveUp), ms);
  const stop = () => clearTimeout(timer);
  command.promise.then(stop, stop);
}
