import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backends, startBackends, type Transport } from './backends.ts';
import type { Credentials } from './requests.ts';
import { nodeProgram, type ServerProcess, startServer } from './server-process.ts';

/** The service as a process of its own, with the real servers that it needs. */
export interface ServiceUnderLoad extends ServerProcess {
  readonly people: readonly Credentials[];
}

/** What one service on some backends has for itself. */
export interface ServiceSettings {
  /** Base64, for services that are to take one another's keys; a random one without it. */
  readonly secret?: string;
  /** More of the configuration file, in YAML. */
  readonly settings?: string;
}

const MAIN = new URL('../src/main.ts', import.meta.url);

/** One generator is one client address. */
const SETTINGS = 'limits:\n  perAddress: { attempts: 1000000, window: 1m }\n';

/** Start slapd with `count` people, redis-server and the service, each as a process, none of them shared. */
export async function startServiceUnderLoad(count: number): Promise<ServiceUnderLoad> {
  await using starting = new AsyncDisposableStack();
  const backends = starting.use(await startBackends(count));
  const { port, pid } = starting.use(await startService(backends, 'plain'));
  const parts = starting.move();
  return { port, pid, people: backends.people, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/**
 * Start the service on these backends. It logs as it does by default; its lines are thrown away.
 * `SERVICE_NODE_OPTIONS` becomes its NODE_OPTIONS (--cpu-prof, …).
 */
export async function startService(
  backends: Backends,
  transport: Transport,
  { secret = randomBytes(32).toString('base64'), settings = '' }: ServiceSettings = {},
): Promise<ServerProcess> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, 'bench.yaml');
  await writeFile(configFile, SETTINGS + settings);
  const { url, caFile, bindDn, bindPassword, userBase } = backends.access(transport);
  const env = {
    NODE_OPTIONS: process.env['SERVICE_NODE_OPTIONS'] ?? '',
    LATCHKEY_CONFIG: configFile,
    LATCHKEY_SECRET: secret,
    LDAP_URL: url,
    ...(caFile !== undefined && { LDAP_CA_FILE: caFile }),
    LDAP_BIND_DN: bindDn,
    LDAP_BIND_PASSWORD: bindPassword,
    LDAP_USER_BASE: userBase,
    REDIS_URL: backends.redisUrl,
  };
  const { port, pid } = starting.use(await startServer((free) => nodeProgram(MAIN, [], free, env)));
  const parts = starting.move();
  return { port, pid, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
