import { beforeEach, describe, expect, test } from '@jest/globals';
import { createDesktopTokens, type DesktopTokens } from '../../src/auth/desktop-token.ts';
import { createPageSessions, type PageSessions } from '../../src/auth/page-session.ts';
import { account, createTicketParts, type TicketParts } from './ticket-parts.ts';

let parts: TicketParts;
let sessions: PageSessions;
let tokens: DesktopTokens;

beforeEach(() => {
  parts = createTicketParts();
  sessions = createPageSessions(parts);
  tokens = createDesktopTokens(parts);
});

describe('a desktop token', () => {
  test('is good once', async () => {
    const token = await tokens.issue(account(1));
    expect(token).toMatch(/^[A-Za-z0-9]{32}$/);
    expect((await tokens.redeem(token))?.id).toBe(1);
    expect(await tokens.redeem(token)).toBeUndefined();
  });

  test('is good for 15 seconds', async () => {
    const [first, second] = [await tokens.issue(account(1)), await tokens.issue(account(1))];
    parts.setNow(14_999);
    expect(await tokens.redeem(first)).toBeDefined();
    parts.setNow(15_000);
    expect(await tokens.redeem(second)).toBeUndefined();
  });

  test('is void when the account gets a new key', async () => {
    const token = await tokens.issue(account(1));
    parts.known.set(1, account(1, 'b'));
    expect(await tokens.redeem(token)).toBeUndefined();
  });

  test('is no session, nor the other way round', async () => {
    const [token, id] = [await tokens.issue(account(1)), await sessions.open(account(1))];
    expect(await sessions.accountOf(token)).toBeUndefined();
    expect(await tokens.redeem(id)).toBeUndefined();
  });

  test('is kept under nothing that redeems it', async () => {
    const token = await tokens.issue(account(1));
    expect(JSON.stringify([...parts.stored])).not.toContain(token);
  });
});
