import { describe, expect, test } from '@jest/globals';
import type { LdapConnection } from '../../../../src/adapters/ldap/connection/connection.ts';
import { createBindConnections } from '../../../../src/adapters/ldap/servers/bind-connections.ts';
import { until } from '../../../support/until.ts';
import { createFakeConnections } from './fake-connection.ts';

const options = { maxAgeMs: 600_000, maxIdleMs: 60_000 };

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

  test('are lent to one at a time', async () => {
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
    await Promise.all(Array.from({ length: 10 }, borrow));
    expect(made).toHaveLength(10);
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

  test('of an older generation are closed: the idle at once, the lent when they are given back', async () => {
    const { made, open } = createFakeConnections();
    await using binds = createBindConnections(open, options);
    const release = Promise.withResolvers<void>();
    const lent = binds.withConnection(() => release.promise);
    await binds.withConnection(async () => {});
    binds.renew();
    expect(made.map((connection) => connection.isClosed())).toEqual([false, true]);
    release.resolve();
    await lent;
    expect(made[0]?.isClosed()).toBe(true);
    expect(await binds.withConnection(async (connection) => connection)).toBe(made[2]);
  });

  test('that were being opened when the generation moved on are used once', async () => {
    const { made, open } = createFakeConnections();
    const opening = Promise.withResolvers<void>();
    await using binds = createBindConnections(() => opening.promise.then(open), options);
    const call = binds.withConnection(async (connection) => connection.isClosed());
    binds.renew();
    opening.resolve();
    expect(await call).toBe(false);
    expect(made[0]?.isClosed()).toBe(true);
  });

  test('are not lent when they are too old or were idle for too long, and the idle are closed', async () => {
    const { made, open } = createFakeConnections();
    let now = 0;
    const limits = { ...options, maxAgeMs: 1_000, maxIdleMs: 80 };
    await using binds = createBindConnections(open, limits, () => now);
    await binds.withConnection(async () => {});
    now = 80;
    await until('the idle one is closed', () => made[0]?.isClosed());
    expect(await binds.withConnection(async (connection) => connection)).toBe(made[1]);
    await binds.withConnection(async () => {
      now = 1_080;
    });
    expect(made[1]?.isClosed()).toBe(true);
  });

  test('are not used for whoever has gone meanwhile', async () => {
    const { made, open } = createFakeConnections();
    const opening = Promise.withResolvers<void>();
    await using binds = createBindConnections(() => opening.promise.then(open), options);
    const leaving = new AbortController();
    let used = false;
    const call = binds.withConnection(async () => {
      used = true;
    }, leaving.signal);
    leaving.abort(new Error('gone'));
    opening.resolve();
    await expect(call).rejects.toThrow('gone');
    expect([used, made[0]?.isClosed()]).toEqual([false, false]);
  });

  test('that are lent when no more are to be kept are closed when they are given back, and so is the next', async () => {
    const { made, open } = createFakeConnections();
    await using binds = createBindConnections(open, options);
    await binds.withConnection(async () => {});
    const release = Promise.withResolvers<void>();
    const lent = [binds.withConnection(() => release.promise), binds.withConnection(() => release.promise)];
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    binds.end();
    expect(made.map((connection) => connection.isClosed())).toEqual([false, false]);
    release.resolve();
    await Promise.all(lent);
    expect(made.map((connection) => connection.isClosed())).toEqual([true, true]);
    expect(await binds.withConnection(async (connection) => connection.isClosed())).toBe(false);
    expect(made[2]?.isClosed()).toBe(true);
  });

  test('are closed at the end, also those that are lent then', async () => {
    const { made, open } = createFakeConnections();
    const binds = createBindConnections(open, options);
    const release = Promise.withResolvers<void>();
    const lent = [binds.withConnection(() => release.promise), binds.withConnection(() => release.promise)];
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    await binds[Symbol.asyncDispose]();
    expect(made.map((connection) => connection.isClosed())).toEqual([true, true]);
    release.resolve();
    await Promise.all(lent);
  });
});
