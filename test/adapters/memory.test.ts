import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { createMemoryAttemptCounter } from '../../src/adapters/memory/attempt-counter.ts';
import { createMemoryLeaverBrake } from '../../src/adapters/memory/leaver-brake.ts';
import { createMemorySecretRegistry } from '../../src/adapters/memory/secret-registry.ts';
import { createMemoryTicketStore } from '../../src/adapters/memory/ticket-store.ts';
import { createMemoryWatchLease } from '../../src/adapters/memory/watch-lease.ts';
import type { AccountStore } from '../../src/ports/account-store.ts';
import type { AttemptCounter } from '../../src/ports/attempt-counter.ts';
import type { SecretRegistry } from '../../src/ports/secret-registry.ts';
import type { TicketStore } from '../../src/ports/ticket-store.ts';
import type { WatchLease } from '../../src/ports/watch-lease.ts';
import { describeAccountStore } from './account-store-contract.ts';
import { describeAttemptCounter } from './attempt-counter-contract.ts';
import { describeLeaverBrake } from './leaver-brake-contract.ts';
import { describeSecretRegistry } from './secret-registry-contract.ts';
import { describeTicketStore } from './ticket-store-contract.ts';
import { describeWatchLease } from './watch-lease-contract.ts';

/** Stands in front of what `make` gives, so that emptying is a new one. */
function renewable<T extends object>(make: () => T): { current: T; renew: () => Promise<void> } {
  let held = make();
  const current = new Proxy({} as T, { get: (_target, name) => Reflect.get(held, name) });
  return {
    current,
    async renew() {
      held = make();
    },
  };
}

describeAccountStore('of this process', async () => {
  const { current: store, renew: empty } = renewable<AccountStore>(() => createMemoryAccountStore(Date.now));
  return { store, empty, end: async () => {} };
});

describeAttemptCounter('of this process', async () => {
  const { current: counter, renew: empty } = renewable<AttemptCounter>(() =>
    createMemoryAttemptCounter(Date.now),
  );
  return { counter, empty, end: async () => {} };
});

describeLeaverBrake('of this process', async () => ({
  create: (options) => createMemoryLeaverBrake(options, Date.now),
  empty: async () => {},
  end: async () => {},
}));

describeWatchLease('of this process', async () => {
  const { current: lease, renew: empty } = renewable<WatchLease>(() => createMemoryWatchLease(Date.now));
  return { lease, empty, end: async () => {} };
});

describeSecretRegistry('of this process', async () => {
  const { current: registry, renew: empty } = renewable<SecretRegistry>(createMemorySecretRegistry);
  return { registry, empty, end: async () => {} };
});

describeTicketStore('of this process', async () => {
  const { current: tickets, renew: empty } = renewable<TicketStore>(() => createMemoryTicketStore(Date.now));
  return { tickets, empty, end: async () => {} };
});
