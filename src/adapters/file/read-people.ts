import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { foldName, type LocalPerson } from './people.ts';
import { peopleSchema } from './people-schema.ts';

/** The people that a text describes, or every fault of it, one line each. */
export type PeopleRead =
  | { readonly people: readonly LocalPerson[] }
  | { readonly faults: readonly [string, ...string[]] };

/** Somewhere in the file: keys and list positions from the top. */
type Path = readonly PropertyKey[];
interface Fault {
  readonly path: Path;
  readonly message: string;
}

/**
 * Read and check a file of people.
 * @param path what the faults call the file
 * @param text the file's text: YAML
 */
export function readPeople(path: string, text: string): PeopleRead {
  const written = readYaml(text);
  if ('fault' in written) return { faults: [`${path}: ${written.fault}`] };
  const { tree } = written;
  const read = peopleSchema.safeParse(tree);
  const faults = [...(read.error?.issues ?? []).flatMap(faultsOf), ...sharedNames(tree)];
  const [first, ...others] = faults.map((fault) => describe(path, fault, tree));
  if (first !== undefined) return { faults: [first, ...others] };
  return { people: read.data?.people ?? [] };
}

function readYaml(text: string): { tree: unknown } | { fault: string } {
  // Pretty errors quote the line at fault, which may hold a hash.
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    return { fault: `not YAML (${error.code}, line ${line})` };
  }
  try {
    return { tree: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    // What it says of an alias is what stands behind the asterisk, which may have been meant as a password.
    return {
      fault: 'not YAML (an alias, *…, leads nowhere, or there are too many); quote text that begins with *',
    };
  }
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'unknown setting' }));
}

/** What belongs to two people would be neither's. Looked for in the tree, so that it is told beside other faults. */
function sharedNames(tree: unknown): Fault[] {
  const owners = new Map<string, number>();
  return peopleIn(tree).flatMap((one, at) =>
    claims(one).flatMap(({ field, key }) => {
      const owner = owners.get(key) ?? at;
      owners.set(key, owner);
      const path = ['people', at, ...field];
      return owner === at ? [] : [{ path, message: `belongs to people[${owner}] already` }];
    }),
  );
}

function claims(one: unknown): { field: Path; key: string }[] {
  if (!isMapping(one)) return [];
  const emails = Array.isArray(one['emails']) ? one['emails'] : [];
  const fields: [Path, unknown][] = [
    [['username'], one['username']],
    [['email'], one['email']],
    ...emails.map((value, at): [Path, unknown] => [['emails', at], value]),
  ];
  const names = fields.flatMap(([field, value]) =>
    typeof value === 'string' ? [{ field, key: `name ${foldName(value)}` }] : [],
  );
  const { id } = one;
  return typeof id === 'string' ? [{ field: ['id'], key: `id ${id.toLowerCase()}` }, ...names] : names;
}

/** The line that tells a fault: file, field, whose, and what is wrong; never a value but the username. */
function describe(file: string, { path, message }: Fault, tree: unknown): string {
  const place = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  const one = path[0] === 'people' && typeof path[1] === 'number' ? peopleIn(tree)[path[1]] : undefined;
  const whose =
    isMapping(one) && typeof one['username'] === 'string' ? ` (${JSON.stringify(one['username'])})` : '';
  return [file, `${place}${whose}`, message].filter((part) => part !== '').join(': ');
}

function peopleIn(tree: unknown): readonly unknown[] {
  return isMapping(tree) && Array.isArray(tree['people']) ? tree['people'] : [];
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
