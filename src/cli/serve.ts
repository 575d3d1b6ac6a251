import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createLog, standardOutput } from '../adapters/observe/log.ts';
import { type Config, ConfigError, type LoadedConfig, loadConfig } from '../config/config.ts';
import { developmentSecret } from '../config/development-secret.ts';
import type { Environment } from '../config/environment.ts';
import { stopServer } from '../http/stop-server.ts';
import type { Log } from '../ports/log.ts';
import { createService, type Service } from '../service.ts';

/** sysexits.h: the settings are wrong. */
const EX_CONFIG = 78;
const DEVELOPMENT_SECRET_FILE = '.latchkey/development-secret';
/** A large cookie behind a gateway must not become its 500. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Run the service until SIGTERM or SIGINT, then end the process with exit code 0. With settings that are
 * wrong it ends with 78 and a line for each fault on standard error; with 1 where it cannot listen.
 */
export function serve(env: Environment): void {
  const { config, warnings } = loadOrExit(env);
  const destination = standardOutput();
  const log = createLog(config.log.level, destination);
  for (const warning of warnings) log.warn({}, warning);
  const service = createOrExit(config, log);
  const server = listen(config, service.listener, log);

  /** Stop accepting, finish what is in flight within a bound, close the connections, and end. */
  const stop = async (signal: string): Promise<void> => {
    log.info({ signal }, 'stopping');
    service.beginStop();
    await stopServer(server, config.http.shutdownWithin);
    await service[Symbol.asyncDispose]();
    log.info({}, 'stopped');
    destination.flushSync();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
}

function loadOrExit(env: Environment): LoadedConfig {
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

function createOrExit(settings: Config, to: Log): Service {
  try {
    return createService(settings, to);
  } catch (failure) {
    return exitWith([failure instanceof Error ? failure.message : String(failure)]);
  }
}

function exitWith(faults: readonly string[]): never {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exit(EX_CONFIG);
}

function listen({ http }: Config, listener: RequestListener, to: Log): Server {
  const made = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: http.headersTimeout,
      requestTimeout: http.requestTimeout,
      keepAliveTimeout: http.keepAliveTimeout,
    },
    listener,
  );
  made.once('error', (failure: NodeJS.ErrnoException) => {
    process.stderr.write(`cannot listen on ${http.host} port ${http.port}: ${failure.code}\n`);
    process.exit(1);
  });
  made.listen(http.port, http.host, () => to.info({ address: made.address() }, 'listening'));
  return made;
}
