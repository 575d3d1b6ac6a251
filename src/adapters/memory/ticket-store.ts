import type { TicketStore } from '../../ports/ticket-store.ts';

/** Tickets in this process, gone with it. @param now milliseconds since 1970 */
export function createMemoryTicketStore(now: () => number): TicketStore {
  const tickets = new Map<string, { value: string; until: number }>();
  const live = (key: string): string | undefined => {
    const ticket = tickets.get(key);
    return ticket && ticket.until > now() ? ticket.value : undefined;
  };
  return {
    async put(key, value, lifetimeMs) {
      tickets.set(key, { value, until: now() + lifetimeMs });
    },
    get: async (key) => live(key),
    async take(key) {
      const value = live(key);
      tickets.delete(key);
      return value;
    },
    async drop(key) {
      tickets.delete(key);
    },
  };
}
