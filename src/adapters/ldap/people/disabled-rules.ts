import type { Entry } from 'ldapts';
import { attributeName } from '../attribute-name.ts';
import { attributeValues } from '../attribute-values.ts';
import { readGeneralizedTime } from './generalized-time.ts';

/** How an attribute says that an account is disabled or has expired. */
export type DisabledRule =
  /** Bit 2 of `userAccountControl` (ADS_UF_ACCOUNTDISABLE). */
  | 'accountDisable'
  /** The word TRUE, as `nsAccountLock` has it. */
  | 'true'
  /** A lock that only an administrator lifts, in `pwdAccountLockedTime`; one after wrong passwords is none. */
  | 'lockedForEver'
  /** 100 nanoseconds since 1601, as `accountExpires` counts; 0 and 2^63 - 1 are never. */
  | 'fileTime'
  /** The first day on which the account is no more, as `shadowExpire` counts; -1 is never. */
  | 'daysSince1970'
  /** A GeneralizedTime, such as `krbPrincipalExpiration` and `pwdEndTime`. */
  | 'generalizedTime'
  /** One of these words, without case, as attributes of one's own have it. */
  | { readonly equals: string | readonly string[] }
  /** Nothing: takes a preset's rule away. */
  | 'none';

/** By attribute; of several names of one attribute the last holds. */
export type DisabledRules = Readonly<Record<string, DisabledRule>>;

/** What an entry says about its account; `unreadable`: the attribute whose value is none of its rule's. */
export type AccountState = 'active' | 'disabled' | { readonly unreadable: string };

/**
 * Judge an entry by the rules; an attribute that it does not have says nothing. A value that cannot be read is not
 * taken for harmless: whoever asks is to treat the account as disabled, and to say why.
 * @param now milliseconds since 1970
 */
export function accountState(entry: Entry, rules: DisabledRules, now: number): AccountState {
  let state: AccountState = 'active';
  for (const [attribute, rule] of inForce(rules)) {
    if (rule === 'none') continue;
    for (const value of attributeValues(entry, attribute)) {
      const isDisabled =
        typeof rule === 'object'
          ? isAmong(rule.equals, value.toString())
          : judges[rule](value.toString(), now);
      if (isDisabled) return 'disabled';
      if (isDisabled === undefined) state = { unreadable: attribute };
    }
  }
  return state;
}

function inForce(rules: DisabledRules): Iterable<[attribute: string, rule: DisabledRule]> {
  return new Map(Object.entries(rules).map((one) => [attributeName(one[0]), one])).values();
}

function isAmong(words: string | readonly string[], value: string): boolean {
  return [words].flat().some((word) => fold(word) === fold(value));
}

function fold(text: string): string {
  return text.normalize('NFC').trim().toLowerCase();
}

/** Whether a value says that the account is disabled; `undefined`: it cannot be read. */
type Judge = (value: string, now: number) => boolean | undefined;

const ACCOUNT_DISABLE = 0x2;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
const DAY_MS = 86_400_000;
const FILE_TIME_NEVER = 0x7fff_ffff_ffff_ffffn;
const FILE_TIME_PER_MS = 10_000n;
const MS_FROM_1601_TO_1970 = 11_644_473_600_000n;
const SHADOW_NEVER = -1;

const judges: Record<Exclude<DisabledRule & string, 'none'>, Judge> = {
  accountDisable: (value) =>
    /^-?\d{1,10}$/.test(value) ? (Number(value) & ACCOUNT_DISABLE) !== 0 : undefined,
  true: (value) => BOOLEANS.get(value.toLowerCase()),
  // Year 0 of the calendar stands for no time at all (draft-behera-ldap-password-policy, 5.3.3).
  lockedForEver: (value) => (readGeneralizedTime(value) === undefined ? undefined : value.startsWith('0000')),
  fileTime: (value, now) => {
    if (!/^\d{1,19}$/.test(value)) return undefined;
    const time = BigInt(value);
    if (time > FILE_TIME_NEVER) return undefined;
    if (time === 0n || time === FILE_TIME_NEVER) return false;
    return time / FILE_TIME_PER_MS - MS_FROM_1601_TO_1970 <= BigInt(Math.floor(now));
  },
  daysSince1970: (value, now) => {
    if (!/^-?\d{1,10}$/.test(value)) return undefined;
    const day = Number(value);
    return day !== SHADOW_NEVER && day * DAY_MS <= now;
  },
  generalizedTime: (value, now) => {
    const time = readGeneralizedTime(value);
    return time === undefined ? undefined : time <= now;
  },
};
