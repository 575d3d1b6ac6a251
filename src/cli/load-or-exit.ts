import { readFileSync } from 'node:fs';
import { ConfigError, type LoadedConfig, loadConfig } from '../config/config.ts';
import { developmentSecret } from '../config/development-secret.ts';
import type { Environment } from '../config/environment.ts';

/** sysexits.h: the settings are wrong. */
const EX_CONFIG = 78;
const DEVELOPMENT_SECRET_FILE = '.latchkey/development-secret';

/** The settings of the service, for whichever command; where they are wrong the process ends as `exitWith` does. */
export function loadOrExit(env: Environment): LoadedConfig {
  try {
    return loadConfig(env, {
      readFile: (path) => readFileSync(path, 'utf8'),
      developmentSecret: () => developmentSecret(DEVELOPMENT_SECRET_FILE),
    });
  } catch (failure) {
    if (!(failure instanceof ConfigError)) throw failure;
    return exitWith(failure.faults);
  }
}

/** What `make` gives; where it finds a setting unusable the process ends as `exitWith` does. */
export function makeOrExit<T>(make: () => T): T {
  try {
    return make();
  } catch (failure) {
    return exitWith([failure instanceof Error ? failure.message : String(failure)]);
  }
}

/** End the process with exit code 78 and a line for each fault on standard error. */
function exitWith(faults: readonly string[]): never {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exit(EX_CONFIG);
}
