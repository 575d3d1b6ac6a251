import type { RequestLine } from '../../ports/log.ts';

/** How many lines there were beside those that were written, in about a second. */
export interface LeftOut extends Pick<RequestLine, 'path' | 'outcome' | 'userId'> {
  readonly count: number;
}

/** Decides which lines are written. */
export interface LineLimit {
  readonly admits: (line: RequestLine) => boolean;
  /** Tell now of what was left out since it was told of last. */
  readonly tell: () => void;
}

/** The lines of one outcome in one second. */
interface Alike {
  readonly path: string;
  written: number;
  /** How many were left out of each account whose line was written; as many accounts as there were requests at most. */
  readonly accounts: Map<number, number>;
  /** The client addresses of whom no account is known, each with a line; at most as many as the limit. */
  readonly addresses: Set<string | undefined>;
  /** How many were left out of those. */
  leftOut: number;
}

const SECOND_MS = 1000;

/**
 * Admit `most` lines of each outcome in a second, and beyond them the first of each account, and the first of each of
 * `most` client addresses where there is none; tell how many more there were when it is over, of each account by
 * itself. So no use of a key hides behind another's, and keys that are none, which anybody can send, fill no disk.
 */
export function createLineLimit(most: number, tellOf: (leftOut: LeftOut) => void): LineLimit {
  const seen = new Map<string | undefined, Alike>();
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const [outcome, { path, accounts, leftOut }] of seen) {
      for (const [userId, count] of accounts) if (count > 0) tellOf({ path, outcome, userId, count });
      if (leftOut > 0) tellOf({ path, outcome, count: leftOut });
    }
    seen.clear();
  };
  const begin = ({ path, outcome }: RequestLine): Alike => {
    const alike = { path, written: 0, accounts: new Map(), addresses: new Set<string>(), leftOut: 0 };
    seen.set(outcome, alike);
    return alike;
  };
  return {
    tell,
    admits(line) {
      timer ??= setTimeout(tell, SECOND_MS).unref();
      const alike = seen.get(line.outcome) ?? begin(line);
      if (isFirst(alike, line, most) || alike.written < most) {
        alike.written++;
        return true;
      }
      if (line.userId === undefined) alike.leftOut++;
      else alike.accounts.set(line.userId, (alike.accounts.get(line.userId) ?? 0) + 1);
      return false;
    },
  };
}

function isFirst({ accounts, addresses }: Alike, { userId, address }: RequestLine, most: number): boolean {
  if (userId !== undefined) {
    if (accounts.has(userId)) return false;
    accounts.set(userId, 0);
    return true;
  }
  if (addresses.size >= most || addresses.has(address)) return false;
  addresses.add(address);
  return true;
}
