import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { LoadResult } from './closed-loop.ts';

/** A process of its own that makes a load when asked to, and stays warm in between. */
export interface LoadProcess<Plan> extends AsyncDisposable {
  /** Throws what went wrong in the process. */
  run(plan: Plan): Promise<LoadResult>;
}

type Reply = { result: LoadResult } | { failure: string };

/** Start a program that calls `serveLoad`; it ends with this process. */
export function startLoadProcess<Plan>(program: URL): LoadProcess<Plan> {
  // Advanced: plans may hold Infinity.
  const child = fork(program, { serialization: 'advanced' });
  const exited = once(child, 'exit');
  return {
    async run(plan) {
      child.send(plan as object);
      const [reply] = (await Promise.race([once(child, 'message'), exited])) as [Reply | number | null];
      if (reply === null || typeof reply === 'number') throw new Error(`${program.pathname} has ended`);
      if ('failure' in reply) throw new Error(reply.failure);
      return reply.result;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** In the program: make the load of every plan that comes, one after another, until the starter is gone. */
export function serveLoad<Plan>(makeLoad: (plan: Plan) => Promise<LoadResult>): void {
  process.on('message', async (plan: Plan) => {
    const reply = await makeLoad(plan).then(
      (result): Reply => ({ result }),
      (failure: unknown): Reply => ({
        failure: failure instanceof Error ? `${failure.stack}` : `${failure}`,
      }),
    );
    process.send?.(reply);
  });
  process.on('disconnect', () => process.exit());
}
