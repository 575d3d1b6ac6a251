import type { SignInRefusal } from '../../../src/errors.ts';

/** What a person may be answered, whatever the reason. */
export const PUBLIC_ANSWERS = {
  key: { status: 200, code: undefined, msg: '' },
  incorrect: {
    status: 401,
    code: 'AUTHENTICATION_FAILED',
    msg: 'Your username or password is incorrect',
  },
  deactivated: { status: 401, code: 'USER_DEACTIVATED', msg: 'Account is deactivated' },
  reset: {
    status: 401,
    code: 'PASSWORD_RESET_REQUIRED',
    msg: 'Your password has been disabled and needs to be reset',
  },
} as const;

/** What comes of a case at a directory. */
export interface Came {
  readonly answer: keyof typeof PUBLIC_ANSWERS;
  /** The audit reason: `outcome` in the log of requests. */
  readonly outcome: SignInRefusal | 'accepted';
  /** How many binds as a person the directory saw; the service account's are apart. */
  readonly binds: 0 | 1;
}

/** A cell of the table: what comes of the case, or why the directory cannot have it. */
export type Cell = Came | { readonly cannot: string };

/** The directories that the table has a column for. */
export const DIRECTORIES = {
  openLdap: 'OpenLDAP',
  activeDirectory: 'Active Directory',
  ds389: '389 Directory Server',
} as const;

/** The name of a column. */
export type DirectoryName = keyof typeof DIRECTORIES;

/**
 * How a service is set up: as usual, with the group `staff` required or denied, or with budgets of its own that take
 * five attempts.
 */
export type Setup = 'usual' | 'requires staff' | 'denies staff' | 'takes five attempts';

/** A row of the table. */
export interface Case extends Record<DirectoryName, Cell> {
  /** What is tried, in words. */
  readonly what: string;
  readonly username: string;
  /** What is typed; `own-key` stands for the API key that the person has got before. */
  readonly password: string | { readonly special: 'own-key' };
  /** `usual` without it. */
  readonly setup?: Setup;
  /** How many wrong passwords the directory itself gets before; none without it. */
  readonly wrongBefore?: number;
}

/** A cell, as docs/outcomes.md writes it. */
export function cellText(cell: Cell): string {
  if ('cannot' in cell) return `cannot: ${cell.cannot}`;
  return `${cell.answer}, \`${cell.outcome}\`, ${cell.binds}`;
}
