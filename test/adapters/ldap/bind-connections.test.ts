import { describe, expect, test } from '@jest/globals';
import { createBindConnections } from '../../../src/adapters/ldap/bind-connections.ts';
import type { LdapConnection } from '../../../src/adapters/ldap/connection.ts';
import { createFakeConnections } from './fake-connection.ts';

const options = { size: 2, maxWaiting: 10, maxWaitMs: 60_000 };

describe('bind connections', () => {
  test('are opened when needed, and lent again', async () => {
    const { made, open } = createFakeConnections();
    await using binds = createBindConnections(open, options);
    expect(made).toHaveLength(0);
    const first = await binds.withConnection(async (connection) => connection);
    const second = await binds.withConnection(async (connection) => connection);
    expect(second).toBe(first);
    expect(made).toHaveLength(1);
  });

  test('are lent to one at a time, and are never more than the size', async () => {
    const { made, open } = createFakeConnections();
    await using binds = createBindConnections(open, options);
    const lent = new Set<LdapConnection>();
    const borrow = () =>
      binds.withConnection(async (connection) => {
        expect(lent.has(connection)).toBe(false);
        lent.add(connection);
        await new Promise(setImmediate);
        lent.delete(connection);
      });
    await Promise.all(Array.from({ length: 10 }, borrow));
    expect(made).toHaveLength(2);
  });

  test('come back from whoever fails', async () => {
    const { made, open } = createFakeConnections();
    await using binds = createBindConnections(open, options);
    await expect(binds.withConnection(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await binds.withConnection(async () => {});
    expect(made).toHaveLength(1);
  });

  test('are not lent again once they are lost, whether idle or lent', async () => {
    const { made, open } = createFakeConnections();
    await using binds = createBindConnections(open, options);
    await binds.withConnection(async () => {});
    made[0]?.lose();
    await binds.withConnection(async () => made[1]?.lose());
    const third = await binds.withConnection(async (connection) => connection);
    expect(third).toBe(made[2]);
    expect(third.isClosed()).toBe(false);
  });

  test('leave the place free where opening one fails', async () => {
    const { open } = createFakeConnections();
    let failures = 3;
    const flaky = () => (failures-- > 0 ? Promise.reject(new Error('not now')) : open());
    await using binds = createBindConnections(flaky, { ...options, size: 1 });
    const calls = Array.from({ length: 4 }, () => binds.withConnection(async () => 'served'));
    expect(await Promise.allSettled(calls)).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
      { status: 'rejected' },
      { status: 'fulfilled', value: 'served' },
    ]);
  });

  test('are closed at the end, also those that are lent then', async () => {
    const { made, open } = createFakeConnections();
    const binds = createBindConnections(open, options);
    await binds.withConnection(async () => {});
    const release = Promise.withResolvers<void>();
    const lent = [binds.withConnection(() => release.promise), binds.withConnection(() => release.promise)];
    await new Promise(setImmediate);
    await binds[Symbol.asyncDispose]();
    release.resolve();
    await Promise.all(lent);
    expect(made.map((connection) => connection.isClosed())).toEqual([true, true]);
  });
});
