/** The candidate that `name` was most likely meant to be; `undefined` where there is none. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  return [...candidates].sort((a, b) => distance(name, a) - distance(name, b))[0];
}

/** Levenshtein's distance: how many characters to put in, take out or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [line, left] of [...a].entries()) {
    const next = [line + 1];
    for (const [column, right] of [...b].entries()) {
      const changed = (row[column] ?? 0) + (left === right ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
