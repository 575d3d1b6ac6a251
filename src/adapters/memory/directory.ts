import { Unavailable } from '../../errors.ts';
import type { Directory, Verified } from '../../ports/directory.ts';
import type { Principal } from '../../ports/principal.ts';

/** Someone in a directory of this process. */
export interface MemoryPerson {
  readonly principal: Principal;
  readonly password: string;
  /** What the directory says after the right password; `undefined`: it accepts. */
  readonly state?: Exclude<Extract<Verified, { refusal: string }>['refusal'], 'wrong-password'>;
}

/** A directory of this process, for the domain's tests: it counts what it is asked, and can be away. */
export interface MemoryDirectory extends Directory {
  /** How many times a password was asked about. */
  readonly binds: () => number;
  /** From here on every call throws `Unavailable`, or answers again. */
  readonly setAway: (away: boolean) => void;
}

/** People are found by login name or email, without case. */
export function createMemoryDirectory(people: readonly MemoryPerson[]): MemoryDirectory {
  let binds = 0;
  let away = false;
  const answer = () => {
    if (away) throw new Unavailable('directory', 'the directory is away');
  };
  return {
    async find(username) {
      answer();
      const wanted = username.toLowerCase();
      const [person, another] = people.filter(({ principal }) =>
        [principal.username, ...principal.emails].some((name) => name.toLowerCase() === wanted),
      );
      if (!person) return { refusal: 'unknown-user' };
      if (another) return { refusal: 'ambiguous' };
      const isDisabled = person.state === 'account-disabled';
      return { principal: person.principal, ...(isDisabled && { isDisabled }) };
    },
    async verifyPassword(principal, password) {
      answer();
      binds++;
      const person = people.find(
        (one) => 'entryId' in principal && one.principal.entryId === principal.entryId,
      );
      if (person?.password !== password) return { refusal: 'wrong-password' };
      return person.state ? { refusal: person.state } : { principal: person.principal };
    },
    async admit(principal) {
      answer();
      return { principal };
    },
    async countByEmail(email) {
      answer();
      const wanted = email.toLowerCase();
      const holders = people.filter(({ principal }) =>
        principal.emails.some((one) => one.toLowerCase() === wanted),
      );
      return Math.min(holders.length, 2);
    },
    async countByUsername({ username }) {
      answer();
      const wanted = username.toLowerCase();
      const holders = people.filter(({ principal }) => principal.username.toLowerCase() === wanted);
      return Math.min(holders.length, 2);
    },
    async list(limit) {
      answer();
      return people.slice(0, limit).map(({ principal }) => principal);
    },
    async ping() {
      answer();
    },
    binds: () => binds,
    setAway: (value) => {
      away = value;
    },
  };
}
