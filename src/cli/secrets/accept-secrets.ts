import type { Environment } from '../../config/environment.ts';
import { createSecretRing } from '../../keys/secret-ring.ts';
import { type Output, withStore } from '../with-store.ts';

/**
 * Register the current secret of this environment's ring, whatever was registered before: replicas with this ring issue
 * keys from then on, and those whose ring lacks that secret no more. Gives the exit code: 0, and as `withStore` does.
 */
export function acceptSecretsCommand(env: Environment, streams: Output): Promise<number> {
  return withStore(env, streams, async ({ config, store: { secrets } }) => {
    const { id } = createSecretRing(config.secret).current;
    const before = await secrets.registered();
    await secrets.accept(id);
    const was = before === undefined ? 'none was' : before === id ? 'it was already' : `${before} was before`;
    streams.output.write(`${id} is registered (${was}): replicas whose ring lacks it issue no keys\n`);
    return 0;
  });
}
