import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../test/support/free-port.ts';
import { type OpenLdap, startOpenLdap } from '../test/support/open-ldap.ts';
import { loadPeople } from '../test/support/people.ts';
import { startRedis } from '../test/support/redis-server.ts';
import { inRepository } from '../test/support/repository.ts';
import { until } from '../test/support/until.ts';

/** The service as a process of its own, with the real servers that it needs. */
export interface ServiceUnderLoad extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  readonly directory: OpenLdap;
  /** Below this DN are the people. */
  readonly userBase: string;
  readonly people: readonly { readonly username: string; readonly password: string }[];
}

/** One generator is one client address. */
const SETTINGS = 'limits:\n  perAddress: { attempts: 1000000, window: 1m }\n';

/**
 * Start slapd with `count` people, redis-server and the service, each as a process, none of them shared. The service
 * logs as it does by default; its lines are thrown away. `SERVICE_NODE_OPTIONS` becomes its NODE_OPTIONS (--cpu-prof, …).
 */
export async function startServiceUnderLoad(count: number): Promise<ServiceUnderLoad> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, 'bench.yaml');
  await writeFile(configFile, SETTINGS);
  const directory = starting.use(await startOpenLdap({ mode: 'process', ldif: loadPeople(count) }));
  const redis = starting.use(await startRedis({ mode: 'process' }));
  const userBase = `ou=people,${directory.baseDn}`;
  const port = await freePort();
  const { pid } = starting.use(
    await startService(port, {
      LATCHKEY_CONFIG: configFile,
      LATCHKEY_SECRET: randomBytes(32).toString('base64'),
      LDAP_URL: directory.url,
      LDAP_BIND_DN: directory.serviceDn,
      LDAP_BIND_PASSWORD: directory.servicePassword,
      LDAP_USER_BASE: userBase,
      REDIS_URL: redis.url,
    }),
  );
  const parts = starting.move();
  return {
    port,
    pid,
    directory,
    userBase,
    people: peopleOf(count),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function startService(
  port: number,
  env: Record<string, string>,
): Promise<AsyncDisposable & { pid: number }> {
  const { PATH = '', HOME = '', SERVICE_NODE_OPTIONS = '' } = process.env;
  const common = { PATH, HOME, NODE_ENV: 'production', NODE_OPTIONS: SERVICE_NODE_OPTIONS };
  const child = spawn('sh', [inRepository('test/containers/until-eof.sh'), process.execPath, 'src/main.ts'], {
    cwd: inRepository(),
    detached: true,
    env: { ...common, ...env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const end = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  const ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200;
  await until('the service is ready', () => child.exitCode !== null || ready(), 20_000).catch(
    async (error) => {
      await end();
      throw error;
    },
  );
  if (child.pid === undefined || child.exitCode !== null) throw new Error('the service has ended');
  return { pid: child.pid, [Symbol.asyncDispose]: end };
}

/** The people of `loadPeople`. */
function peopleOf(count: number): { username: string; password: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const username = `user${String(index + 1).padStart(4, '0')}`;
    return { username, password: `secret-${username}` };
  });
}
