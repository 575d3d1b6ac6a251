import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Replica } from './replica.ts';
import type { Tally } from './tally.ts';

/** What to ask of a replica. */
export interface Question {
  /** What it is counted as. */
  readonly kind: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Posted as a form; without it, GET. */
  readonly form?: Readonly<Record<string, string>>;
  /** The statuses that are right. */
  readonly right: readonly number[];
  /** Hang up after so many milliseconds, answered or not. */
  readonly hangUpAfterMs?: number;
}

/** What was answered; times by `performance.now()`. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly begunAt: number;
  readonly endedAt: number;
}

/** Asks over connections that are kept. Gives `undefined` where the replica was killed meanwhile, or was hung up on. */
export interface Asking extends Disposable {
  ask(replica: Replica, question: Question): Promise<Answer | undefined>;
  /** Close the connections that are kept: others are opened when they are needed. */
  rest(): void;
}

/** Nothing in the service waits so long, in milliseconds: what has no answer then will have none. */
const LONGEST_MS = 30_000;

/** Ask, and count every answer; one that is not right is told of, and so is none. */
export function createAsking(tally: Tally): Asking {
  let agent = new Agent({ keepAlive: true });
  const rest = () => {
    agent.destroy();
    agent = new Agent({ keepAlive: true });
  };

  const send = async (
    replica: Replica,
    { path, headers, form, hangUpAfterMs }: Question,
  ): Promise<Answer> => {
    const begunAt = performance.now();
    const body = form && new URLSearchParams(form).toString();
    const signal = AbortSignal.timeout(hangUpAfterMs ?? LONGEST_MS);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const sent = request(`${replica.url}${path}`, {
      agent,
      signal,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...headers,
        ...(body !== undefined && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
    });
    sent.on('error', reject).on('response', (response) => {
      const answer = { status: response.statusCode ?? 0, headers: response.headers, begunAt };
      text(response).then((all) => resolve({ ...answer, text: all, endedAt: performance.now() }), reject);
    });
    sent.end(body);
    return promise;
  };

  const judge = (replica: Replica, { kind, right }: Question, { status, headers, text: all }: Answer) => {
    tally.count(kind, status);
    const where = `${kind} by the ${replica.name} replica`;
    if (!right.includes(status)) tally.violate(`${where} was answered with ${status} ${all}`);
    const saysWhen = headers['retry-after'] !== undefined || kind === '/readyz';
    if (status === 503 && !saysWhen) tally.violate(`${where}: 503 without Retry-After`);
  };

  return {
    rest,
    async ask(replica, question) {
      const life = replica.life();
      try {
        const answer = await send(replica, question);
        judge(replica, question, answer);
        return answer;
      } catch (failure) {
        if (question.hangUpAfterMs !== undefined) tally.count(question.kind, 'hung up');
        else if (life === undefined || replica.life() !== life) tally.count(question.kind, 'replica killed');
        else {
          tally.count(question.kind, 'no answer');
          tally.violate(`${question.kind} had no answer of the ${replica.name} replica: ${failure}`);
        }
        return undefined;
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}
