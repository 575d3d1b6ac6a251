import { readFileSync } from 'node:fs';
import { loadConfig } from '../../src/config/config.ts';
import { openStore, type Store } from '../../src/open-store.ts';
import { type Stack, startStack } from '../service/stack.ts';
import { yamlFile } from '../service/yaml-file.ts';
import { recordingLog } from '../support/recording-log.ts';
import { castLdif, STAFF } from './people.ts';
import { type Replica, startReplica } from './replica.ts';

/** Two replicas of the service, each with its own way to one Redis, and one slapd behind a proxy for both. */
export interface World extends AsyncDisposable {
  readonly ldap: Stack['ldap'];
  readonly ldapProxy: Stack['ldapProxy'];
  readonly redis: Stack['redis'];
  /** The first lives from the beginning to the end. */
  readonly replicas: readonly [Replica, Replica];
  /** What an operator works on: by a way to Redis of its own. */
  readonly store: Store;
}

/** How long a change may take to be known to everybody, whatever happens meanwhile, in milliseconds. */
export const KNOWN_WITHIN_MS = 6_000;

/** How often a person may fail. */
export const ATTEMPTS = 5;

/** Everything happens often, and nothing waits for long. */
const SETTINGS = {
  http: { trustProxy: ['loopback'] },
  signInWithin: '5s',
  limits: {
    perUsername: { attempts: ATTEMPTS, window: '10s' },
    familiar: { attempts: ATTEMPTS, remember: '1d' },
    perAddress: { attempts: 30, window: '10s' },
  },
  keys: {
    ...{ revalidateAfter: '1s', maxStaleness: '3s', watchEvery: '500ms' },
    nearCache: { ttl: '2s', maxBytes: '1MiB' },
  },
  redis: { connectTimeout: '1s', commandTimeout: '1s' },
  directory: {
    ...{ resolveTimeout: '1s', connectTimeout: '1s', operationTimeout: '2s' },
    ...{ connectionMaxAge: '20s', connectionMaxIdle: '1s', probe: { first: '100ms', atMost: '500ms' } },
    groups: { base: 'ou=groups,dc=example,dc=org' },
    requiredGroup: STAFF,
  },
};

/** Start all of it. */
export async function startWorld(): Promise<World> {
  await using starting = new AsyncDisposableStack();
  const stack = await startStack({ ldap: { ldif: castLdif() }, redis: { appendOnly: true } });
  starting.use(stack);
  const env = {
    ...stack.env,
    REDIS_URL: stack.redis.url,
    LATCHKEY_CONFIG: yamlFile(JSON.stringify(SETTINGS)),
  };
  const replicas = await Promise.all([
    startReplica('first', stack.redis.port, env),
    startReplica('second', stack.redis.port, env),
  ]);
  for (const replica of replicas) starting.use(replica);
  const { config } = loadConfig(env, {
    readFile: (path) => readFileSync(path, 'utf8'),
    developmentSecret: () => '',
  });
  const store = starting.use(openStore(config, recordingLog()));
  const parts = starting.move();
  const { ldap, ldapProxy, redis } = stack;
  return {
    ...{ ldap, ldapProxy, redis, replicas, store },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
