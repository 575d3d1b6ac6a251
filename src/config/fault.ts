import type { z } from 'zod';
import type { EnvironmentSetting } from './environment.ts';
import { nearest } from './nearest.ts';
import { isTree, type Tree, valueAt } from './tree.ts';
import { type Path, VARIABLES } from './variables.ts';

/** Where the settings came from, so that a fault can say where it stands. */
export interface Sources {
  readonly environment: readonly EnvironmentSetting[];
  /** The operator's file and its name; empty and `undefined` where there is none. */
  readonly file: Tree;
  readonly fileName: string | undefined;
  /** config/default.yaml: knows the name of every setting. */
  readonly defaults: Tree;
}

/** What is wrong with one setting. */
export interface Fault {
  readonly path: Path;
  readonly message: string;
}

/** The line that tells a fault: where, what, and what would be right. */
export function describeFault({ path, message }: Fault, sources: Sources): string {
  return `${placeOf(path, sources)}: ${message}`;
}

/** One line for each thing that an issue of the schema is about: where, what, and what would be right. */
export function describeIssue(issue: z.core.$ZodIssue, sources: Sources): string[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol');
  if (issue.code !== 'unrecognized_keys') return [describeFault({ path, message: issue.message }, sources)];
  return issue.keys.map((key) => {
    const known = nearest(key, settingsAt(path, sources.defaults));
    const message = `unknown setting${known ? `; did you mean ${known}?` : ''}`;
    return describeFault({ path: [...path, key], message }, sources);
  });
}

/** The variable that made the setting, else its place in the file, else the name by which it would be set. */
function placeOf(path: Path, { environment, file, fileName }: Sources): string {
  const made = environment.find(({ variable }) => isWithin(path, variable.path));
  if (made) return made.name;
  if (fileName && valueAt(file, path) !== undefined) return `${fileName}: ${dotted(path)}`;
  const common: Path = ['directory', ...path.slice(2)];
  if (fileName && path[0] === 'directories' && valueAt(file, common) !== undefined) {
    return `${fileName}: ${dotted(common)}`;
  }
  const isListed = Array.isArray(file['directories']) && path[0] === 'directories';
  const [variable] = Object.entries(VARIABLES).find(([, one]) => dotted(one.path) === dotted(path)) ?? [];
  return variable && !isListed ? variable : `${fileName ?? 'settings'}: ${dotted(path)}`;
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.every((key, at) => path[at] === key);
}

function settingsAt(path: Path, defaults: Tree): string[] {
  const at = path[0] === 'directories' ? ['directory', ...path.slice(2)] : path;
  const tree = at.length === 0 ? defaults : valueAt(defaults, at);
  return isTree(tree) ? Object.keys(tree) : [];
}

function dotted(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}
