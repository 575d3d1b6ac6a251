import type { ServiceProcess } from '../../support/service-process.ts';
import { type Column, MAX_STALENESS_MS } from './column.ts';

/** A service, and how soon it is to know of a change, in milliseconds. */
export interface Asked {
  readonly service: ServiceProcess;
  readonly withinMs: number;
}

/** Who is asked about keys. */
export interface Cast extends Asked {
  /** How the service comes to know of changes. */
  readonly how: string;
  /** What the names of its people begin with. */
  readonly prefix: string;
  /** Who is asked about what `service` does not see, once it has seen all else; `undefined`: it sees everything. */
  readonly fallback: Asked | undefined;
}

/** What a busy machine may take beyond what is promised, in milliseconds. */
const SLACK_MS = 8_000;
/** The watch looks every second; what it may take on a busy machine, in milliseconds. */
const WATCHED_WITHIN_MS = 5_000;

/** The service that asks about keys in use. */
export function revalidatedCast({ revalidating: service }: Column): Cast {
  const withinMs = MAX_STALENESS_MS + SLACK_MS;
  return { service, withinMs, how: 'revalidated on use', prefix: 'r', fallback: undefined };
}

/** The service that watches. */
export async function watchedCast(column: Column): Promise<Cast> {
  const service = await column.watching();
  const fallback = revalidatedCast(column);
  return { service, withinMs: WATCHED_WITHIN_MS, how: 'watched', prefix: 'w', fallback };
}
