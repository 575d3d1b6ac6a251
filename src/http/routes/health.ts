import { Router } from 'express';
import { sendJson, sendMethodNotAllowed } from '../envelope.ts';

/** Whether the parts answer; each settles within a bound. */
export interface Readiness {
  readonly store: () => Promise<boolean>;
  readonly directory: () => Promise<boolean>;
  /** Whether keys may be issued with this ring of secrets; `undefined`: nobody can say now. */
  readonly secrets: () => Promise<boolean | undefined>;
  /** What is dangerous about the store as it is set, in one line each; `undefined`: nobody can say now. */
  readonly warnings: () => Promise<readonly string[] | undefined>;
  /** Whether the service is on its way out. */
  readonly isStopping: () => boolean;
}

/**
 * `GET /healthz`: 200 as long as the process is well. `GET /readyz`: 503 while the store is away, the ring of secrets
 * is not accepted, or the service stops; a directory that is away leaves it 200, since to take every replica out of the gateway
 * would make a directory's outage everyone's, and so does what is only dangerous.
 */
export function healthRoutes({ store, directory, secrets, warnings, isStopping }: Readiness): Router {
  return Router({ caseSensitive: true, strict: true })
    .get('/healthz', (_req, res) => sendJson(res, 200, { status: 'ok' }))
    .get('/readyz', async (_req, res) => {
      const [storeAnswers, directoryAnswers, isAccepted, warned] = await Promise.all([
        store(),
        directory(),
        secrets(),
        warnings(),
      ]);
      const ready = storeAnswers && isAccepted === true && !isStopping();
      sendJson(res, ready ? 200 : 503, {
        status: isStopping() ? 'stopping' : ready ? 'ready' : 'not ready',
        redis: storeAnswers ? 'ok' : 'unreachable',
        directory: directoryAnswers ? 'ok' : 'unreachable',
        secrets: isAccepted === undefined ? 'unknown' : isAccepted ? 'accepted' : 'not accepted',
        ...(warned && { warnings: warned }),
      });
    })
    .all(['/healthz', '/readyz'], (_req, res) => sendMethodNotAllowed(res, ['GET', 'HEAD']));
}
