import { untilAborted } from '../until-aborted.ts';

/** How ids are looked up. What either throws is told to those who asked for these ids, and to nobody else. */
export interface LookUps<T> {
  /** Looks several up in one search. What the answer lacks is only not among it: that is no answer. */
  together(ids: readonly string[]): Promise<ReadonlyMap<string, T>>;
  /** Looks one up by a search of its own. */
  alone(id: string): Promise<T>;
}

/** How long is waited for others who ask, in milliseconds, and for how many ids at most. */
export interface BatchOptions {
  readonly windowMs: number;
  readonly maxSize: number;
}

/** Looks an id up. An aborted `signal` ends the wait of whoever gave it: then its reason is thrown. */
export type LookUp<T> = (id: string, signal?: AbortSignal) => Promise<T>;

/**
 * Make what gathers look-ups: those that begin within a window go together, those of one id among them as one; an id
 * that they did not find is looked up alone. Nobody is given what was asked before they asked.
 */
export function createLookUpBatch<T>(
  { together, alone }: LookUps<T>,
  { windowMs, maxSize }: BatchOptions,
): LookUp<T> {
  let gathered = new Map<string, PromiseWithResolvers<T>>();
  let timer: NodeJS.Timeout | undefined;

  const lookUp = (batch: ReadonlyMap<string, PromiseWithResolvers<T>>): void => {
    const ids = [...batch.keys()];
    const answer = ids.length > 1 ? together(ids) : Promise.resolve(new Map<string, T>());
    for (const [id, { resolve }] of batch) {
      resolve(answer.then((found) => found.get(id) ?? alone(id)));
    }
  };
  const send = (): void => {
    clearTimeout(timer);
    const batch = gathered;
    gathered = new Map();
    lookUp(batch);
  };

  return async (id, signal) => {
    signal?.throwIfAborted();
    const asked = gathered.get(id) ?? Promise.withResolvers<T>();
    if (gathered.size === 0) timer = setTimeout(send, windowMs);
    gathered.set(id, asked);
    if (gathered.size >= maxSize) send();
    return untilAborted(asked.promise, signal);
  };
}
