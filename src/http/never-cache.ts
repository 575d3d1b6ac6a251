import type { RequestHandler } from 'express';

/** What Django's never_cache puts on every answer of a `rest_path` endpoint, whatever the method (contract 5). */
export const neverCache: RequestHandler = (_req, res, next) => {
  res.setHeader('Expires', new Date().toUTCString());
  res.setHeader('Cache-Control', 'max-age=0, no-cache, no-store, must-revalidate, private');
  next();
};
