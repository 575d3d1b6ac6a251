import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { writeOnceATurn } from '../../src/adapters/write-once-a-turn.ts';

/** A stream, and the pieces in which it was written. */
function recordedStream() {
  const pieces: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      pieces.push(String(chunk));
      done();
    },
    writev(chunks, done) {
      pieces.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  const write = (text: string) => {
    writeOnceATurn(stream);
    stream.write(text);
  };
  return { stream, pieces, write };
}

describe('writing once a turn', () => {
  test('puts what one turn of the event loop writes in one piece, in its order', async () => {
    const { pieces, write } = recordedStream();
    write('a');
    write('b');
    await Promise.resolve().then(() => write('c'));
    expect(pieces).toEqual([]);
    await nextTurn();
    expect(pieces).toEqual(['abc']);
  });

  test('writes each turn anew', async () => {
    const { pieces, write } = recordedStream();
    write('a');
    await nextTurn();
    write('b');
    await nextTurn();
    expect(pieces).toEqual(['a', 'b']);
  });

  test('takes a stream that is destroyed meanwhile', async () => {
    const { stream, pieces, write } = recordedStream();
    write('a');
    stream.destroy();
    await nextTurn();
    expect(pieces).toEqual([]);
  });
});
