import type { AccountNews } from '../../ports/account-news.ts';
import type { Log } from '../../ports/log.ts';
import { createAccountNews } from './account-news.ts';
import { mastersOf, openSubscriber, type RedisClient } from './client.ts';
import { publishedNews, trackedNews } from './news-form.ts';
import type { RedisOptions } from './redis-options.ts';

/**
 * Hear of the changes that are made over `redis`, by this process and every other, on a connection of its own, which
 * disposing closes.
 */
export function openAccountNews(options: RedisOptions, redis: RedisClient, log: Log): AccountNews {
  const { keyPrefix } = options;
  const parts = {
    subscriber: openSubscriber(options),
    form: 'clusterNodes' in options ? publishedNews(keyPrefix) : trackedNews(keyPrefix),
    publish: (channel: string, message: string) =>
      mastersOf(redis).map((master) => master.publish(channel, message)),
    log,
  };
  return createAccountNews(parts, keyPrefix);
}
