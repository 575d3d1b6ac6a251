import { Counter, type Registry } from 'prom-client';
import type { Count, CountOf } from '../../ports/metrics.ts';

/** What a counter is called, and what it says; the name ends in `_total`. */
export interface CounterName {
  readonly name: string;
  readonly help: string;
}

/**
 * A counter with one label, whose values are the keys of `outcomes`; each begins at 0, so that a first event is a rise.
 * Every verification is counted, so that an event is one addition here, and prom-client is told when it is asked.
 */
export function createCount<Outcome extends string>(
  registry: Registry,
  counter: CounterName,
  outcomes: Readonly<Record<Outcome, true>>,
): Count<Outcome> {
  const counted = new Map(Object.keys(outcomes).map((outcome) => [outcome, 0]));
  new Counter({
    ...{ ...counter, labelNames: ['outcome'], registers: [registry] },
    collect() {
      this.reset();
      for (const [outcome, count] of counted) this.inc({ outcome }, count);
    },
  });
  return (outcome) => {
    const count = counted.get(outcome);
    if (count !== undefined) counted.set(outcome, count + 1);
  };
}

/** The same for each directory. @param label name of the label that the keys of `outcomes` are values of */
export function createCountOf<Outcome extends string>(
  registry: Registry,
  counter: CounterName,
  directoryIds: readonly string[],
  label: string,
  outcomes: Readonly<Record<Outcome, true>>,
): CountOf<Outcome> {
  const made = new Counter({ ...counter, labelNames: ['directory', label], registers: [registry] });
  const words = Object.keys(outcomes);
  const bound = new Map(directoryIds.map((id) => [id, bind(words, (word) => made.labels(id, word))]));
  return (directoryId, outcome) => bound.get(directoryId)?.get(outcome)?.inc();
}

/** A counter for each directory alone. */
export function createDirectoryCount(
  registry: Registry,
  counter: CounterName,
  directoryIds: readonly string[],
): (directoryId: string) => void {
  const made = new Counter({ ...counter, labelNames: ['directory'], registers: [registry] });
  const bound = bind(directoryIds, (id) => made.labels(id));
  return (directoryId) => bound.get(directoryId)?.inc();
}

/** Bound once: what an event costs is one look into a map and one addition. */
function bind(words: readonly string[], labels: (word: string) => Counter.Internal) {
  const bound = new Map(words.map((word) => [word, labels(word)]));
  for (const one of bound.values()) one.inc(0);
  return bound;
}
