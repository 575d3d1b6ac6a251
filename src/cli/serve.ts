import { createServer, type RequestListener, type Server } from 'node:http';
import { createLog } from '../adapters/observe/log.ts';
import { standardOutput } from '../adapters/observe/standard-output.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { stopServer } from '../http/stop-server.ts';
import type { Log } from '../ports/log.ts';
import { createService } from '../service.ts';
import { loadOrExit, makeOrExit } from './load-or-exit.ts';

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
  const service = makeOrExit(() => createService(config, log));
  const server = listen(config, service.listener, log);

  /** Stop accepting, finish what is in flight within a bound, close the connections, and end. */
  const stop = async (signal: string): Promise<void> => {
    log.info({ signal }, 'stopping');
    service.beginStop();
    await stopServer(server, config.http.shutdownWithin);
    await service[Symbol.asyncDispose]();
    log.end();
    log.info({}, 'stopped');
    destination.flushSync();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
}

function listen({ http }: Config, listener: RequestListener, to: Log): Server {
  const made = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: http.headersTimeout,
      requestTimeout: http.requestTimeout,
      keepAliveTimeout: http.keepAliveTimeout,
      // A request that announces no body has none (RFC 9112, 6.3): no stream need be carried to its end for it.
      optimizeEmptyRequests: true,
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
