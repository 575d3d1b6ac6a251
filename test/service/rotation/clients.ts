import type { Actions } from './actions.ts';
import type { Deployment, Replica } from './deployment.ts';
import { type Rounds, startRounds } from './rounds.ts';

/** Who uses the service. */
export interface Cast {
  /** Have their keys verified, and sign in. They have keys already. */
  readonly steady: readonly string[];
  /** Have their keys replaced. They have keys already, too. */
  readonly renewing: readonly string[];
  /** Sign in for the first time, one after the other, as long as there are any. */
  readonly newcomers: readonly string[];
}

/** Let everybody use both replicas, one after the other in each round, until the end. */
export function startClients({ replicas }: Deployment, cast: Cast, actions: Actions): Rounds {
  const { ask, comeIn, renew, wrong } = actions;
  const [one, other] = replicas;
  const client = (round: (here: () => Replica, there: () => Replica) => Promise<void>): Rounds =>
    startRounds(
      (number) => (number % 2 ? round(one, other) : round(other, one)),
      (failure) => wrong.push(String(failure)),
    );
  const steady = cast.steady.map((name) =>
    client(async (here, there) => {
      const at = here();
      if (!(await ask(at, name))) await comeIn(at, name);
      await ask(there(), name);
      await comeIn(here(), name);
    }),
  );
  const renewing = cast.renewing.map((name) =>
    client(async (here, there) => {
      await renew(here(), name);
      await ask(there(), name);
      await comeIn(there(), name);
    }),
  );
  const yetToCome = cast.newcomers.values();
  const newcomer = client(async (here, there) => {
    const { value: name } = yetToCome.next();
    if (name === undefined) return;
    await comeIn(here(), name);
    await ask(there(), name);
  });
  const clients = [...steady, ...renewing, newcomer];
  return {
    async next() {
      await Promise.all(clients.map((rounds) => rounds.next()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((rounds) => rounds[Symbol.asyncDispose]()));
    },
  };
}
