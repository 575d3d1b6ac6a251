import { collectDefaultMetrics, Registry } from 'prom-client';
import type { KeyRefusal, SignInRefusal } from '../../errors.ts';
import type { LeaverReason } from '../../ports/account-store.ts';
import type { Count, CountOf, Exposition } from '../../ports/metrics.ts';
import { createCount, createCountOf, createDirectoryCount } from './counters.ts';
import { addGauges, type GaugeParts } from './gauges.ts';
import {
  LEAVER_REASONS,
  REVALIDATION_OUTCOMES,
  SIGN_IN_OUTCOMES,
  VERIFICATION_OUTCOMES,
} from './outcomes.ts';

/** How often the event loop is looked at, in milliseconds. Each look wakes the process, whatever else it does. */
const LOOP_LOOK_MS = 100;

/** Where the service counts. */
export interface Counts {
  readonly verified: Count<'accepted' | KeyRefusal | 'unavailable' | 'failed'>;
  readonly signedIn: Count<'accepted' | SignInRefusal | 'unavailable' | 'cut-short'>;
  readonly revalidated: CountOf<'in' | 'out' | 'unanswered'>;
  readonly suspended: CountOf<LeaverReason>;
  readonly restored: (directoryId: string) => void;
}

/** What one service counts, and what is told of it. */
export interface Metrics extends Exposition {
  readonly counts: Counts;
}

/**
 * Make metrics that are nobody else's, for Prometheus: of the service, and of its process. Labels hold nothing but words
 * of closed sets.
 * @param directoryIds of the configured directories: the only ones that a label names
 */
export function createMetrics(parts: GaugeParts, directoryIds: readonly string[]): Metrics {
  const registry = new Registry();
  const counts = createCounts(registry, directoryIds);
  addGauges(registry, parts, directoryIds);
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_LOOK_MS });
  let reading: Promise<string> | undefined;
  return {
    counts,
    contentType: registry.contentType,
    read() {
      reading ??= registry.metrics().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}

function createCounts(registry: Registry, directoryIds: readonly string[]): Counts {
  return {
    verified: createCount(
      registry,
      { name: 'latchkey_verifications_total', help: 'API keys verified, by outcome.' },
      VERIFICATION_OUTCOMES,
    ),
    signedIn: createCount(
      registry,
      { name: 'latchkey_sign_ins_total', help: 'Sign-ins by password, by outcome.' },
      SIGN_IN_OUTCOMES,
    ),
    revalidated: createCountOf(
      registry,
      { name: 'latchkey_revalidations_total', help: 'Accounts asked about again, by outcome.' },
      directoryIds,
      'outcome',
      REVALIDATION_OUTCOMES,
    ),
    suspended: createCountOf(
      registry,
      { name: 'latchkey_accounts_suspended_total', help: 'Accounts suspended by what their directory says.' },
      directoryIds,
      'reason',
      LEAVER_REASONS,
    ),
    restored: createDirectoryCount(
      registry,
      { name: 'latchkey_accounts_restored_total', help: 'Accounts that their directory lets in again.' },
      directoryIds,
    ),
  };
}
