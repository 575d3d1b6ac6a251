import { expect } from '@jest/globals';
import { currentApiKey } from '../../../src/keys/current-api-key.ts';
import type { SecretRing } from '../../../src/keys/secret-ring.ts';
import type { Account, AccountStore } from '../../../src/ports/account-store.ts';
import { until } from '../../support/until.ts';
import { signIn, verify } from '../stack.ts';
import type { Heard } from './operations.ts';

/** Somebody of the directory. */
export interface Person {
  readonly name: string;
  readonly password: string;
}

/** Where to look. */
export interface Witnesses {
  /** The URL of a replica that nobody kills, on Redis itself. */
  readonly url: string;
  /** The accounts in Redis itself. */
  readonly accounts: AccountStore;
  readonly ring: SecretRing;
}

/** The keys of somebody whose replica was killed, as they are for good. */
export interface Fate {
  readonly living: string;
  readonly dead: readonly string[];
}

/**
 * Expect that all is well after an operation of `person` was cut short: whoever had the key `old` (`undefined`: there was
 * none) and has `heard` no more than that. Gives which keys live now.
 */
export async function expectKept(
  witnesses: Witnesses,
  person: Person,
  old: string | undefined,
  heard: Heard,
): Promise<Fate> {
  const { url, ring } = witnesses;
  const { pointed } = await accountsOf(witnesses, person);
  const isAlive = old !== undefined && pointed !== undefined && currentApiKey(ring, pointed) === old;
  if (old !== undefined) {
    // The other replica may have kept it until a moment ago.
    await until(`the old key is ${isAlive ? 'good' : 'dead'}`, async () => {
      return (await verify(url, old)).status === (isAlive ? 200 : 401);
    });
    if (heard.key !== undefined || heard.hasEnded) expect(isAlive).toBe(false);
  }
  if (heard.key !== undefined) expect(await statusOf(url, heard.key)).toBe(200);

  const [first, second] = [await comeIn(url, person), await comeIn(url, person)];
  expect(second).toBe(first);
  expect(await statusOf(url, first)).toBe(200);
  if (heard.key !== undefined) expect(first).toBe(heard.key);
  const dead = old === undefined || old === first ? [] : [old];
  expect(dead).toEqual(old === undefined || isAlive ? [] : [old]);
  for (const key of dead) expect(await statusOf(url, key)).toBe(401);
  await expectOneAccount(witnesses, person, [first, ...dead]);
  return { living: first, dead };
}

/** That a pointer leads to the account of the first of `seen`, and to no other; what it does not lead to carries none of them. */
async function expectOneAccount(
  witnesses: Witnesses,
  person: Person,
  seen: readonly string[],
): Promise<void> {
  const { pointed, astray } = await accountsOf(witnesses, person);
  expect(pointed && currentApiKey(witnesses.ring, pointed)).toBe(seen[0]);
  for (const account of astray) expect(seen).not.toContain(currentApiKey(witnesses.ring, account));
}

/** The account that the pointer of a person's entry leads to, and the others of that entry. */
async function accountsOf({ accounts }: Witnesses, { name }: Person) {
  const own: Account[] = [];
  for await (const id of accounts.ids()) {
    const account = await accounts.read(id);
    if (account?.owner.username === name) own.push(account);
  }
  const [one] = own;
  const id = one && (await accounts.findId(one.directoryId, one.entryId));
  return {
    pointed: own.find((account) => account.id === id),
    astray: own.filter((account) => account.id !== id),
  };
}

async function comeIn(url: string, { name, password }: Person): Promise<string> {
  const { status, apiKey } = await signIn(url, name, password);
  expect(status).toBe(200);
  return apiKey;
}

async function statusOf(url: string, key: string): Promise<number> {
  return (await verify(url, key)).status;
}
