import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Stack, startStack } from '../service/stack.ts';
import { startChromium } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import type { ServiceProcess } from '../support/service-process.ts';

/** A service with its parts, and a browser beside it. */
export interface Browsing extends AsyncDisposable {
  readonly service: ServiceProcess;
  /** A window without any cookie. What its console says against our pages is in `complaints`. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** What the Content-Security-Policy forbade on any page so far, and scripts that threw. */
  readonly complaints: readonly string[];
}

/** Start all of it. The service's public URL is its own. */
export async function startBrowsing(): Promise<Browsing> {
  await using starting = new AsyncDisposableStack();
  const stack: Stack = starting.use(await startStack());
  const port = await freePort();
  const service = await stack.startService({
    LATCHKEY_PUBLIC_URL: `http://127.0.0.1:${port}`,
    LATCHKEY_REALM_NAME: 'Denmark',
    PORT: String(port),
  });
  const browser: Browser = starting.use(await startChromium());
  const parts = starting.move();
  const complaints: string[] = [];
  return {
    service,
    complaints,
    async open(options = {}) {
      const context = await browser.newContext({ baseURL: service.url, ...options });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: service.url });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      return page;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** Fill the form in that is open, and send it. */
export async function submitSignIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel(/username/i).fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Sign in as alice, up to her account. */
export async function signInAsAlice(page: Page): Promise<void> {
  await page.goto('/accounts/login/');
  await submitSignIn(page, 'alice', 'alice-secret');
  await page.waitForURL('**/account');
}

/** The key that the account page shows. */
export async function shownKey(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Show key' }).click();
  return page.getByLabel('Your API key').inputValue();
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core says of a page. */
interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** What axe-core finds wrong with the open page: rule and elements. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
}
