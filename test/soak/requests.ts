import type { Answer, Asking } from './ask.ts';
import type { Chance } from './chance.ts';
import { type KeyLife, newKey, wrongAbout } from './key-life.ts';
import type { Person } from './people.ts';
import type { Replica } from './replica.ts';
import type { Tally } from './tally.ts';
import { ATTEMPTS } from './world.ts';

/** The requests that the load is made of; each answer is judged by what is known of the key and its owner. */
export interface Requests {
  /** Ask about a key as a gateway does. @param name sent beside the key; without it, the key comes alone */
  verify(replica: Replica, key: KeyLife, kind: string, name?: string): Promise<Answer | undefined>;
  /** Ask about oneself as Zulip's clients do. */
  usersMe(replica: Replica, person: Person): Promise<Answer | undefined>;
  /** Sign in with the right password. Gives the key; `undefined`: none came. */
  signIn(replica: Replica, person: Person, name?: string): Promise<string | undefined>;
  /** Sign in with a wrong password. */
  guess(replica: Replica, name: string, address: string): Promise<void>;
  /** Gives the new key; `undefined`: none came, and nobody knows whether there is one. */
  regenerate(replica: Replica, person: Person): Promise<string | undefined>;
}

const SIGN_IN = '/api/v1/fetch_api_key';

/** Make them. */
export function createRequests({ ask }: Asking, chance: Chance, tally: Tally): Requests {
  const judged = (what: string, key: KeyLife, answer: Answer | undefined): Answer | undefined => {
    const wrong = answer && wrongAbout(key, answer);
    if (wrong) tally.violate(`${what}: ${wrong}`);
    return answer;
  };
  const credentials = (apiKey: string, name: string | undefined): Record<string, string> => {
    if (name !== undefined) return basic(name, apiKey);
    return chance.happens(0.5) ? { Authorization: `Bearer ${apiKey}` } : { 'X-API-Key': apiKey };
  };
  // Sign-ins of a person since the last that came to its end: Redis may have counted any whose answer was lost.
  const lost = new Map<string, number>();
  const mayBeSpent = (name: string) => (lost.get(name) ?? 0) >= ATTEMPTS;
  return {
    async verify(replica, key, kind, name) {
      const headers = credentials(key.apiKey, name);
      const answer = await ask(replica, { kind, path: '/verify', headers, right: [200, 401, 503] });
      return judged(`${kind} by the ${replica.name} replica`, key, answer);
    },
    async usersMe(replica, { key, name, userId }) {
      const headers = basic(`${name}@example.org`, key.apiKey);
      const question = { kind: 'users/me', path: '/api/v1/users/me', headers, right: [200, 401, 503] };
      const answer = judged('users/me', key, await ask(replica, question));
      const isOther = answer?.status === 200 && JSON.parse(answer.text).user_id !== userId;
      if (isOther) tally.violate(`users/me of ${name} was answered with another account: ${answer.text}`);
      return answer;
    },
    async signIn(replica, { name, password, address, key, userId }, username = name) {
      const answer = await ask(replica, {
        ...{ kind: 'sign-in', path: SIGN_IN, headers: { 'X-Forwarded-For': address } },
        ...{ form: { username, password }, right: mayBeSpent(name) ? [200, 429, 503] : [200, 503] },
      });
      lost.set(name, answer?.status === 200 ? 0 : (lost.get(name) ?? 0) + 1);
      if (answer?.status !== 200) return undefined;
      const given = JSON.parse(answer.text) as { api_key: string; user_id: number };
      if (given.user_id !== userId) tally.violate(`sign-in of ${name} was answered with another account`);
      // A key that was good throughout is the one that is given.
      const wrong = given.api_key === key.apiKey ? undefined : wrongAbout(key, { ...answer, status: 401 });
      if (wrong) tally.violate(`sign-in of ${name}: another key was given, though the last was good`);
      return given.api_key;
    },
    async guess(replica, username, address) {
      await ask(replica, {
        ...{ kind: 'sign-in, wrong password', path: SIGN_IN, headers: { 'X-Forwarded-For': address } },
        ...{ form: { username, password: `guess ${chance.between(1, 1e9)}` }, right: [401, 429, 503] },
      });
    },
    async regenerate(replica, { name, key }) {
      const answer = await ask(replica, {
        ...{ kind: 'regenerate', path: '/api/v1/users/me/api_key/regenerate', form: {} },
        ...{ headers: basic(`${name}@example.org`, key.apiKey), right: [200, 401, 503] },
      });
      if (answer?.status !== 200) return undefined;
      return (JSON.parse(answer.text) as { api_key: string }).api_key;
    },
  };
}

/** Let somebody sign in who has not yet. @throws {Error} where they cannot now */
export async function firstKey(
  { ask }: Asking,
  replica: Replica,
  { name: username, password, address }: Omit<Person, 'key' | 'userId'>,
): Promise<Pick<Person, 'key' | 'userId'>> {
  const answer = await ask(replica, {
    ...{ kind: 'first sign-in', path: SIGN_IN, headers: { 'X-Forwarded-For': address } },
    ...{ form: { username, password }, right: [200, 503] },
  });
  if (answer?.status !== 200) throw new Error(`${username} could not sign in: ${answer?.text}`);
  const { api_key: apiKey, user_id: userId } = JSON.parse(answer.text);
  return { key: newKey(apiKey), userId };
}

const basic = (name: string, apiKey: string) => ({
  Authorization: `Basic ${Buffer.from(`${name}:${apiKey}`).toString('base64')}`,
});
