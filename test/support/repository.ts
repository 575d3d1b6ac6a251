import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Takes a path inside the repository, gives it as an absolute one; without one, the repository's root. */
export function inRepository(...path: string[]): string {
  return join(root, ...path);
}
