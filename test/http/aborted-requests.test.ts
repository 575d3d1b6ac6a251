import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { openConnection } from './exchange.ts';
import { createMemoryApp, FETCH_API_KEY, fetchKey, PASSWORD, signIn } from './memory-app.ts';

describe('a client that goes away', () => {
  it('before its body is whole is logged as aborted', async () => {
    const app = createMemoryApp();
    await using connection = await openConnection(app.listener);
    const begun = `POST ${FETCH_API_KEY} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
    connection.socket.write(`${begun}Content-Length: 100\r\n\r\nusername=hamlet`, () =>
      connection.socket.destroy(),
    );
    const [line] = await app.log.requestLines();
    expect(line).toMatchObject({ path: FETCH_API_KEY, status: 'aborted' });
    expect(app.directory.binds()).toBe(0);
  });

  it('before the directory has answered is logged once, as aborted', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const app = createMemoryApp({
      wrap: (directory) => ({
        ...directory,
        async find(username) {
          ask();
          await released;
          return directory.find(username);
        },
      }),
    });
    await using connection = await openConnection(app.listener);
    const form = new URLSearchParams({ username: 'hamlet', password: PASSWORD });
    connection.socket.write(`POST ${FETCH_API_KEY}?${form} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await asked;
    connection.socket.destroy();
    const [line] = await app.log.requestLines();
    expect(line).toMatchObject({ path: FETCH_API_KEY, status: 'aborted' });
    release();
    await signIn(app, 'hamlet').expect(200);
    expect(await app.log.requestLines(2)).toHaveLength(2);
    expect(app.log.lines()).toHaveLength(2);
  });

  it('in the middle of a /verify is logged as aborted', async () => {
    const app = createMemoryApp();
    const key = await fetchKey(app);
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    app.store.holdReads(ask);
    await using connection = await openConnection(app.listener);
    connection.socket.write(`GET /verify HTTP/1.1\r\nHost: a\r\nX-API-Key: ${key}\r\n\r\n`);
    await asked;
    connection.socket.destroy();
    await once(connection.socket, 'close');
    expect((await app.log.requestLines(2)).at(-1)).toMatchObject({ path: '/verify', status: 'aborted' });
  });
});
