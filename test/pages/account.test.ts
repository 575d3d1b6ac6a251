import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signIn, verify } from '../service/stack.ts';
import { type Browsing, shownKey, signInAsAlice, startBrowsing } from './browsing.ts';

describe('the account page in a browser', () => {
  let browsing: Browsing;
  let url: string;

  beforeAll(async () => {
    browsing = await startBrowsing();
    ({ url } = browsing.service);
  });
  afterAll(async () => {
    await browsing?.[Symbol.asyncDispose]();
  });

  const currentKey = async () => (await signIn(url, 'alice', 'alice-secret')).apiKey;

  test('shows the key when it is asked to, and hides it again', async () => {
    const page = await browsing.open();
    await signInAsAlice(page);
    expect(await page.getByText(await currentKey()).isVisible()).toBe(false);
    expect(await shownKey(page)).toBe(await currentKey());
    await page.getByRole('button', { name: 'Hide key' }).click();
    expect(await page.getByLabel('Your API key').inputValue()).not.toBe(await currentKey());
  });

  test('copies the key', async () => {
    const page = await browsing.open();
    await signInAsAlice(page);
    await page.getByRole('button', { name: 'Copy key' }).click();
    await page.getByText('Copied to the clipboard.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await currentKey());
  });

  test('shows the key without scripts too', async () => {
    const page = await browsing.open({ javaScriptEnabled: false });
    await signInAsAlice(page);
    await page.locator('summary').click();
    await page.getByText(await currentKey()).waitFor();
  });

  test('gives the file zuliprc, byte for byte as clients read it', async () => {
    const page = await browsing.open();
    await signInAsAlice(page);
    const started = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download zuliprc' }).click();
    const download = await started;
    expect(download.suggestedFilename()).toBe('zuliprc');
    expect(await readFile(await download.path(), 'utf8')).toBe(
      `[api]\nemail=alice@example.org\nkey=${await currentKey()}\nsite=${url}\n`,
    );
  });

  test('makes a new key, after which the old one is dead', async () => {
    const page = await browsing.open();
    await signInAsAlice(page);
    const old = await currentKey();
    await page.getByRole('button', { name: 'Regenerate key' }).click();
    expect((await verify(url, old)).status).toBe(200);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Regenerate key' }).click();
    await page.getByText('You have a new API key.').waitFor();
    const renewed = await shownKey(page);
    expect(renewed).not.toBe(old);
    expect([(await verify(url, old)).status, (await verify(url, renewed)).status]).toEqual([401, 200]);
  });

  test('signs out, and the way back does not show the account', async () => {
    const page = await browsing.open();
    await signInAsAlice(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/accounts/login/');
    await page.goBack();
    await page.waitForURL('**/accounts/login/');
    await page.goto('/account');
    expect(new URL(page.url()).pathname).toBe('/accounts/login/');
  });

  test('is shown to nobody who has not signed in', async () => {
    const page = await browsing.open();
    await page.goto('/account');
    expect(new URL(page.url()).pathname).toBe('/accounts/login/');
  });

  test('does nothing that its own Content-Security-Policy forbids', () => {
    expect(browsing.complaints).toEqual([]);
  });
});
