import { randomBytes } from 'node:crypto';
import { startRedis } from '../../support/redis-server.ts';
import type { ServiceProcess } from '../../support/service-process.ts';
import { useStarting } from '../../support/use-starting.ts';
import { ampleLimits } from '../ample-limits.ts';
import type { DirectoryName } from '../outcomes/case.ts';
import { startReadyService } from '../ready-service.ts';
import { yamlFile } from '../yaml-file.ts';
import { startLeavable } from './directories.ts';
import type { Leavable } from './leavable.ts';

/** How far behind the directory a key may be at the service that does not watch, in milliseconds. */
const MAX_STALENESS_MS = 1_000;

/** A directory, and the services that use it; they share their accounts. */
export interface Column extends AsyncDisposable {
  readonly at: Leavable;
  /** Does not watch the directory: asks about keys in use, before the answer once the last answer is too old. */
  readonly revalidating: ServiceProcess;
  /** Watches as the preset has it, and would revalidate long after the tests: what it knows, it has seen. */
  readonly watching: () => Promise<ServiceProcess>;
}

/** Start the directory of that name with the services; the one that watches when it is first asked for. */
export async function startColumn(name: DirectoryName): Promise<Column> {
  await using starting = new AsyncDisposableStack();
  const at = starting.use(await startLeavable[name]());
  const redis = starting.use(await startRedis());
  const LATCHKEY_SECRET = randomBytes(32).toString('base64');
  const start = async (keys: object, directory: object = {}) => {
    const settings = {
      limits: ampleLimits,
      directory: { ...at.settings, ...directory },
      // Most of the people of these tests leave at once.
      keys: { ...keys, leaverBrake: { share: 1 } },
    };
    const LATCHKEY_CONFIG = yamlFile(JSON.stringify(settings));
    return startReadyService({ ...at.env, LATCHKEY_SECRET, LATCHKEY_CONFIG, REDIS_URL: redis.url });
  };
  const maxStaleness = `${MAX_STALENESS_MS}ms`;
  const bounds = { revalidateAfter: '500ms', maxStaleness, revalidateWithin: '10s' };
  const revalidating = starting.use(await start(bounds, { watch: 'none' }));
  const parts = starting.move();
  let watching: Promise<ServiceProcess> | undefined;
  return {
    at,
    revalidating,
    watching() {
      const bounds = { watchEvery: '1s', revalidateAfter: '10m', maxStaleness: '10m' };
      watching ??= useStarting(parts, start(bounds));
      return watching;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
