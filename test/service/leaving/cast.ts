import type { ServiceProcess } from '../../support/service-process.ts';
import type { Column } from './column.ts';

/** A service that is asked about keys. */
export interface Asked {
  readonly service: ServiceProcess;
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

/** The service that asks about keys in use. */
export function revalidatedCast({ revalidating: service }: Column): Cast {
  return { service, how: 'revalidated on use', prefix: 'r', fallback: undefined };
}

/** The service that watches. */
export async function watchedCast(column: Column): Promise<Cast> {
  const service = await column.watching();
  const fallback = revalidatedCast(column);
  return { service, how: 'watched', prefix: 'w', fallback };
}
