import { type Command, Redis, type RedisOptions } from 'ioredis';
import { createGuardCommand, type GuardCommand } from './guard-command.ts';

/** A connection whose commands go through a guard: to one server, or to the master that Sentinels know. */
export class RedisConnection extends Redis {
  readonly #guard: GuardCommand;

  /**
   * @param url the server's; `undefined`: the options say where Redis is
   * @param commandTimeoutMs the longest that a command may take, in milliseconds
   */
  constructor(
    url: string | undefined,
    options: Omit<RedisOptions, 'replyMapping'>,
    commandTimeoutMs: number,
  ) {
    // ioredis passes over an argument that is undefined, though its types do not say so.
    super(url as string, options);
    this.#guard = createGuardCommand(this, commandTimeoutMs);
    this.on('ready', () => this.emit('whole'));
  }

  /** Whether the server can be asked; once it can, `whole` is emitted. */
  isWhole(): boolean {
    return this.status === 'ready';
  }

  override sendCommand(command: Command, ...rest: unknown[]): unknown {
    this.#guard(command);
    return super.sendCommand(command, ...(rest as []));
  }
}
