import type { Command, Redis } from 'ioredis';
import { writeOnceATurn } from '../write-once-a-turn.ts';

/**
 * What every command goes through before it is sent on a connection: what one turn of the event loop sends is written
 * in one piece, in the order in which it was sent (ioredis' own auto-pipelining lets scripts overtake the commands
 * that wait in it); and it is given up after `ms` milliseconds, a WAIT by so much more as it has been given itself. Why
 * one has failed, the connection emits as `failure`.
 */
export function guardCommand(redis: Redis, command: Command, ms: number): void {
  // Not there before the first attempt to connect.
  const stream: Redis['stream'] | undefined = redis.stream;
  if (stream) writeOnceATurn(stream);
  const heard = stream?.bytesRead;
  const patienceMs = command.name === 'wait' ? ms + Number(command.args[1]) : ms;
  const whenLate = () => {
    // A server that hangs keeps its connections open: a new one fails at once, or leads to whoever has taken over.
    const isSilent = stream && stream === redis.stream && stream.bytesRead === heard;
    if (isSilent) stream.destroy(new Error(`Redis has been silent for ${patienceMs} ms`));
  };
  giveUpAfter(patienceMs, command, whenLate, (failure) => redis.emit('failure', failure));
}

/**
 * ioredis' own `commandTimeout` takes a stall of this process for one of Redis: timers that have run out come
 * before the replies that have long been waiting. One more turn reads them first.
 */
function giveUpAfter(
  ms: number,
  command: Command,
  whenLate: () => void,
  whenFailed: (failure: unknown) => void,
): void {
  let isSettled = false;
  const giveUp = () => {
    if (isSettled) return;
    command.reject(new Error('Command timed out'));
    whenLate();
  };
  const timer = setTimeout(() => setImmediate(giveUp), ms);
  const stop = () => {
    isSettled = true;
    clearTimeout(timer);
  };
  command.promise.then(stop, (failure: unknown) => {
    stop();
    whenFailed(failure);
  });
}
