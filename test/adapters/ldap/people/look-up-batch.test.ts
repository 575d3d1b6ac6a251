import { describe, expect, test } from '@jest/globals';
import { type BatchOptions, createLookUpBatch } from '../../../../src/adapters/ldap/people/look-up-batch.ts';
import { until } from '../../../support/until.ts';

/** Look-ups where `known` ids are found: what was asked together and alone, in order. */
function newLookUps(known: readonly string[], options: Partial<BatchOptions> = {}) {
  const together: (readonly string[])[] = [];
  const alone: string[] = [];
  const held = { together: Promise.resolve(), alone: Promise.resolve() };
  const lookUp = createLookUpBatch<string>(
    {
      async together(ids) {
        together.push(ids);
        await held.together;
        return new Map(ids.filter((id) => known.includes(id)).map((id) => [id, `${id} among others`]));
      },
      async alone(id) {
        alone.push(id);
        await held.alone;
        if (id === 'broken') throw new Error('broken');
        return `${id} alone`;
      },
    },
    { windowMs: 3, maxSize: 50, ...options },
  );
  return { together, alone, held, lookUp };
}

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `id-${at}`);

describe('look-ups', () => {
  test('that begin together go together, those of one id as one', async () => {
    const { together, alone, lookUp } = newLookUps(['a', 'b']);
    expect(await Promise.all(['a', 'b', 'a'].map((id) => lookUp(id)))).toEqual([
      'a among others',
      'b among others',
      'a among others',
    ]);
    expect(together).toEqual([['a', 'b']]);
    expect(alone).toEqual([]);
  });

  test('go as soon as there are as many as one search may have', async () => {
    const ids = numbered(100);
    const { together, lookUp } = newLookUps(ids, { windowMs: 600_000 });
    expect(await Promise.all(ids.map((id) => lookUp(id)))).toHaveLength(100);
    expect(together).toEqual([ids.slice(0, 50), ids.slice(50, 100)]);
  });

  test('of one id alone are no search for several', async () => {
    const { together, alone, lookUp } = newLookUps(['a']);
    expect(await Promise.all([lookUp('a'), lookUp('a')])).toEqual(['a alone', 'a alone']);
    expect(together).toEqual([]);
    expect(alone).toEqual(['a']);
  });

  test('that find nothing among others are made again alone, for which nobody else waits', async () => {
    const { together, alone, held, lookUp } = newLookUps(['a']);
    const { promise, resolve } = Promise.withResolvers<void>();
    held.alone = promise;
    const gone = Promise.all([lookUp('gone'), lookUp('gone')]);
    expect(await lookUp('a')).toBe('a among others');
    await until('it is asked alone', () => alone.length > 0);
    resolve();
    expect(await gone).toEqual(['gone alone', 'gone alone']);
    expect(together).toEqual([['gone', 'a']]);
    expect(alone).toEqual(['gone']);
  });

  test('are never given what was asked before they began', async () => {
    const { together, alone, held, lookUp } = newLookUps(['a', 'b']);
    const { promise, resolve } = Promise.withResolvers<void>();
    held.together = promise;
    const early = [lookUp('a'), lookUp('b')];
    await until('they are asked', () => together.length === 1);
    const late = lookUp('a');
    await until('it is asked', () => alone.length === 1);
    expect(await late).toBe('a alone');
    resolve();
    expect(await Promise.all(early)).toEqual(['a among others', 'b among others']);
  });

  test('fail together where the search for all of them fails, and nobody is asked about alone', async () => {
    const { alone, held, lookUp } = newLookUps(['a', 'b']);
    held.together = Promise.reject(new Error('no answer'));
    held.together.catch(() => {});
    const answers = await Promise.allSettled([lookUp('a'), lookUp('b')]);
    expect(answers).toEqual([1, 2].map(() => ({ status: 'rejected', reason: new Error('no answer') })));
    expect(alone).toEqual([]);
  });

  test('fail by themselves where they fail alone', async () => {
    const { lookUp } = newLookUps(['a']);
    const broken = lookUp('broken');
    expect(await lookUp('a')).toBe('a among others');
    await expect(broken).rejects.toThrow('broken');
  });

  test('end for whoever has gone, and go on for the others', async () => {
    const { together, alone, held, lookUp } = newLookUps(['a', 'b']);
    const { promise, resolve } = Promise.withResolvers<void>();
    held.together = promise;
    const leaving = new AbortController();
    const left = lookUp('a', leaving.signal);
    const others = Promise.all([lookUp('a'), lookUp('b', new AbortController().signal)]);
    await until('they are asked', () => together.length === 1);
    leaving.abort(new Error('gone home'));
    await expect(left).rejects.toThrow('gone home');
    await expect(lookUp('c', leaving.signal)).rejects.toThrow('gone home');
    resolve();
    expect(await others).toEqual(['a among others', 'b among others']);
    expect([together, alone]).toEqual([[['a', 'b']], []]);
  });
});
