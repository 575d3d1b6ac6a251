import { Router } from 'express';
import { sendMethodNotAllowed } from '../envelope.ts';
import type { PageAsset, PageAssets } from '../pages/page-assets.ts';

const A_YEAR_SECONDS = 31_536_000;

/** `/assets/…`: what the pages refer to. */
export function pageAssetsRoute(assets: PageAssets): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const asset of Object.values<PageAsset>({ ...assets })) {
    router
      .get(asset.path, (req, res) => {
        // While replicas are replaced, the version that is asked for may be another one's.
        const isThisOne = req.originalUrl === `${asset.path}?v=${asset.version}`;
        res.setHeader(
          'Cache-Control',
          isThisOne ? `public, max-age=${A_YEAR_SECONDS}, immutable` : 'no-cache',
        );
        res.setHeader('Content-Type', asset.type);
        res.setHeader('Content-Length', asset.content.length);
        res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
        res.end(asset.content);
      })
      .all(asset.path, (_req, res) => sendMethodNotAllowed(res, ['GET', 'HEAD']));
  }
  return router;
}
