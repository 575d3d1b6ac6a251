import type { Path } from './variables.ts';

/** Settings as YAML and the environment give them, before anything is checked. */
export type Tree = { readonly [key: string]: unknown };

/** Whether a value is a mapping of settings, to be merged rather than replaced. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a text that says something. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The texts in a list; none where the value is no list. */
export function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** The layers one over another, the last on top: mappings are merged, everything else is replaced. */
export function overlay(...layers: readonly Tree[]): Tree {
  const merged: Record<string, unknown> = {};
  for (const [key, value] of layers.flatMap((layer) => Object.entries(layer))) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined;
    const next = isTree(below) && isTree(value) ? overlay(below, value) : value;
    // Defined, not assigned: a key of the name __proto__ must stay a key, for the schema to refuse.
    Object.defineProperty(merged, key, { value: next, enumerable: true, writable: true, configurable: true });
  }
  return merged;
}

/** The value at `path`; `undefined` where there is none. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    tree,
  );
}

/** The settings frozen, all the way down but for bytes, which cannot be. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
