import { Router } from 'express';
import type { Exposition } from '../../ports/metrics.ts';
import { sendMethodNotAllowed } from '../envelope.ts';

/** `GET /metrics`: what Prometheus collects. Anybody who reaches it may read it: it names no person and no key. */
export function metricsRoute(metrics: Exposition): Router {
  return Router({ caseSensitive: true, strict: true })
    .get('/metrics', async (_req, res) => {
      const text = await metrics.read();
      res.setHeader('Content-Type', metrics.contentType);
      res.setHeader('Cache-Control', 'no-store');
      res.setHeader('Content-Length', Buffer.byteLength(text));
      res.end(text);
    })
    .all('/metrics', (_req, res) => sendMethodNotAllowed(res, ['GET', 'HEAD']));
}
