import { type Running, startLatchkey } from '../../support/run-latchkey.ts';
import { type StoppingRelay, startStoppingRelay } from '../../support/stopping-relay.ts';
import { startReadyService } from '../ready-service.ts';

/** Something that runs on a Redis which stops answering at a step, to be killed then. */
export interface Victim extends AsyncDisposable {
  readonly relay: StoppingRelay;
  /** Kills it (SIGKILL), and resolves when it is dead. */
  kill(): Promise<void>;
}

/** A replica of the service. */
export type ServiceVictim = Victim & { readonly url: string };

/** What victims have before them. */
export interface VictimParts {
  readonly redis: { readonly port: number };
  /** Their environment, but for the address of Redis. */
  readonly env: Readonly<Record<string, string>>;
}

async function startRelay({ redis, env }: VictimParts) {
  const relay = await startStoppingRelay(redis);
  return { relay, env: { ...env, REDIS_URL: `redis://127.0.0.1:${relay.port}` } };
}

/** Starts a replica that is ready. */
async function startServiceVictim(parts: VictimParts): Promise<ServiceVictim> {
  await using starting = new AsyncDisposableStack();
  const { relay, env } = await startRelay(parts);
  starting.use(relay);
  const service = starting.use(await startReadyService(env));
  const started = starting.move();
  return {
    ...{ relay, url: service.url },
    async kill() {
      service.signal('SIGKILL');
      await service.exited;
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Replicas, one after the other. */
export interface ServiceVictims extends AsyncDisposable {
  take(): Promise<ServiceVictim>;
}

/** Have `ahead` replicas start while others are in use. */
export function createServiceVictims(parts: VictimParts, ahead: number): ServiceVictims {
  const start = () => {
    const starting = startServiceVictim(parts);
    // Whoever takes it is told.
    starting.catch(() => {});
    return starting;
  };
  const waiting = Array.from({ length: ahead }, start);
  return {
    async take() {
      waiting.push(start());
      return waiting.shift() as Promise<ServiceVictim>;
    },
    async [Symbol.asyncDispose]() {
      const started = await Promise.allSettled(waiting);
      const victims = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      await Promise.all(victims.map((victim) => victim[Symbol.asyncDispose]()));
    },
  };
}

/** Runs the command `latchkey` on a Redis whose relay `arm` tells where to stop. */
export async function startCommandVictim(
  parts: VictimParts,
  args: readonly string[],
  arm: (relay: StoppingRelay) => void,
): Promise<Victim & { readonly running: Running }> {
  const { relay, env } = await startRelay(parts);
  arm(relay);
  const running = startLatchkey(env, args);
  const kill = async () => {
    running.signal('SIGKILL');
    await running.ended;
  };
  return {
    ...{ relay, running, kill },
    async [Symbol.asyncDispose]() {
      await kill();
      await relay[Symbol.asyncDispose]();
    },
  };
}
