import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { signIn } from './stack.ts';

/** How one sign-in under load went. */
export interface LoadAnswer {
  readonly username: string;
  readonly status: number;
  readonly retryAfter: string | null;
  /** By `performance.now()`. */
  readonly begunAt: number;
  readonly tookMs: number;
}

/** People who sign in again and again, each one sign-in at a time. Its end waits for what is under way. */
export interface Load extends AsyncDisposable {
  /** All that was answered so far. */
  readonly answers: readonly LoadAnswer[];
  /**
   * Waits until everybody has been answered `times` more, counting only sign-ins that begin after this call; what
   * was under way at the call is then over, too. Gives those answers.
   */
  more(times: number): Promise<readonly LoadAnswer[]>;
}

/** What everybody waits between an answer and the next sign-in: so that the load leaves the machine some time. */
const PAUSE_MS = 20;

/** Let these people sign in at `url`, with the passwords that `loadPeople` gives them, until the load ends. */
export function startLoad(url: string, people: readonly string[]): Load {
  const answers: LoadAnswer[] = [];
  let ended = false;
  const signInForEver = async (username: string) => {
    while (!ended) {
      const begunAt = performance.now();
      const { status, headers } = await signIn(url, username, `secret-${username}`);
      const retryAfter = headers.get('retry-after');
      answers.push({ username, status, retryAfter, begunAt, tookMs: performance.now() - begunAt });
      await delay(PAUSE_MS);
    }
  };
  const everybody = Promise.all(people.map(signInForEver));
  return {
    answers,
    async more(times) {
      const calledAt = performance.now();
      const since = () => answers.filter(({ begunAt }) => begunAt >= calledAt);
      const enough = () => {
        const names = since().map(({ username }) => username);
        return people.every((one) => names.filter((name) => name === one).length >= times);
      };
      await Promise.race([everybody, until(`everybody was answered ${times} times more`, enough)]);
      return since();
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      await everybody;
    },
  };
}

/** Each status that was answered, once. */
export const statusesOf = (answers: readonly LoadAnswer[]) => new Set(answers.map(({ status }) => status));
