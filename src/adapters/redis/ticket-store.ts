import type { TicketStore } from '../../ports/ticket-store.ts';
import { answered, type RedisClient } from './client.ts';

/** Tickets in Redis: strings that expire by themselves. */
export function createRedisTicketStore(redis: RedisClient): TicketStore {
  return {
    async put(key, value, lifetimeMs) {
      await answered(redis.set(ticketKey(key), value, 'PX', lifetimeMs));
    },
    get: async (key) => (await answered(redis.get(ticketKey(key)))) ?? undefined,
    take: async (key) => (await answered(redis.getdel(ticketKey(key)))) ?? undefined,
    async drop(key) {
      await answered(redis.del(ticketKey(key)));
    },
  };
}

function ticketKey(key: string): string {
  return `ticket:${key}`;
}
