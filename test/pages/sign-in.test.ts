import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeKey, decodeToken, PAD } from '../contract/otp.ts';
import { signIn, verify } from '../service/stack.ts';
import { type Browsing, shownKey, signInAsAlice, startBrowsing, submitSignIn } from './browsing.ts';

describe('the sign-in page in a browser', () => {
  let browsing: Browsing;

  beforeAll(async () => {
    browsing = await startBrowsing();
  });
  afterAll(async () => {
    await browsing?.[Symbol.asyncDispose]();
  });

  test('leads to the account of the person', async () => {
    const page = await browsing.open();
    await signInAsAlice(page);
    const text = await page.locator('main').textContent();
    expect(text).toContain('Alice Archer');
    expect(text).toContain('alice@example.org');
  });

  test('says that the password is wrong, keeps the username, and lets the person try again', async () => {
    const page = await browsing.open();
    await page.goto('/accounts/login/');
    await submitSignIn(page, 'alice', 'wrong');
    expect(await page.getByRole('alert').textContent()).toContain('Your username or password is incorrect');
    expect(await page.getByLabel(/username/i).inputValue()).toBe('alice');
    expect(await page.getByLabel('Password').inputValue()).toBe('');
    await page.getByLabel('Password').fill('alice-secret');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/account');
  });

  test('can be used by the keyboard alone, up to the key', async () => {
    const page = await browsing.open();
    await page.goto('/accounts/login/');
    // The browser gives the first field its focus when it first draws the page, which may be after the load event.
    await page.locator('[name=username]:focus').waitFor();
    await page.keyboard.type('alice');
    await page.keyboard.press('Tab');
    await page.keyboard.type('alice-secret');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/account');
    const focused = page.locator(':focus');
    for (let steps = 0; steps < 20; steps++) {
      await page.keyboard.press('Tab');
      if ((await focused.textContent()) === 'Show key') break;
    }
    await page.keyboard.press('Enter');
    expect(await page.getByLabel('Your API key').inputValue()).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  test('hands a phone its key by a redirection to zulip:, and signs the browser in to nothing', async () => {
    const page = await browsing.open();
    await page.goto(`/accounts/login/?mobile_flow_otp=${PAD}`);
    const redirected = page.waitForRequest((request) => request.url().startsWith('zulip:'));
    const answered = page.waitForResponse((response) => response.status() === 302);
    await submitSignIn(page, 'alice', 'alice-secret');
    const { href, searchParams } = new URL((await (await answered).allHeaders())['location'] ?? '');
    expect((await redirected).url()).toBe(href);
    const { apiKey, userId } = await signIn(browsing.service.url, 'alice', 'alice-secret');
    expect(decodeKey(searchParams.get('otp_encrypted_api_key') ?? '', PAD)).toBe(apiKey);
    expect(searchParams.get('user_id')).toBe(String(userId));
    await page.goto('/account');
    expect(new URL(page.url()).pathname).toBe('/accounts/login/');
  });

  test('shows a desktop what to copy, and its app is signed in with it', async () => {
    const page = await browsing.open();
    await page.goto(`/accounts/login/?desktop_flow_otp=${PAD}`);
    await submitSignIn(page, 'alice', 'alice-secret');
    await page.getByRole('button', { name: 'Copy token' }).click();
    await page.getByText('Copied to the clipboard.').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    const app = await browsing.open();
    await app.goto(`/accounts/login/subdomain/${decodeToken(copied, PAD)}`);
    expect(new URL(app.url()).pathname).toBe('/account');
    const key = await shownKey(app);
    expect((await verify(browsing.service.url, key)).status).toBe(200);
  });

  test('does nothing that its own Content-Security-Policy forbids', () => {
    expect(browsing.complaints).toEqual([]);
  });
});
