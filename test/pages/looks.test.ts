import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { PAD } from '../contract/otp.ts';
import { inRepository } from '../support/repository.ts';
import {
  accessibilityFaults,
  type Browsing,
  signInAsAlice,
  startBrowsing,
  submitSignIn,
} from './browsing.ts';

/** Every page, and how to come to it. */
const PAGES: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'sign-in': (page) => page.goto('/accounts/login/'),
  'sign-in after a wrong password': async (page) => {
    await page.goto('/accounts/login/');
    await submitSignIn(page, 'bob', 'wrong');
    await page.getByRole('alert').waitFor();
  },
  'sign-in for an app': (page) => page.goto(`/accounts/login/?mobile_flow_otp=${PAD}`),
  'token for a desktop': async (page) => {
    await page.goto(`/accounts/login/?desktop_flow_otp=${PAD}`);
    await submitSignIn(page, 'alice', 'alice-secret');
    await page.getByLabel('Sign-in token').waitFor();
  },
  'expired token': (page) => page.goto(`/accounts/login/subdomain/${'A'.repeat(32)}`),
  account: signInAsAlice,
  'account with the key shown': async (page) => {
    await signInAsAlice(page);
    await page.getByRole('button', { name: 'Show key' }).click();
  },
};

/** The README shows these. */
const SCREENSHOTS = ['sign-in', 'account'];

const SIZES = { wide: { width: 1100, height: 800 }, narrow: { width: 360, height: 740 } };

describe('in a browser', () => {
  let browsing: Browsing;

  beforeAll(async () => {
    browsing = await startBrowsing();
  });
  afterAll(async () => {
    await browsing?.[Symbol.asyncDispose]();
  });

  describe.each(Object.keys(PAGES))('the page "%s"', (name) => {
    // Loaded once: the looks are styles alone, which follow the window.
    let page: Page;
    beforeAll(async () => {
      page = await browsing.open();
      await PAGES[name]?.(page);
    });
    afterAll(async () => {
      await page?.context().close();
    });

    test.each([
      ['light', 'wide'],
      ['light', 'narrow'],
      ['dark', 'wide'],
      ['dark', 'narrow'],
    ] as const)(
      '(%s, %s) has a title, fits, and has no fault that axe-core knows',
      async (colorScheme, size) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(SIZES[size]);
        expect(await page.title()).not.toBe('');
        expect(await accessibilityFaults(page)).toEqual([]);
        const width = await page.evaluate('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(SIZES[size].width);
        if (process.env['UPDATE_SCREENSHOTS'] === '1' && size === 'wide' && SCREENSHOTS.includes(name)) {
          await page.screenshot({ path: inRepository('docs/screenshots', `${name}-${colorScheme}.png`) });
        }
        expect(browsing.complaints).toEqual([]);
      },
    );
  });
});
