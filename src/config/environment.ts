import { nearest } from './nearest.ts';
import { KNOWN_NAMES, VARIABLES, type Variable } from './variables.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting as the environment makes it. */
export interface EnvironmentSetting {
  /** The variable that made it, for faults to point at. */
  readonly name: string;
  readonly variable: Variable;
  readonly value: unknown;
}

/** What the environment says, the faults in how it says it, and warnings about names that mean nothing here. */
export interface EnvironmentRead {
  readonly settings: readonly EnvironmentSetting[];
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Read the settings that the environment makes; an empty variable is one that is not set.
 * @param readFile gives a file's text; throws where it cannot be read
 */
export function readEnvironment(env: Environment, readFile: (path: string) => string): EnvironmentRead {
  const read = Object.entries(VARIABLES).map(([name, variable]) =>
    readVariable(name, variable, env, readFile),
  );
  return {
    settings: read.filter((one) => typeof one === 'object'),
    faults: read.filter((one) => typeof one === 'string'),
    warnings: unknownNames(env).map(
      (name) => `${name}: not a known variable; did you mean ${nearest(name, KNOWN_NAMES)}?`,
    ),
  };
}

/** The setting that a variable makes, the fault in it, or `undefined` where it makes none. */
function readVariable(
  name: string,
  variable: Variable,
  env: Environment,
  readFile: (path: string) => string,
): EnvironmentSetting | string | undefined {
  const text = env[name];
  const fileName = `${name}_FILE`;
  const file = variable.hasFileForm ? env[fileName] : undefined;
  if (text && file) return `${name}: set together with ${fileName}; set one of them`;
  if (text) return { name, variable, value: variable.read(text) };
  if (!file) return undefined;
  try {
    return { name: fileName, variable, value: variable.read(readFile(file).replace(/\r?\n$/, '')) };
  } catch {
    return `${fileName}: the file cannot be read; name a file that the service may read`;
  }
}

/** Kubernetes sets variables for each service of a namespace (`LDAP_PORT=tcp://…`), so these are no faults. */
function unknownNames(env: Environment): string[] {
  return Object.keys(env).filter((name) => /^(LATCHKEY|LDAP)_/.test(name) && !KNOWN_NAMES.includes(name));
}
