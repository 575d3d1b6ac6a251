import { beforeEach, describe, expect, test } from '@jest/globals';
import { createPageSessions, type PageSessions } from '../../src/auth/page-session.ts';
import { account, createTicketParts, type TicketParts } from './ticket-parts.ts';

const MINUTE_MS = 60_000;

let parts: TicketParts;
let sessions: PageSessions;

beforeEach(() => {
  parts = createTicketParts();
  sessions = createPageSessions(parts);
});

describe('a page session', () => {
  test('is its own account for a quarter of an hour', async () => {
    const [first, second] = [await sessions.open(account(1)), await sessions.open(account(2))];
    expect(first).toMatch(/^[A-Za-z0-9_-]{43}$/);
    parts.setNow(15 * MINUTE_MS - 1);
    expect((await sessions.accountOf(first))?.id).toBe(1);
    expect((await sessions.accountOf(second))?.id).toBe(2);
    parts.setNow(15 * MINUTE_MS);
    expect(await sessions.accountOf(first)).toBeUndefined();
  });

  test('ends when it is closed, and no other with it', async () => {
    const [first, second] = [await sessions.open(account(1)), await sessions.open(account(1))];
    await sessions.close(first);
    expect(await sessions.accountOf(first)).toBeUndefined();
    expect(await sessions.accountOf(second)).toBeDefined();
  });

  test('ends when the account gets a new key, or is gone', async () => {
    const [first, second] = [await sessions.open(account(1)), await sessions.open(account(2))];
    parts.known.set(1, account(1, 'b'));
    parts.known.delete(2);
    expect(await sessions.accountOf(first)).toBeUndefined();
    expect(await sessions.accountOf(second)).toBeUndefined();
  });

  test('gives what the account says now', async () => {
    const id = await sessions.open(account(1));
    const renamed = { ...account(1), entryId: 'another' };
    parts.known.set(1, renamed);
    expect(await sessions.accountOf(id)).toBe(renamed);
  });

  test('is kept under nothing that opens it', async () => {
    const id = await sessions.open(account(1));
    expect(JSON.stringify([...parts.stored])).not.toContain(id);
    expect(await sessions.accountOf([...parts.stored.keys()][0] ?? '')).toBeUndefined();
  });
});
