import type { RequestListener } from 'node:http';
import express, { type Router } from 'express';
import { createErrorHandler } from '../../../src/http/error-handler.ts';
import { RequestError } from '../../../src/http/request-error.ts';
import { loggablePath, logRequest } from '../../../src/http/request-log.ts';
import type { RequestLog } from '../../../src/ports/log.ts';

/** Serve routers alone, between what the service puts before and behind every router. */
export function routeApp(log: RequestLog, ...routers: Router[]): RequestListener {
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  app.use((req, res, next) => {
    logRequest(req, res, loggablePath(req.originalUrl), log.request);
    next();
  });
  app.use(express.raw({ type: () => true, limit: 64 * 1024, inflate: false }));
  for (const router of routers) app.use(router);
  app.use(() => {
    throw new RequestError(404, 'Not found', 'NOT_FOUND');
  });
  app.use(createErrorHandler(log));
  return app;
}
