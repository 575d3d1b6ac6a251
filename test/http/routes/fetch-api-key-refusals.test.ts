import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { MemoryPerson } from '../../../src/adapters/memory/directory.ts';
import type { SignInRefusal } from '../../../src/errors.ts';
import { createMemoryApp, FETCH_API_KEY, FIRST_ID, fetchKey, person, signIn } from '../memory-app.ts';

const INCORRECT =
  '{"result":"error","msg":"Your username or password is incorrect","code":"AUTHENTICATION_FAILED"}\n';
const DEACTIVATED = '{"result":"error","msg":"Account is deactivated","code":"USER_DEACTIVATED"}\n';
const RESET =
  '{"result":"error","msg":"Your password has been disabled and needs to be reset","code":"PASSWORD_RESET_REQUIRED"}\n';

/** Of two classes in turn: whoever normalises it has to sort them. */
const RUN_OF_MARKS = `h${'\u0327\u0301'.repeat(5_000)}`;

type State = NonNullable<MemoryPerson['state']>;

describe('contract 1.5: a sign-in that is refused', () => {
  it.each<[string, string, string | undefined, SignInRefusal]>([
    ['wrong password', 'hamlet', 'wrong', 'wrong-password'],
    ['unknown user', 'nobody', undefined, 'unknown-user'],
    ['more than one entry', 'shared@example.org', undefined, 'ambiguous'],
    ['no email', 'ghost', undefined, 'no-email'],
    ['empty password', 'hamlet', '', 'malformed-password'],
    ['a password of white space', 'hamlet', ' \u00a0 ', 'malformed-password'],
    ['a password of tabs', 'hamlet', '\t\t', 'malformed-password'],
    ['a password with a control character', 'hamlet', 'to be\u0000', 'malformed-password'],
    ['empty username', '', undefined, 'malformed-username'],
    ['a username with a control character', 'hamlet\u0000', undefined, 'malformed-username'],
    ['a username with a zero-width character', 'ham\u200blet', undefined, 'malformed-username'],
    ['a username with a bidirectional character', '\u202ehamlet', undefined, 'malformed-username'],
    ['a username of 257 characters', 'h'.repeat(257), undefined, 'malformed-username'],
    ['a username of 10,000 combining marks', RUN_OF_MARKS, undefined, 'malformed-username'],
  ])('for %s is the generic 401, and the log knows why', async (_case, username, password, outcome) => {
    const app = createMemoryApp({
      people: [
        person('hamlet'),
        person('ghost', { emails: [] }),
        person('rosencrantz', { emails: ['shared@example.org'] }),
        person('guildenstern', { emails: ['shared@example.org'] }),
      ],
    });
    const { status, text, headers } = await signIn(app, username, password);
    expect({ status, text }).toEqual({ status: 401, text: INCORRECT });
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(headers['content-type']).toBe('application/json');
    expect(headers['cache-control']).toBe('no-store');
    const [line] = await app.log.requestLines();
    expect(line).toMatchObject({ status: 401, outcome });
    expect(app.directory.binds()).toBe(outcome === 'wrong-password' ? 1 : 0);
  });

  const states: [State, string][] = [
    ['account-disabled', DEACTIVATED],
    ['account-expired', DEACTIVATED],
    ['password-expired', RESET],
    ['password-must-change', RESET],
    ['account-locked', INCORRECT],
    ['outside-logon-hours', INCORRECT],
    ['other-workstation', INCORRECT],
    ['not-permitted', INCORRECT],
  ];

  it.each(states)('for %s says so after the right password alone', async (state, told) => {
    const app = createMemoryApp({ people: [person('hamlet', {}, state)] });
    const right = await signIn(app, 'hamlet').expect(401);
    expect(right.text).toBe(told);
    expect(right.headers).not.toHaveProperty('www-authenticate');
    const wrong = await signIn(app, 'hamlet', 'wrong').expect(401);
    expect(wrong.text).toBe(INCORRECT);
    const [first, second] = await app.log.requestLines(2);
    expect(first).toMatchObject({ outcome: state, username: 'hamlet' });
    expect(second).toMatchObject({ outcome: 'wrong-password', username: 'hamlet' });
  });

  it('for an email of two people is the generic 401 after the right password, and makes no account', async () => {
    const emails = ['shared@example.org'];
    const app = createMemoryApp({ people: [person('hamlet', { emails }), person('ophelia', { emails })] });
    expect((await signIn(app, 'hamlet').expect(401)).text).toBe(INCORRECT);
    const [line] = await app.log.requestLines();
    expect(line).toMatchObject({ outcome: 'shared-email', username: 'hamlet' });
    expect(await app.store.accounts.findId('default', 'id-of-hamlet')).toBeUndefined();
  });

  it('makes no account', async () => {
    const app = createMemoryApp({ people: [person('hamlet'), person('claudius', {}, 'account-disabled')] });
    await signIn(app, 'claudius').expect(401);
    await signIn(app, 'hamlet', 'wrong').expect(401);
    await fetchKey(app);
    expect(await app.store.accounts.read(FIRST_ID)).toMatchObject({ owner: { username: 'hamlet' } });
  });

  it('names in the log the HMAC of a name that nobody bears, never the name', async () => {
    const app = createMemoryApp();
    await signIn(app, 'my-password-typed-in-the-wrong-field').expect(401);
    const [line] = await app.log.requestLines();
    expect(line).toMatchObject({ nameDigest: expect.stringMatching(/^[\w-]{43}$/) });
    expect(JSON.stringify(app.log.lines())).not.toContain('my-password');
  });
});

describe('contract 1.5: a username that is longer than any', () => {
  it('counts against the address alone, and is never digested', async () => {
    const app = createMemoryApp({ people: [person('hamlet')] });
    for (let attempt = 0; attempt < 8; attempt++) {
      const { headers } = await signIn(app, 'h'.repeat(257)).expect(401);
      expect(headers['x-ratelimit-remaining']).toBe(
        String(Number(headers['x-ratelimit-limit']) - attempt - 1),
      );
    }
    for (const line of await app.log.requestLines(8)) expect(line).not.toHaveProperty('nameDigest');
    await signIn(app, 'hamlet').expect(200);
  });
});

describe('contract 1.5: where usernames must be emails', () => {
  it.each(['hamlet', 'a@b', 'ä@b.co', 'hamlet@example.org ', '@example.org', ''])(
    '%j is refused before anybody is asked',
    async (username) => {
      const app = createMemoryApp({ realm: { requireEmail: true } });
      const { text, headers } = await signIn(app, username).expect(400);
      expect(text).toBe('{"result":"error","msg":"Enter a valid email address.","code":"BAD_REQUEST"}\n');
      expect(headers).not.toHaveProperty('x-ratelimit-limit');
      expect(app.directory.binds()).toBe(0);
    },
  );

  it.each(['hamlet@example.org', 'Hamlet@Example.Org'])('%j is taken', async (username) => {
    await signIn(createMemoryApp({ realm: { requireEmail: true } }), username).expect(200);
  });

  it('an email at localhost is an email, if not a known one', async () => {
    const { body } = await signIn(createMemoryApp({ realm: { requireEmail: true } }), 'a@localhost').expect(
      401,
    );
    expect(body.code).toBe('AUTHENTICATION_FAILED');
  });

  it('a missing password is complained of first', async () => {
    const app = createMemoryApp({ realm: { requireEmail: true } });
    const { body } = await request(app.listener).post(`${FETCH_API_KEY}?username=hamlet`).expect(400);
    expect(body.var_name).toBe('password');
  });
});
