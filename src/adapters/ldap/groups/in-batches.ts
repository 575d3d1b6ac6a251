/** How many values one filter asks for: servers bound a filter's parts, and a message's bytes. */
const BATCH = 50;

/** Ask about many values, so many in one search; the searches run side by side. Gives all answers in one list. */
export async function inBatches<T, R>(
  values: readonly T[],
  ask: (batch: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const batches = Array.from({ length: Math.ceil(values.length / BATCH) }, (_, at) =>
    values.slice(at * BATCH, (at + 1) * BATCH),
  );
  return (await Promise.all(batches.map(ask))).flat();
}
