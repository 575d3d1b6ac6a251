import type { StoppingRelay } from '../../support/stopping-relay.ts';
import { signIn } from '../stack.ts';
import type { Person } from './expect-kept.ts';
import { type ServiceVictims, startCommandVictim, type Victim, type VictimParts } from './victims.ts';

/** What an operation came to, as far as whoever asked for it has heard. */
export interface Heard {
  /** A key that was handed out. */
  readonly key?: string;
  /** That the old key has ended. */
  readonly hasEnded?: boolean;
}

/** An operation under way, at the mercy of its relay. */
export interface Asked extends AsyncDisposable {
  readonly victim: Victim;
  /** Settles when there is an answer, or none to come; never rejects. */
  readonly heard: Promise<Heard>;
}

/** Whom to ask, about whom, and what to do before. */
export interface Asking extends VictimParts {
  readonly victims: ServiceVictims;
  readonly person: Person;
  /** The person's key until now; empty where there is none. */
  readonly old: string;
  /** Tells the relay where to stop. */
  readonly arm: (relay: StoppingRelay) => void;
}

/** Something that takes more than one step. */
export interface Operation {
  readonly what: string;
  /** What there is of the person before. */
  readonly before: 'nothing' | 'a key' | 'an account without a key';
  /** Whether it is something else where replicas acknowledge: they have a part in it, and in no other quite so. */
  readonly isAcknowledged: boolean;
  readonly ask: (asking: Asking) => Promise<Asked>;
}

/** Every one of them. */
export const OPERATIONS: readonly Operation[] = [
  { what: 'a first sign-in', before: 'nothing', isAcknowledged: true, ask: askToSignIn },
  {
    what: 'a sign-in after a revocation',
    before: 'an account without a key',
    isAcknowledged: false,
    ask: askToSignIn,
  },
  { what: 'a regeneration', before: 'a key', isAcknowledged: true, ask: askToRegenerate },
  {
    what: 'latchkey accounts revoke',
    before: 'a key',
    isAcknowledged: true,
    ask: (asking) => askCommand(asking, ['revoke', asking.person.name]),
  },
  {
    what: 'latchkey accounts delete',
    before: 'a key',
    isAcknowledged: false,
    ask: (asking) => askCommand(asking, ['delete', '--yes', asking.person.name]),
  },
];

async function askToSignIn({ victims, person, arm }: Asking): Promise<Asked> {
  const victim = await victims.take();
  arm(victim.relay);
  const answer = signIn(victim.url, person.name, person.password);
  return asked(
    victim,
    answer.then(({ apiKey }) => (apiKey === '' ? {} : { key: apiKey })),
  );
}

async function askToRegenerate({ victims, person, old, arm }: Asking): Promise<Asked> {
  const victim = await victims.take();
  arm(victim.relay);
  const answer = regenerate(victim.url, person.name, old);
  return asked(
    victim,
    answer.then((key) => (key === undefined ? {} : { key })),
  );
}

async function askCommand(asking: Asking, args: readonly string[]): Promise<Asked> {
  const victim = await startCommandVictim(asking, ['accounts', ...args], asking.arm);
  return asked(
    victim,
    victim.running.ended.then(({ code }) => ({ hasEnded: code === 0 })),
  );
}

function asked(victim: Victim, answer: Promise<Heard>): Asked {
  return {
    victim,
    // It was killed before it answered.
    heard: answer.catch(() => ({})),
    [Symbol.asyncDispose]: () => victim[Symbol.asyncDispose](),
  };
}

async function regenerate(url: string, name: string, key: string): Promise<string | undefined> {
  const response = await fetch(`${url}/api/v1/users/me/api_key/regenerate`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${name}:${key}`).toString('base64')}` },
  });
  return ((await response.json()) as { api_key?: string }).api_key;
}
