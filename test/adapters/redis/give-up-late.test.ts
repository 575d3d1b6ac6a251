import { describe, expect, test } from '@jest/globals';
import { Command } from 'ioredis';
import { createGiveUpLate } from '../../../src/adapters/redis/give-up-late.ts';

const LONG_MS = 3_600_000;

/** What gives up, and whom it has told what. */
function started() {
  const told: unknown[] = [];
  const late: string[] = [];
  const giveUpLate = createGiveUpLate((failure) => void told.push(failure));
  const send = (name: string, ms: number) => {
    const command = new Command('get', [name], { replyEncoding: 'utf8' });
    giveUpLate(command, ms, () => void late.push(name));
    return command;
  };
  return { send, told, late };
}

describe('a command that waits too long', () => {
  test('is given up, and nothing else is, whichever was sent first', async () => {
    const { send, told, late } = started();
    const patient = send('patient', LONG_MS);
    const early = send('early', 20);
    await expect(early.promise).rejects.toThrow('Command timed out');
    const [second, third] = [send('second', 1), send('third', 30)];
    await expect(third.promise).rejects.toThrow('Command timed out');
    await expect(second.promise).rejects.toThrow('Command timed out');
    expect(late).toEqual(['early', 'second', 'third']);
    expect(told).toHaveLength(3);
    patient.resolve(Buffer.from('value'));
    expect(await patient.promise).toBe('value');
  });

  test('is let be where it was answered, and told of where it failed by itself', async () => {
    const { send, told, late } = started();
    const [answered, refused, unanswered] = [send('answered', 10), send('refused', 10), send('last', 30)];
    answered.resolve(Buffer.from('value'));
    refused.reject(new Error('OOM'));
    await expect(refused.promise).rejects.toThrow('OOM');
    await expect(unanswered.promise).rejects.toThrow('Command timed out');
    expect(late).toEqual(['last']);
    expect(told).toMatchObject([{ message: 'OOM' }, { message: 'Command timed out' }]);
  });

  test('is answered still where this process stood still meanwhile and its reply was waiting', async () => {
    const { send, late } = started();
    const command = send('slow', 20);
    setTimeout(() => setImmediate(() => command.resolve(Buffer.from('value'))), 10);
    const until = performance.now() + 60;
    while (performance.now() < until) {
      // The process stands still.
    }
    expect(await command.promise).toBe('value');
    expect(late).toEqual([]);
  });
});
