import type { Response } from 'express';

/** Send the browser to `location`, an absolute path or URL in ASCII; without a body, which would repeat it. */
export function redirect(res: Response, status: 302 | 303, location: string): void {
  res.setHeader('Location', location);
  res.setHeader('Cache-Control', 'no-store');
  res.status(status).end();
}
