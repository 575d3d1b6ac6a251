import { Redis } from 'ioredis';
import { writeOnceATurn } from '../write-once-a-turn.ts';

/**
 * A connection that writes what one turn of the event loop sends in one piece, in the order in which it was
 * sent. ioredis' own auto-pipelining does the former only: scripts would overtake the commands that wait in it.
 */
export class BatchingRedis extends Redis {
  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    if (this.stream) writeOnceATurn(this.stream);
    return super.sendCommand(...args);
  }
}
