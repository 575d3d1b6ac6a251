import type { SecretRegistry } from '../../ports/secret-registry.ts';

/** A registry in this process, gone with it. */
export function createMemorySecretRegistry(): SecretRegistry {
  let registered: string | undefined;
  return {
    async register(ids, isStart) {
      if (registered === undefined || (isStart && ids.includes(registered))) registered = ids[0];
      return registered;
    },
    async accept(id) {
      registered = id;
    },
    registered: async () => registered,
  };
}
