import { join } from 'node:path';
import type { Fault } from './fault.ts';
import { isTree, overlay, type Tree, valueAt } from './tree.ts';
import { readYamlFile } from './yaml-file.ts';

/** The directories' settings, each complete, and the faults met in making them so. */
export interface DirectoriesRead {
  readonly directories: readonly unknown[];
  readonly faults: readonly Fault[];
}

/** What the directories are made from. */
export interface DirectorySources {
  /** Entries of the list, from the file or the environment. */
  readonly entries: readonly unknown[];
  /** `directory` of config/default.yaml. */
  readonly defaults: Tree;
  /** `directory` of the operator's file. */
  readonly common: Tree;
  /** Where the presets are: one YAML file each. */
  readonly folder: string;
  readonly readFile: (path: string) => string;
}

/** Lay each entry over what the file says of every directory, over its preset, over the defaults. */
export function readDirectories(sources: DirectorySources): DirectoriesRead {
  const { entries, defaults, common, folder, readFile } = sources;
  const faults: Fault[] = [];
  const directories = entries.map((entry, at) => {
    if (!isTree(entry) || entry['kind'] === 'file') return entry;
    const name = valueAt(overlay(defaults, common, entry), ['preset']);
    const isName = typeof name === 'string' && /^[a-z0-9-]+$/.test(name) && name !== 'default';
    const preset = isName ? readYamlFile(join(folder, `${name}.yaml`), readFile) : { fault: '' };
    if ('fault' in preset) {
      faults.push({
        path: ['directories', at, 'preset'],
        message: 'no such preset; write openldap, active-directory, 389ds, freeipa or lldap',
      });
    }
    return overlay(defaults, 'tree' in preset ? preset.tree : {}, common, entry);
  });
  return { directories, faults };
}
