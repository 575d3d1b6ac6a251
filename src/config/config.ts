import { join } from 'node:path';
import type { z } from 'zod';
import { faultsAcrossDirectories, warningsAcrossDirectories } from './across-directories.ts';
import { readDirectories } from './directories.ts';
import { type Environment, type EnvironmentSetting, readEnvironment } from './environment.ts';
import { describeFault, describeIssue, type Fault, type Sources } from './fault.ts';
import { configSchema } from './schema.ts';
import { ANY_AUDIENCE } from './sign-in-schema.ts';
import { deepFreeze, isTree, overlay, type Tree, valueAt } from './tree.ts';
import { readYamlFile } from './yaml-file.ts';

/** Every setting, validated and frozen. Durations are milliseconds. */
export type Config = z.output<ReturnType<typeof configSchema>>;

/** The settings cannot be used: one line for each fault, saying where, what, and what would be right. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** The settings, and what an operator should be told about them. */
export interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly string[];
}

/** default.yaml and the presets: beside src/ and dist/ alike. */
const FOLDER = join(import.meta.dirname, '../../config');

/** What loading asks of the machine. */
export interface LoadParts {
  /** Gives a file's text; throws where it cannot be read. */
  readonly readFile: (path: string) => string;
  /** Gives the secret that development uses where none is set, in base64. */
  readonly developmentSecret: () => string;
}

/**
 * Lay the environment over the file that LATCHKEY_CONFIG names, over the presets, over default.yaml.
 * @throws {ConfigError} with every fault at once
 */
export function loadConfig(env: Environment, { readFile, developmentSecret }: LoadParts): LoadedConfig {
  const { sources, faults, warnings } = readSources(env, readFile);
  const { directory: defaultDirectory, ...defaults } = sources.defaults;
  const { directory: commonDirectory, ...own } = sources.file;
  const merged = overlay(defaults, own, settingsTree(sources.environment));
  const read = readDirectories({
    entries: Array.isArray(merged['directories']) ? merged['directories'] : [],
    defaults: isTree(defaultDirectory) ? defaultDirectory : {},
    common: isTree(commonDirectory) ? commonDirectory : {},
    folder: FOLDER,
    readFile,
  });
  const isDevelopment = env['NODE_ENV'] === 'development';
  const result = configSchema(readFile).safeParse({
    ...merged,
    development: isDevelopment,
    secret: merged['secret'] ?? (isDevelopment ? developmentSecret() : null),
    directories: read.directories,
  });
  const across = faultsAcrossDirectories(read.directories, valueAt(merged, ['keys', 'maxAge']));
  const describe = (fault: Fault): string => describeFault(fault, sources);
  faults.push(...read.faults.map(describe));
  faults.push(...(result.error?.issues ?? []).flatMap((issue) => describeIssue(issue, sources)));
  faults.push(...across.map(describe));
  if (faults.length > 0 || !result.success) throw new ConfigError([...new Set(faults)]);
  warnings.push(...warningsAcrossDirectories(read.directories).map(describe));
  if (result.data.jwt.audience === ANY_AUDIENCE) warnings.push(describe(ANY_AUDIENCE_WARNING));
  return { config: deepFreeze(result.data), warnings };
}

const ANY_AUDIENCE_WARNING: Fault = {
  path: ['jwt', 'audience'],
  message: 'any: a token that the issuer has made for another service signs in here too',
};

/** Where the settings come from, and the faults and warnings met in reading that. */
function readSources(env: Environment, readFile: LoadParts['readFile']) {
  const faults: string[] = [];
  const readTree = (path: string): Tree => {
    const read = readYamlFile(path, readFile);
    if ('tree' in read) return read.tree;
    faults.push(read.fault);
    return {};
  };
  const fileName = env['LATCHKEY_CONFIG'] || undefined;
  const environment = readEnvironment(env, readFile);
  const sources: Sources = {
    environment: environment.settings,
    defaults: readTree(join(FOLDER, 'default.yaml')),
    file: fileName ? readTree(fileName) : {},
    fileName,
  };
  faults.push(...environment.faults, ...beside(sources.file, sources.environment));
  return { sources, faults, warnings: [...environment.warnings] };
}

/** The environment's settings as a tree; its directory has a name of its own. */
function settingsTree(settings: readonly EnvironmentSetting[]): Tree {
  const layers = settings.map(({ variable, value }) => {
    const [top = '', ...rest] = variable.path.filter((key) => typeof key === 'string');
    return { [top]: rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) };
  });
  const { directories, ...tree } = overlay(...layers);
  return isTree(directories) ? { ...tree, directories: [{ id: 'default', ...directories }] } : tree;
}

/** Two descriptions of the directories would leave it to chance which one holds. */
function beside(file: Tree, settings: readonly EnvironmentSetting[]): string[] {
  if (!Array.isArray(file['directories']) || file['directories'].length === 0) return [];
  return settings
    .filter(({ variable }) => variable.path[0] === 'directories')
    .map(({ name }) => `${name}: set beside a list of directories in the file; describe them in one place`);
}
