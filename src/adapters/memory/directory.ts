import { Unavailable } from '../../errors.ts';
import type { Directory, Rechecked, Verified } from '../../ports/directory.ts';
import type { Principal } from '../../ports/principal.ts';

/** Someone in a directory of this process. */
export interface MemoryPerson {
  readonly principal: Principal;
  readonly password: string;
  /** What the directory says after the right password; `undefined`: it accepts. */
  readonly state?: Exclude<Extract<Verified, { refusal: string }>['refusal'], 'wrong-password'>;
}

/** What a state is where no password is asked about; one that is not here lets keys alone. */
const KEEPS_OUT: { readonly [State in NonNullable<MemoryPerson['state']>]?: Out } = {
  'account-disabled': 'account-disabled',
  'account-expired': 'account-disabled',
  'account-inactivated': 'account-disabled',
  'not-permitted': 'not-permitted',
};
type Out = Extract<Rechecked, { out: string }>['out'];

/** A directory of this process, for the domain's tests: it counts what it is asked, and can be away. */
export interface MemoryDirectory extends Directory {
  /** How many times a password was asked about. */
  readonly binds: () => number;
  /** How many times somebody was rechecked, whether that was answered or not. */
  readonly rechecks: () => number;
  /** From here on every call throws `Unavailable`, or answers again; and it is thought to, until `setUp`. */
  readonly setAway: (away: boolean) => void;
  /** From here on it is thought to answer or not, whatever it does. */
  readonly setUp: (up: boolean) => void;
  /** From here on these are its people. */
  readonly setPeople: (people: readonly MemoryPerson[]) => void;
  /** From here on this server answers rechecks; `memory` before. */
  readonly setServer: (name: string) => void;
}

/** People are found by login name or email, without case. */
export function createMemoryDirectory(initial: readonly MemoryPerson[]): MemoryDirectory {
  let people = initial;
  let binds = 0;
  let rechecks = 0;
  let away = false;
  let up = true;
  let server = 'memory';
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
    async recheck({ entryId }) {
      rechecks++;
      answer();
      const person = people.find(({ principal }) => principal.entryId === entryId);
      if (!person) return { out: 'not-found', server };
      const out = person.state && KEEPS_OUT[person.state];
      return out ? { out, server } : { principal: person.principal, server };
    },
    isUp: () => up,
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
    rechecks: () => rechecks,
    setAway: (value) => {
      away = value;
      up = !value;
    },
    setUp: (value) => {
      up = value;
    },
    setPeople: (value) => {
      people = value;
    },
    setServer: (name) => {
      server = name;
    },
  };
}
