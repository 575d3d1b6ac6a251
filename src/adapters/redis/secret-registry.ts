import type { SecretRegistry } from '../../ports/secret-registry.ts';
import { answered, type RedisClient } from './client.ts';

const KEY = 'secrets';

/** The registry in Redis: one string. */
export function createRedisSecretRegistry(redis: RedisClient): SecretRegistry {
  return {
    register: (ids, isStart) => answered(redis.registerSecrets(KEY, isStart ? 1 : 0, ...ids)),
    async accept(id) {
      await answered(redis.set(KEY, id));
    },
    registered: async () => (await answered(redis.get(KEY))) ?? undefined,
  };
}
