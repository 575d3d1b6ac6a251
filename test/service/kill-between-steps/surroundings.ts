import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import { createSecretRing } from '../../../src/keys/secret-ring.ts';
import { COMMON, openClient } from '../../adapters/redis/redis-forms.ts';
import { loadPeople } from '../../support/people.ts';
import { type RedisNode, startRedisNode } from '../../support/redis-node.ts';
import type { RedisServer } from '../../support/redis-server.ts';
import { startLatchkey } from '../../support/run-latchkey.ts';
import { until } from '../../support/until.ts';
import { type Stack, startStack } from '../stack.ts';
import { yamlFile } from '../yaml-file.ts';
import type { Witnesses } from './expect-kept.ts';

/** What victims live in, and who is left to tell. */
export type Surroundings = AsyncDisposable & {
  readonly stack: Stack;
  readonly env: Readonly<Record<string, string>>;
  readonly witnesses: Witnesses;
};

/** So many people, as `loadPeople` has them. */
const PEOPLE = 100;

const settings = (replicas: number) => `
limits: { perUsername: { attempts: 1000, window: 30m }, perAddress: { attempts: 1000, window: 1m } }
redis: { acknowledge: { replicas: ${replicas}, within: 10s } }
directory: { watch: none }
`;

/** Starts slapd, a Redis with so many replicas that have to acknowledge, and a replica of the service that nobody kills. */
export async function startSurroundings(replicas: number): Promise<Surroundings> {
  await using starting = new AsyncDisposableStack();
  const stack = starting.use(await startStack({ ldap: { ldif: loadPeople(PEOPLE) } }));
  for (let at = 0; at < replicas; at++) starting.use(await startReplicaOf(stack.redis));
  const env = {
    ...stack.env,
    REDIS_URL: stack.redis.url,
    LATCHKEY_CONFIG: yamlFile(settings(replicas)),
  };
  // Dozens of processes start and are killed, which then write nothing to the compile cache.
  await startLatchkey(env, ['accounts', 'list']).ended;
  const { url } = await stack.startService(env);
  const { client } = await openClient({ ...COMMON, url: stack.redis.url, keyPrefix: 'latchkey:' });
  starting.defer(() => client.disconnect());
  const ring = createSecretRing([Buffer.from(stack.env['LATCHKEY_SECRET'] ?? '', 'base64')]);
  const parts = starting.move();
  return {
    ...{ stack, env },
    witnesses: { url, ring, accounts: createRedisAccountStore(client) },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function startReplicaOf({ port }: RedisServer): Promise<RedisNode> {
  const replica = await startRedisNode({ lines: [`replicaof 127.0.0.1 ${port}`, 'save ""'] });
  await until('the replica has what its master has', async () =>
    String(await replica.ask('INFO', 'replication')).includes('master_link_status:up'),
  );
  return replica;
}
