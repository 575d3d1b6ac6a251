import { expect, test } from '@jest/globals';
import { useStarting } from './use-starting.ts';

const part = () => {
  const ended = { times: 0 };
  return {
    ended,
    async [Symbol.asyncDispose]() {
      ended.times += 1;
    },
  };
};

test('what has started ends with its parts', async () => {
  const parts = new AsyncDisposableStack();
  const one = await useStarting(parts, Promise.resolve(part()));
  expect(one.ended.times).toBe(0);
  await parts.disposeAsync();
  expect(one.ended.times).toBe(1);
});

test('what starts when its parts have ended already ends, too', async () => {
  const parts = new AsyncDisposableStack();
  const { promise, resolve } = Promise.withResolvers<ReturnType<typeof part>>();
  const starting = useStarting(parts, promise);
  const ending = parts.disposeAsync();
  const late = part();
  resolve(late);
  expect(await starting).toBe(late);
  await ending;
  expect(late.ended.times).toBe(1);
});

test('a start that fails is told to whoever awaits it, and is no obstacle to the end', async () => {
  const parts = new AsyncDisposableStack();
  const other = parts.use(part());
  await expect(useStarting(parts, Promise.reject(new Error('no')))).rejects.toThrow('no');
  await parts.disposeAsync();
  expect(other.ended.times).toBe(1);
});
