import { createRedisAttemptCounter } from '../adapters/redis/attempt-counter.ts';
import type { Config } from '../config/config.ts';
import { recogniseApiKey } from '../keys/api-key.ts';
import { createSecretRing } from '../keys/secret-ring.ts';
import { type CheckedDirectory, checkDirectory } from './directory/check-directory.ts';
import type { Opened } from './opened.ts';
import { type Asked, checkPerson } from './person/check-person.ts';
import { checkPublicUrl } from './service/public-url.ts';
import { checkRedis } from './service/redis.ts';
import type { Walk } from './step.ts';

/**
 * Walk through everything that a sign-in rests on.
 * @param asked whose sign-in is tried; `undefined`: nobody's
 * @returns whether a sign-in would work: the person's, as far as it was tried, or else anybody's of any directory
 */
export async function diagnose(
  walk: Walk,
  config: Config,
  opened: Opened,
  asked: Asked | undefined,
): Promise<boolean> {
  const directories: CheckedDirectory[] = [];
  for (const one of opened.each) directories.push(await checkDirectory(walk, one));
  const ring = createSecretRing(config.secret);
  const isApiKey = (text: string) => recogniseApiKey(ring, text) !== undefined;
  const comesIn = asked
    ? await checkPerson({ walk, config, opened, directories, isApiKey }, asked)
    : directories.every(({ isGood }) => isGood);
  const isKept = await checkService(walk, config);
  return comesIn && isKept;
}

/** Redis and the public URL: whether what is signed in is kept, and no forged header believed. */
async function checkService(walk: Walk, config: Config): Promise<boolean> {
  const { isGood, client } = await checkRedis(walk, config);
  try {
    const attempts = client && createRedisAttemptCounter(client);
    const isSafe = await checkPublicUrl(walk, config, attempts);
    return isGood && isSafe;
  } finally {
    client?.disconnect();
  }
}
