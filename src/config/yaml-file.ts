import { parseDocument } from 'yaml';
import { isTree, type Tree } from './tree.ts';

/** A file's settings, or the one fault that keeps them from being read. */
export type YamlRead = { readonly tree: Tree } | { readonly fault: string };

/**
 * Read a YAML file of settings. An empty one makes none.
 * @param readFile gives a file's text; throws where it cannot be read
 */
export function readYamlFile(path: string, readFile: (path: string) => string): YamlRead {
  let text: string;
  try {
    text = readFile(path);
  } catch {
    return { fault: `${path}: the file cannot be read; name a YAML file that the service may read` };
  }
  // Pretty errors quote the line at fault, which may hold a secret.
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    return {
      fault: `${path}: not YAML (${error.code}, line ${line}); write settings as in config/default.yaml`,
    };
  }
  let tree: unknown;
  try {
    tree = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    // The error names the alias, which may be a secret that was not put in quotes.
    return { fault: `${path}: an alias (*) leads nowhere or too far; put text that begins with * in quotes` };
  }
  return isTree(tree) ? { tree } : { fault: `${path}: no mapping; write settings as in config/default.yaml` };
}
