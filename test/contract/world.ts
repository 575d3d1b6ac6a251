import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack } from '../service/stack.ts';
import { freePort } from '../support/free-port.ts';
import { type Run, runLatchkey } from '../support/run-latchkey.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

/** How a service of the world is set up. Its settings are YAML, its environment is laid over the stack's. */
interface Setup {
  readonly settings?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The secret that the services share with whoever signs tokens for them. */
export const JWT_SECRET = 'a shared secret of more than thirty-two bytes';
/** What a gateway adds to its requests where it has signed the person in. */
export const SSO_SECRET = 'known to the gateway and to nobody else';
/** The header in which it does. */
export const SSO_HEADER = 'X-Latchkey-SSO-Secret';

const AMPLE = 'limits: { perAddress: { attempts: 1000, window: 1m } }\n';
const DENMARK = 'realm: { name: Denmark, description: "Something is <rotten> & \\"old\\"" }\n';

const SETUPS = {
  /** As a deployment is that sets nothing special. */
  plain: { settings: AMPLE + DENMARK },
  /** Usernames must be emails. */
  emails: { settings: AMPLE, env: { REQUIRE_EMAIL_FORMAT_USERNAMES: 'true' } },
  /** An email is a login name at corp.example. */
  domain: { settings: AMPLE, env: { LDAP_EMAIL_DOMAIN: 'corp.example' } },
  /** An email is what the attribute holds. */
  attribute: { settings: AMPLE, env: { LDAP_EMAIL_ATTRIBUTE: 'mail' } },
  /** Both are set. */
  domainAndAttribute: {
    settings: AMPLE,
    env: { LDAP_EMAIL_DOMAIN: 'corp.example', LDAP_EMAIL_ATTRIBUTE: 'mail' },
  },
  development: { settings: AMPLE, env: { NODE_ENV: 'development' } },
  /** Signs in by token, and by the header of a gateway on this machine. */
  federated: {
    settings: `${AMPLE}jwt: { keys: [{ key: ${JWT_SECRET}, algorithms: [HS256] }] }\nsso: { trustedPeers: [loopback], secretFile: FOLDER/sso-secret }\n`,
  },
  /** An address may fail three times; proxies on this machine are believed. */
  strict: {
    settings: 'limits: { perAddress: { attempts: 3, window: 1m } }\n',
    env: { TRUST_PROXY: 'loopback' },
  },
  /** The limits of a deployment that sets none, with nobody else counting. */
  limited: {},
  /** Reaches the directory through a proxy of its own. */
  cut: { settings: AMPLE },
} satisfies Record<string, Setup>;

/** The name of a service of the world. */
export type ServiceName = keyof typeof SETUPS;

/** A directory, a Redis, and a service for each way to set one up: started when it is first asked for. */
export interface World extends AsyncDisposable {
  readonly stack: Stack;
  /** Between the directory and the service `cut`. */
  readonly cutProxy: TcpProxy;
  /** The service that is set up so. Its public URL is its own; its accounts and budgets are nobody else's. */
  service(name: ServiceName): Promise<ServiceProcess>;
  /** Run `latchkey` as an operator of that service does. */
  command(name: ServiceName, ...args: string[]): Promise<Run>;
}

/** Start the directory and the Redis. */
export async function startWorld(): Promise<World> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-contract-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'sso-secret'), `${SSO_SECRET}\n`);
  const stack = starting.use(await startStack());
  const cutProxy = starting.use(await startTcpProxy({ port: stack.ldap.port }));
  const parts = starting.move();
  const services = new Map<ServiceName, Promise<ServiceProcess>>();

  const environmentOf = async (name: ServiceName): Promise<Record<string, string>> => {
    const { settings = '', env = {} }: Setup = SETUPS[name];
    const file = join(folder, `${name}.yaml`);
    const own = `redis: { keyPrefix: "${name}:" }\n`;
    await writeFile(file, settings.replaceAll('FOLDER', folder) + own);
    return {
      LATCHKEY_CONFIG: file,
      ...(name === 'cut' && { LDAP_URL: `ldap://127.0.0.1:${cutProxy.port}` }),
      ...env,
    };
  };
  const start = async (name: ServiceName): Promise<ServiceProcess> => {
    const port = await freePort();
    const own = { LATCHKEY_PUBLIC_URL: `http://127.0.0.1:${port}`, PORT: String(port) };
    return stack.startService({ ...own, ...(await environmentOf(name)) });
  };

  return {
    stack,
    cutProxy,
    service(name) {
      const started = services.get(name) ?? start(name);
      services.set(name, started);
      return started;
    },
    command: async (name, ...args) => runLatchkey({ ...stack.env, ...(await environmentOf(name)) }, args),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
