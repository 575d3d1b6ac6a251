import type { RequestListener } from 'node:http';
import type { MemoryDirectory } from '../../../src/adapters/memory/directory.ts';
import type { PageOptions } from '../../../src/http/pages/page-routes.ts';
import { currentApiKey } from '../../../src/keys/current-api-key.ts';
import { createRegenerateApiKey } from '../../../src/keys/regenerate-api-key.ts';
import type { Account } from '../../../src/ports/account-store.ts';
import { createMemoryApp, type MemoryAppOptions } from '../memory-app.ts';
import type { RecordedLog } from '../recorded-log.ts';
import type { SwitchedStore } from '../switched-store.ts';

/** What differs from the pages that most tests want. */
export interface PageAppOptions
  extends Pick<MemoryAppOptions, 'people' | 'perAddress'>,
    Partial<Pick<PageOptions, 'passwordResetUrl' | 'sso'>> {
  readonly realm?: Partial<PageOptions['realm']>;
}

/** The app with what a test of its pages turns and reads. The clock stands still until it is advanced. */
export interface PageApp {
  readonly listener: RequestListener;
  readonly directory: MemoryDirectory;
  readonly store: SwitchedStore;
  readonly log: RecordedLog;
  readonly advance: (ms: number) => void;
  /** The key of somebody who has an account. */
  readonly keyOf: (username: string) => Promise<string>;
  /** Give somebody's account a new key as another replica would. */
  readonly regenerateElsewhere: (username: string) => Promise<void>;
}

/** Make the app that `options` describe; without any, hamlet and ophelia are in the directory of an https realm. */
export function createPageApp(options: PageAppOptions = {}): PageApp {
  const { parts, ...app } = createMemoryApp(options);
  const regenerateApiKey = createRegenerateApiKey(parts);
  const accountOf = async (username: string): Promise<Account> => {
    const id = await parts.accounts.findId('default', `id-of-${username}`);
    const account = id === undefined ? undefined : await parts.accounts.read(id);
    if (!account) throw new Error(`${username} has no account`);
    return account;
  };
  return {
    ...app,
    keyOf: async (username) => currentApiKey(parts.ring, await accountOf(username)) ?? '',
    regenerateElsewhere: async (username) => {
      await regenerateApiKey(await accountOf(username));
    },
  };
}
