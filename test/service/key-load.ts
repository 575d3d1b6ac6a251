import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { verify } from './stack.ts';

/** What is asked for. */
export type Asked = 'sign-in' | 'verification' | 'regeneration';

/** How one request was answered. */
export interface KeyAnswer {
  readonly asked: Asked;
  readonly status: number;
  /** By `performance.now()`. */
  readonly at: number;
}

/** New people who come and have their keys replaced, and others who use theirs. Its end waits for what is under way. */
export interface KeyLoad extends AsyncDisposable {
  /** All that was answered so far. */
  readonly answers: readonly KeyAnswer[];
  /** What must never be, in words that show no key. */
  readonly wrongs: readonly string[];
  /** The newest key that each person has seen, by login name. */
  readonly latest: ReadonlyMap<string, string>;
  /** Every key that a person has seen replaced by another. */
  readonly replaced: readonly string[];
  /** Waits until in every lane so many people have come all the way who began after this call: one without `lives`. */
  more(lives?: number): Promise<void>;
}

/** What a client waits before it asks again, in milliseconds: less than it is told to, so that outages are measured. */
const PAUSE_MS = 20;

/**
 * Let these people of `loadPeople` come to `url` one after the other in each of `lanes` lanes, until the load ends: each
 * signs in, has the key verified and replaced, and asks about both. What is answered 503 is asked again. In as many
 * lanes more, keys of those who have been there are verified.
 */
export function startKeyLoad(url: string, names: readonly string[], lanes: number): KeyLoad {
  const latest = new Map<string, string>();
  const replaced: string[] = [];
  const settled: string[] = [];
  const lived = Array<number>(lanes).fill(0);
  const ending = new AbortController();
  const { signal } = ending;
  const { answers, wrongs, ask, untilAnswered } = createAsking(signal);

  const comeIn = async (name: string) => {
    const key = keyIn(await untilAnswered('sign-in', 200, () => signIn(url, name)));
    if (key !== undefined) latest.set(name, key);
    return key;
  };
  const check = (key: string, expected: number) =>
    untilAnswered('verification', expected, () => verify(url, key));
  const live = async (name: string) => {
    const first = await comeIn(name);
    if (first === undefined) return;
    await check(first, 200);
    // Nobody knows what has become of a 503: to sign in says.
    const second =
      keyIn(await ask('regeneration', 200, regenerate(url, name, first))) ?? (await comeIn(name));
    if (second === undefined) return;
    latest.set(name, second);
    await check(second, 200);
    if (second !== first) {
      replaced.push(first);
      await check(first, 401);
    }
    settled.push(second);
  };
  const come = async (lane: number) => {
    for (let at = lane; !signal.aborted; at += lanes) {
      const name = names[at];
      if (name === undefined) throw new Error('the load has run out of people');
      await live(name);
      lived[lane] = (lived[lane] ?? 0) + 1;
      await delay(PAUSE_MS);
    }
  };
  const use = async () => {
    for (let at = 0; !signal.aborted; at++) {
      const key = settled[(at * 7) % Math.max(settled.length, 1)];
      if (key !== undefined) await check(key, 200);
      await delay(PAUSE_MS);
    }
  };
  const everybody = Promise.all(lived.flatMap((_, lane) => [come(lane), use()]));
  return {
    ...{ answers, wrongs, latest, replaced },
    async more(lives = 1) {
      // Whoever is under way now has begun before.
      const goals = lived.map((before) => before + lives + 1);
      const enough = () => lived.every((now, lane) => now >= (goals[lane] ?? 0));
      await Promise.race([everybody, until('every lane has gone on', enough)]);
    },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await everybody;
    },
  };
}

/** Puts questions, and keeps how they were answered; what is neither expected nor a proper 503 is wrong. */
function createAsking(signal: AbortSignal) {
  const answers: KeyAnswer[] = [];
  const wrongs: string[] = [];
  /** The answer's text; `undefined` where it is 503. */
  const ask = async (asked: Asked, expected: number, question: Promise<Response>) => {
    const response = await question;
    const text = await response.text();
    const { status, headers } = response;
    answers.push({ asked, status, at: performance.now() });
    if (status === 503 && Number(headers.get('retry-after')) >= 1) return undefined;
    if (status !== expected) wrongs.push(`a ${asked} was answered ${status}, not ${expected}`);
    return text;
  };
  /** Asks until the answer is no 503, or the load ends. */
  const untilAnswered = async (asked: Asked, expected: number, question: () => Promise<Response>) => {
    for (;;) {
      const text = await ask(asked, expected, question());
      if (text !== undefined || signal.aborted) return text;
      await delay(PAUSE_MS);
    }
  };
  return { answers, wrongs, ask, untilAnswered };
}

function keyIn(text: string | undefined): string | undefined {
  return text ? (JSON.parse(text) as { api_key?: string }).api_key : undefined;
}

function signIn(url: string, username: string): Promise<Response> {
  const body = new URLSearchParams({ username, password: `secret-${username}` });
  return fetch(`${url}/api/v1/fetch_api_key`, { method: 'POST', body });
}

function regenerate(url: string, username: string, key: string): Promise<Response> {
  const Authorization = `Basic ${Buffer.from(`${username}:${key}`).toString('base64')}`;
  return fetch(`${url}/api/v1/users/me/api_key/regenerate`, { method: 'POST', headers: { Authorization } });
}
