import { randomBytes } from 'node:crypto';
import { startRedis } from '../support/redis-server.ts';
import { runLatchkey } from '../support/run-latchkey.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { startReadyService } from './ready-service.ts';
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
  const bindQueue = { length: 256, wait: '30s' };
  const directory = { bindQueue, ...settings, id: 'corp', urls: [`ldap://127.0.0.1:${proxy.port}`] };
  const yaml = { redis: { url: `redis://127.0.0.1:${redis.port}` }, directories: [directory] };
  const env = {
    LATCHKEY_SECRET: randomBytes(32).toString('base64'),
    LATCHKEY_CONFIG: yamlFile(JSON.stringify(yaml)),
    TRUST_PROXY: 'loopback',
  };
  const service = starting.use(await startReadyService(env));
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
      const { code, out, err } = await runLatchkey(env, ['attempts', action, name]);
      if (code !== 0) throw new Error(`latchkey attempts ended with ${code}: ${err}`);
      return out;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
