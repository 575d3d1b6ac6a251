import { recogniseApiKey } from '../../../src/keys/api-key.ts';
import { createSecretRing } from '../../../src/keys/secret-ring.ts';
import type { Stack } from '../stack.ts';

/** Secrets, the current one first. */
export type Secrets = readonly Buffer[];

/** A replica as clients know it: where it is now, and which secrets it has. */
export interface Replica {
  readonly url: string;
  readonly secrets: Secrets;
}

/** Two replicas that can be replaced while they are used. */
export interface Deployment {
  /** By their places; asked for anew before each request, as a gateway does. */
  readonly replicas: readonly [() => Replica, () => Replica];
  /**
   * Start a process with these secrets in that place, send clients there, and stop the one before once `isLeft` says
   * that no client is there any more.
   */
  replace(place: 0 | 1, secrets: Secrets, isLeft: () => Promise<unknown>): Promise<void>;
}

/** As LATCHKEY_SECRET takes it. */
export function inEnvironment(secrets: Secrets): string {
  return secrets.map((secret) => secret.toString('base64')).join(',');
}

/** The id of a secret. */
export function idOf(secret: Buffer): string {
  return createSecretRing([secret]).current.id;
}

/** The id of the secret that a key was derived with; `undefined`: none of these. */
export function secretOf(apiKey: string, secrets: Secrets): string | undefined {
  if (secrets.length === 0) return undefined;
  return recogniseApiKey(createSecretRing(secrets), apiKey)?.secret.id;
}

/** Start both on the parts of `stack`. Throws where one that is replaced does not end well. */
export async function startDeployment(stack: Stack, secrets: Secrets): Promise<Deployment> {
  const start = async (ring: Secrets) => ({
    service: await stack.startService({ LATCHKEY_SECRET: inEnvironment(ring) }),
    secrets: ring,
  });
  const running = [await start(secrets), await start(secrets)];
  const at = (place: 0 | 1) => running[place] as (typeof running)[number];
  const replica = (place: 0 | 1) => (): Replica => ({
    url: at(place).service.url,
    secrets: at(place).secrets,
  });
  return {
    replicas: [replica(0), replica(1)],
    async replace(place, ring, isLeft) {
      const { service: before } = at(place);
      running[place] = await start(ring);
      await isLeft();
      before.signal('SIGTERM');
      const { code } = await before.exited;
      if (code !== 0) throw new Error(`the replica that was replaced ended with exit code ${code}`);
    },
  };
}
