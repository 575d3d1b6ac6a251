import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { startRedis } from '../support/redis-server.ts';
import { inRepository } from '../support/repository.ts';
import { startServiceProcess } from '../support/service-process.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { yamlFile } from './yaml-file.ts';

/** A service in front of a directory, which believes what is said about addresses, and what it asks of the directory. */
export interface Guarded extends AsyncDisposable {
  /** Sign in from an address; gives the status. */
  signIn(username: string, password: string, address: string): Promise<number>;
  /** The DNs that it has bound as, in order. */
  binds(): string[];
  /** Begin the counts anew. */
  resetCounts(): void;
  /** What `latchkey attempts` writes about a name. */
  attempts(action: 'show' | 'clear', name: string): Promise<string>;
}

/** Start one, with a Redis of its own, in front of the directory on a port of this machine. */
export async function startGuarded(port: number, settings: Record<string, unknown>): Promise<Guarded> {
  await using starting = new AsyncDisposableStack();
  const redis = starting.use(await startRedis());
  const proxy = starting.use(await startTcpProxy({ port }));
  // What is too slow is an outage, which counts against nobody: not here, where everything is counted.
  const patience = {
    operationTimeout: '30s',
    connectTimeout: '30s',
    bindQueue: { length: 256, wait: '30s' },
  };
  const directory = { ...patience, ...settings, id: 'corp', urls: [`ldap://127.0.0.1:${proxy.port}`] };
  const yaml = {
    redis: { url: `redis://127.0.0.1:${redis.port}`, commandTimeout: '30s' },
    signInWithin: '40s',
    directories: [directory],
  };
  const env = {
    LATCHKEY_SECRET: randomBytes(32).toString('base64'),
    LATCHKEY_CONFIG: yamlFile(JSON.stringify(yaml)),
    TRUST_PROXY: 'loopback',
  };
  const service = starting.use(await startServiceProcess(env));
  await until('the service is ready', async () => (await fetch(`${service.url}/readyz`)).ok);
  const parts = starting.move();
  return {
    async signIn(username, password, address) {
      const { status } = await fetch(`${service.url}/api/v1/fetch_api_key`, {
        method: 'POST',
        headers: { 'X-Forwarded-For': address },
        body: new URLSearchParams({ username, password }),
      });
      return status;
    },
    binds: proxy.binds,
    resetCounts: proxy.resetCounts,
    async attempts(action, name) {
      const { PATH = '', HOME = '' } = process.env;
      const argv = [inRepository('src/cli.ts'), 'attempts', action, name];
      const run = await promisify(execFile)(process.execPath, argv, { env: { PATH, HOME, ...env } });
      return run.stdout;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
