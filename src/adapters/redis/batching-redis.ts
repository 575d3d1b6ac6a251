import { Redis } from 'ioredis';

/**
 * A connection that writes what one turn of the event loop sends in one piece, in the order in which it was
 * sent. ioredis' own auto-pipelining does the former only: scripts would overtake the commands that wait in it.
 */
export class BatchingRedis extends Redis {
  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    const { stream } = this;
    if (stream && stream.writableCorked === 0) {
      stream.cork();
      setImmediate(() => stream.uncork());
    }
    return super.sendCommand(...args);
  }
}
