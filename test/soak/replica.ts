import { freePort } from '../support/free-port.ts';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** One process of the service after the other, at one URL. */
export interface Replica extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  /** Its way to Redis, and nobody else's. */
  readonly redisProxy: TcpProxy;
  /** The process that runs, or has run last. */
  readonly process: () => ServiceProcess;
  /** The number of the process that serves; `undefined`: none does. */
  readonly life: () => number | undefined;
  /** Kill it (SIGKILL), and wait until another one answers. */
  crash(): Promise<void>;
  /** What all its processes have logged. */
  logs(): Record<string, unknown>[];
}

/** Start one that may be looked into, and wait until it answers. @param env but REDIS_URL */
export async function startReplica(
  name: string,
  redisPort: number,
  env: Readonly<Record<string, string>>,
): Promise<Replica> {
  await using starting = new AsyncDisposableStack();
  const redisProxy = starting.use(await startTcpProxy({ port: redisPort }));
  const port = await freePort();
  const start = () =>
    startServiceProcess({
      ...env,
      REDIS_URL: `redis://127.0.0.1:${redisProxy.port}`,
      PORT: String(port),
      // The product has no way in for tests: Node's own is opened.
      NODE_OPTIONS: '--inspect=127.0.0.1:0',
    });
  const lives = [await start()];
  const current = () => lives.at(-1) as ServiceProcess;
  let isServing = true;
  const parts = starting.move();
  return {
    ...{ name, port, redisProxy, url: current().url },
    process: current,
    life: () => (isServing ? lives.length : undefined),
    async crash() {
      isServing = false;
      current().signal('SIGKILL');
      await current().exited;
      lives.push(await start());
      isServing = true;
    },
    logs: () => lives.flatMap((one) => wholeLines(one.stdout())),
    async [Symbol.asyncDispose]() {
      isServing = false;
      await current()[Symbol.asyncDispose]();
      await parts.disposeAsync();
    },
  };
}

/** One that was killed may have been writing. */
function wholeLines(text: string): Record<string, unknown>[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return whole.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}
