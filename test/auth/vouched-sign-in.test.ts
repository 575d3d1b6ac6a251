import { describe, expect, test } from '@jest/globals';
import { createSignInByEmail, createSignInByName } from '../../src/auth/vouched-sign-in.ts';
import { Unavailable } from '../../src/errors.ts';
import { createMemoryApp, fetchKey, person } from '../http/memory-app.ts';

function start() {
  const people = [
    person('hamlet', { emails: ['hamlet@example.org', 'Prince@Elsinore.example'] }),
    person('ghost', { emails: [] }),
    person('rosencrantz', { emails: ['shared@example.org'] }),
    person('guildenstern', { emails: ['shared@example.org'] }),
    // A login name that reads as an email, of someone who has another.
    person('yorick@example.org', { emails: ['jester@example.org'] }),
    person('zoë', { emails: ['zoë@example.org'] }),
    person('ophelia', {}, 'account-disabled'),
  ];
  const app = createMemoryApp({ people });
  const parts = { ...app.parts, directory: app.directory };
  return { app, byName: createSignInByName(parts), byEmail: createSignInByEmail(parts) };
}

describe('a sign-in that somebody else vouches for', () => {
  test('gives the key that a password gives, without asking for one', async () => {
    const { app, byName, byEmail } = start();
    const first = await byEmail('hamlet@example.org');
    expect(app.directory.binds()).toBe(0);
    const apiKey = await fetchKey(app, 'hamlet');
    expect(first).toMatchObject({ issued: { apiKey, account: { owner: { username: 'hamlet' } } } });
    expect(await byName('hamlet')).toEqual(first);
    expect(await byName('prince@elsinore.example')).toEqual(first);
  });

  test.each(['HAMLET@example.ORG', ' hamlet@example.org ', 'prince@elsinore.example'])(
    'is by any email of the person, without case: %j',
    async (email) => {
      expect(await start().byEmail(email)).toMatchObject({
        issued: { account: { owner: { username: 'hamlet' } } },
      });
    },
  );

  test('is by an email in any Unicode form', async () => {
    const signedIn = await start().byEmail('zoe\u0308@example.org');
    expect(signedIn).toMatchObject({ issued: { account: { owner: { username: 'zoë' } } } });
  });

  test.each(['hamlet', 'ghost', 'yorick@example.org'])(
    'is by email never of the person whose login name it is: %s',
    async (email) => {
      const { app, byEmail } = start();
      expect(await byEmail(email)).toEqual({ refusal: 'unknown-user' });
      expect(await app.store.accounts.findId('default', `id-of-${email}`)).toBeUndefined();
    },
  );

  test.each([
    ['somebody who has gone', 'polonius@example.org', 'unknown-user'],
    ['an email of two', 'shared@example.org', 'ambiguous'],
    ['nothing', '', 'malformed-username'],
    ['white space', '  ', 'malformed-username'],
    ['a control character', 'hamlet@example.org\0', 'malformed-username'],
    ['a zero-width character', 'ham\u200blet@example.org', 'malformed-username'],
    ['an endless name', `${'h'.repeat(300)}@example.org`, 'malformed-username'],
  ])('is refused for %s', async (_case, name, refusal) => {
    const { byName, byEmail } = start();
    expect(await byEmail(name)).toEqual({ refusal });
    expect(await byName(name)).toEqual({ refusal });
  });

  test('is refused for a person without an email, and says whose it was', async () => {
    expect(await start().byName('ghost')).toMatchObject({
      refusal: 'no-email',
      principal: { username: 'ghost' },
    });
  });

  test('is refused for a disabled person, who gets no account', async () => {
    const { app, byName, byEmail } = start();
    expect(await byName('ophelia')).toMatchObject({ refusal: 'account-disabled' });
    expect(await byEmail('ophelia@example.org')).toMatchObject({ refusal: 'account-disabled' });
    expect(await app.store.accounts.findId('default', 'id-of-ophelia')).toBeUndefined();
  });

  test('is no statement about the person while the directory or the store is away', async () => {
    const { app, byEmail } = start();
    app.directory.setAway(true);
    await expect(byEmail('hamlet@example.org')).rejects.toBeInstanceOf(Unavailable);
    app.directory.setAway(false);
    app.store.setAway('accounts');
    await expect(byEmail('hamlet@example.org')).rejects.toBeInstanceOf(Unavailable);
  });

  test('is refused to somebody whose email is another’s too', async () => {
    const { byName } = start();
    expect(await byName('rosencrantz')).toMatchObject({
      refusal: 'shared-email',
      principal: { username: 'rosencrantz' },
    });
  });
});
