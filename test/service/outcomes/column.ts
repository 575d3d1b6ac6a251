import { randomBytes } from 'node:crypto';
import { bindAnswer } from '../../support/bind-answer.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import type { ServiceProcess } from '../../support/service-process.ts';
import { startTlsRelay, type TlsRelay } from '../../support/tls-relay.ts';
import { useStarting } from '../../support/use-starting.ts';
import { ampleLimits } from '../ample-limits.ts';
import { startReadyService } from '../ready-service.ts';
import { yamlFile } from '../yaml-file.ts';
import type { DirectoryName, Setup } from './case.ts';
import { type Peopled, startDirectory } from './directories.ts';

/** A real directory behind a relay that sees every request, and the services that use it. */
export interface Column extends AsyncDisposable {
  readonly relay: TlsRelay;
  readonly serviceDn: string;
  /** The service that is set up like this; started when it is first asked for. */
  service(setup: Setup): Promise<ServiceProcess>;
  /** Give the directory itself a wrong password for somebody, with no service in between. */
  giveWrongPassword(name: string): Promise<void>;
}

/** Start the directory of that name with all that is around it. */
export async function startColumn(name: DirectoryName): Promise<Column> {
  await using starting = new AsyncDisposableStack();
  const directory = starting.use(await startDirectory[name]());
  const relay = starting.use(await startTlsRelay(directory));
  const redis = starting.use(await startRedis());
  const parts = starting.move();
  const services = new Map<Setup, Promise<ServiceProcess>>();

  const start = async (setup: Setup) =>
    useStarting(parts, startReadyService(environment(directory, { relay, redis }, setup)));
  return {
    relay,
    serviceDn: directory.serviceDn,
    service(setup) {
      const service = services.get(setup) ?? start(setup);
      services.set(setup, service);
      return service;
    },
    async giveWrongPassword(person) {
      await bindAnswer(directory.url, directory.bindName(person), 'wrong');
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

const secret = randomBytes(32).toString('base64');

/** What a set-up changes of the settings, beside the directory's own. */
function settingsOf(setup: Setup, { settings, staffDn }: Peopled): Record<string, unknown> {
  const { perAddress } = ampleLimits;
  switch (setup) {
    case 'usual':
      return { limits: ampleLimits, directory: settings };
    case 'requires staff':
      return { limits: ampleLimits, directory: { ...settings, requiredGroup: staffDn } };
    case 'denies staff':
      return { limits: ampleLimits, directory: { ...settings, denyGroups: [staffDn] } };
    case 'takes five attempts':
      return {
        limits: { perAddress, perUsername: { attempts: 5, window: '30m' } },
        redis: { keyPrefix: 'five:' },
        directory: settings,
      };
  }
}

function environment(
  directory: Peopled,
  { relay, redis }: { readonly relay: TlsRelay; readonly redis: RedisServer },
  setup: Setup,
): Record<string, string> {
  return {
    ...directory.env,
    LATCHKEY_SECRET: secret,
    LATCHKEY_CONFIG: yamlFile(JSON.stringify(settingsOf(setup, directory))),
    LDAP_URL: `${directory.tls === 'ldaps' ? 'ldaps' : 'ldap'}://localhost:${relay.port}`,
    LDAP_STARTTLS: String(directory.tls === 'StartTLS'),
    LDAP_CA_FILE: relay.caFile,
    LDAP_BIND_DN: directory.serviceDn,
    LDAP_BIND_PASSWORD: directory.servicePassword,
    REDIS_URL: redis.url,
  };
}
