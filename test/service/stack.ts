import { randomBytes } from 'node:crypto';
import { type OpenLdap, type OpenLdapOptions, startOpenLdap } from '../support/open-ldap.ts';
import { type RedisServer, type RedisServerOptions, startRedis } from '../support/redis-server.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { useStarting } from '../support/use-starting.ts';
import { startReadyService } from './ready-service.ts';

/** The parts around the service, each behind a proxy that counts and can fail. */
export interface Stack extends AsyncDisposable {
  readonly ldap: OpenLdap;
  readonly redis: RedisServer;
  /** Between the service and slapd: ldap:// in clear on loopback, so that its tap can read. */
  readonly ldapProxy: TcpProxy;
  readonly redisProxy: TcpProxy;
  /** The settings of slapd as a directory in YAML, behind its proxy as `env` has it. */
  readonly directory: Readonly<Record<string, unknown>>;
  /** The environment of a service that uses them; a secret of its own for each stack. */
  readonly env: Readonly<Record<string, string>>;
  /** Start a service on the parts, and wait until it is ready; it ends with the stack. */
  startService(over?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
}

/** Start slapd, Redis and the proxies; services are started by `startService`. */
export async function startStack(
  options: { ldap?: OpenLdapOptions; redis?: RedisServerOptions } = {},
): Promise<Stack> {
  await using starting = new AsyncDisposableStack();
  const ldap = starting.use(await startOpenLdap(options.ldap));
  const redis = starting.use(await startRedis(options.redis));
  const ldapProxy = starting.use(await startTcpProxy({ port: ldap.port }));
  const redisProxy = starting.use(await startTcpProxy({ port: redis.port }));
  const parts = starting.move();
  const [ldapUrl, userBase] = [`ldap://127.0.0.1:${ldapProxy.port}`, `ou=people,${ldap.baseDn}`];
  const env = {
    LATCHKEY_SECRET: randomBytes(32).toString('base64'),
    LDAP_URL: ldapUrl,
    LDAP_BIND_DN: ldap.serviceDn,
    LDAP_BIND_PASSWORD: ldap.servicePassword,
    LDAP_USER_BASE: userBase,
    REDIS_URL: `redis://127.0.0.1:${redisProxy.port}`,
  };
  return {
    ...{ ldap, redis, ldapProxy, redisProxy, env },
    directory: {
      ...{ urls: [ldapUrl], userBase },
      ...{ bindDn: ldap.serviceDn, bindPassword: ldap.servicePassword },
    },
    startService: (over = {}) => useStarting(parts, startReadyService({ ...env, ...over })),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** What came back from the sign-in endpoint. */
export interface SignInAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The answer's text, as it came. */
  readonly text: string;
  /** `api_key` of the answer; empty where there is none. */
  readonly apiKey: string;
  readonly userId: number | undefined;
  readonly code: string | undefined;
}

/** Sign in as Zulip's clients do. */
export async function signIn(url: string, username: string, password: string): Promise<SignInAnswer> {
  const response = await fetch(`${url}/api/v1/fetch_api_key`, {
    method: 'POST',
    body: new URLSearchParams({ username, password }),
  });
  const text = await response.text();
  const body = JSON.parse(text) as { api_key?: string; user_id?: number; code?: string };
  const { status, headers } = response;
  return { status, headers, text, apiKey: body.api_key ?? '', userId: body.user_id, code: body.code };
}

/** Ask about a key as a gateway does. */
export function verify(url: string, apiKey: string): Promise<Response> {
  return fetch(`${url}/verify`, { headers: { Authorization: `Bearer ${apiKey}` } });
}
