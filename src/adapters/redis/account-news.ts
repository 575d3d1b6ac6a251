import { randomBytes } from 'node:crypto';
import { ReplyError } from 'ioredis';
import type { AccountNews } from '../../ports/account-news.ts';
import type { Log } from '../../ports/log.ts';
import type { Message, NewsForm, Subscriber } from './news-form.ts';

/** How often the way from a change to us is tried out, in milliseconds; a trial that is not back by the next has failed. */
const TRIAL_EVERY_MS = 500;

/** How long after a refusal Redis is asked again, in milliseconds. */
const ASK_AGAIN_MS = 30_000;

/** What hearing rests on. */
export interface NewsParts {
  readonly subscriber: Subscriber;
  readonly form: NewsForm;
  /** Publishes on every server that changes are written on: a trial has to come back from each. */
  readonly publish: (channel: string, message: string) => readonly Promise<unknown>[];
  readonly log: Log;
}

/**
 * Hear of changes over `subscriber`, which disposing closes. They count as heard only while what is published where
 * changes are written comes back by it: that a connection is open says little after a failover, or where the network
 * swallows.
 * @param keyPrefix what the channel of the trials begins with
 */
export function createAccountNews(
  { subscriber, form, publish, log }: NewsParts,
  keyPrefix: string,
): AccountNews {
  const channel = `${keyPrefix}account-news:${randomBytes(8).toString('hex')}`;
  const trials = createTrials((message) => publish(channel, message));
  const listeners: ((id: number | undefined) => void)[] = [];
  const tell = (id: number | undefined) => {
    for (const listener of listeners) listener(id);
  };
  const hearing = createHearing(log, () => tell(undefined));
  let state: 'idle' | 'asking' | 'subscribed' = 'idle';
  let askAgainAt = 0;

  const ask = async () => {
    state = 'asking';
    await form.prepare(subscriber);
    await subscriber.subscribe(form.channel, channel);
    state = 'subscribed';
    trials.begin();
  };
  const begin = () => {
    ask().catch((err: unknown) => {
      state = 'idle';
      askAgainAt = performance.now() + ASK_AGAIN_MS;
      if (err instanceof ReplyError) hearing.refuse(err);
      else if (subscriber.status === 'ready') subscriber.disconnect(true);
    });
  };
  const beat = () => {
    if (subscriber.status !== 'ready') return;
    if (state === 'idle' && performance.now() >= askAgainAt) begin();
    if (state !== 'subscribed') return;
    const { isBack, failure } = trials.outcome();
    if (!isBack) hearing.lose();
    if (failure instanceof ReplyError) hearing.refuse(failure);
    if (isBack || failure) trials.begin();
    else subscriber.disconnect(true);
  };
  // After a stall of this process, messages that have long been waiting are read first.
  const beats = setInterval(() => setImmediate(beat), TRIAL_EVERY_MS).unref();

  subscriber.on('ready', begin);
  subscriber.on('close', () => {
    state = 'idle';
    askAgainAt = 0;
    hearing.lose();
  });
  // The stores' own connection reports that Redis is away.
  subscriber.on('error', () => {});
  subscriber.on('messageBuffer', (from: Buffer, message: Message) => {
    if (!from.equals(Buffer.from(channel))) for (const id of form.idsIn(message)) tell(id);
    else if (trials.arrive(String(message)) && state === 'subscribed') hearing.begin();
  });
  return {
    isHeard: hearing.isOn,
    listen: (listener) => void listeners.push(listener),
    async [Symbol.asyncDispose]() {
      clearInterval(beats);
      state = 'idle';
      hearing.end();
      subscriber.disconnect();
    },
  };
}

/** Messages of our own, one after the other; each is back when it has arrived from every server it was sent from. */
function createTrials(publish: (message: string) => readonly Promise<unknown>[]) {
  let number = 0;
  let awaited = 0;
  let failure: unknown;
  return {
    begin() {
      const sent = publish(String(++number));
      const trial = number;
      awaited = sent.length || Number.POSITIVE_INFINITY;
      failure = undefined;
      for (const one of sent) {
        one.catch((err: unknown) => {
          if (trial === number) failure = err;
        });
      }
    },
    /** Whether the trial is back by this message. */
    arrive: (message: string): boolean => message === String(number) && --awaited === 0,
    outcome: () => ({ isBack: awaited <= 0, failure }),
  };
}

/** Whether changes are heard of, with one line in the log for each turn. `lost`: called once they no longer are. */
function createHearing(log: Log, lost: () => void) {
  let on = false;
  let isRefused = false;
  const end = () => {
    on = false;
    lost();
  };
  return {
    isOn: () => on,
    begin() {
      if (on) return;
      on = true;
      isRefused = false;
      log.info({}, 'changes of accounts are heard of: the near cache answers verifications');
    },
    lose() {
      if (!on) return;
      log.warn({}, 'changes of accounts are not heard of: every verification asks Redis');
      end();
    },
    /** From here on nothing is heard, as is meant: no line says so. */
    end,
    refuse(err: unknown) {
      if (isRefused) return;
      isRefused = true;
      log.warn({ err }, 'Redis does not let changes of accounts be heard of: every verification asks Redis');
    },
  };
}
