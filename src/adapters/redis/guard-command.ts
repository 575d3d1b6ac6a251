import type { Command, Redis } from 'ioredis';
import { writeOnceATurn } from '../write-once-a-turn.ts';
import { createGiveUpLate } from './give-up-late.ts';

/** Called with every command before it is sent. */
export type GuardCommand = (command: Command) => void;

/**
 * What every command of a connection goes through: what one turn of the event loop sends is written
 * in one piece, in the order in which it was sent (ioredis' own auto-pipelining lets scripts overtake the commands
 * that wait in it); and it is given up after `ms` milliseconds, a WAIT by so much more as it has been given itself. Why
 * one has failed, the connection emits as `failure`.
 */
export function createGuardCommand(redis: Redis, ms: number): GuardCommand {
  const giveUpLate = createGiveUpLate((failure) => redis.emit('failure', failure));
  return (command) => {
    // Not there before the first attempt to connect.
    const stream: Redis['stream'] | undefined = redis.stream;
    if (stream) writeOnceATurn(stream);
    const heard = stream?.bytesRead;
    const patienceMs = command.name === 'wait' ? ms + Number(command.args[1]) : ms;
    giveUpLate(command, patienceMs, () => {
      // A server that hangs keeps its connections open: a new one fails at once, or leads to whoever has taken over.
      const isSilent = stream && stream === redis.stream && stream.bytesRead === heard;
      if (isSilent) stream.destroy(new Error(`Redis has been silent for ${patienceMs} ms`));
    });
  };
}
