import { afterAll, beforeAll, describe, test } from '@jest/globals';
import fc from 'fast-check';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { tellDirectory } from './account-life/command.ts';
import { directoryCommands, emailOf } from './account-life/directory-commands.ts';
import { addPerson, noFacts, WORDS } from './account-life/facts.ts';
import { operatorCommands } from './account-life/operator-commands.ts';
import { peopleCommands } from './account-life/people-commands.ts';
import { judgeSignIn, signIn } from './account-life/signing-in.ts';
import { inWords, type Tally } from './account-life/tally.ts';
import { weatherCommands } from './account-life/weather-commands.ts';
import { ringAt, startWorld } from './account-life/world.ts';

const LIVES = 16;
const MOST_COMMANDS = 100;
const PEOPLE = 2;
/** On a machine so slow fewer lives are lived, and a failure is shrunk less. */
const TIME_LIMIT_MS = 45_000;

/** Of the lives of a failure, as it names them: `seed`, `seed path` or `seed path replayPath`. They are lived again. */
const [seed, path, replayPath] = process.env['ACCOUNT_LIFE']?.split(' ') ?? [];

/** Of any length up to the greatest, each as likely. */
const lives = fc.noBias(
  fc.commands(
    [...peopleCommands, ...directoryCommands, ...operatorCommands, ...weatherCommands].flatMap(
      ([weight, one]) => Array.from({ length: weight }, () => one),
    ),
    { maxCommands: MOST_COMMANDS, size: 'max', ...(replayPath && { replayPath }) },
  ),
);

describe('the life of an account, on two replicas and a real Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis?.[Symbol.asyncDispose]();
  });

  test(
    'keeps every promise about keys, whatever happens in whatever order',
    async () => {
      const tally: Tally = new Map();
      const property = fc.asyncProperty(lives, async (life) => {
        await using world = await startWorld(redis.url);
        const ids = ringAt(0).secrets.map(({ id }) => id);
        const facts = noFacts([ids, ids], tally);
        const [first] = WORDS.slice(0, PEOPLE).map((word) => addPerson(facts, word, emailOf(word)));
        tellDirectory(facts, world);
        if (first) judgeSignIn(facts, 0, first, await signIn(world, 0, first.username));
        await fc.asyncModelRun(() => ({ model: facts, real: world }), life);
      });
      await fc.assert(property, {
        numRuns: LIVES,
        ...(seed && { seed: Number(seed) }),
        ...(path && { path }),
        interruptAfterTimeLimit: TIME_LIMIT_MS,
      });
      process.stderr.write(`${LIVES} lives: ${inWords(tally)}\n`);
    },
    2 * TIME_LIMIT_MS,
  );
});
