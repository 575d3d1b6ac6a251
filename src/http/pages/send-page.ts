import type { Response } from 'express';
import { documentText, type Html, html } from './html.ts';
import { assetUrl, type PageAssets } from './page-assets.ts';

/** One page, without what all of them have around them. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Beside the realm's name; where it is absent, nothing is. */
  readonly aside?: Html;
}

/** Answers with a page. */
export type SendPage = (res: Response, status: number, page: Page) => void;

/** What all pages have around them. */
export interface PageFrame {
  readonly realmName: string;
  readonly assets: PageAssets;
}

/** `zulip:` because browsers hold a form's redirects to `form-action` too: one ends in the mobile app. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "form-action 'self' zulip:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answer with pages in `frame`: never kept by a browser or a proxy, with nothing inline and nothing from elsewhere. */
export function createSendPage(frame: PageFrame): SendPage {
  return (res, status, page) => {
    const text = documentText(layout(frame, page));
    res.statusCode = status;
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.setHeader('Content-Length', Buffer.byteLength(text));
    res.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    res.setHeader('Cache-Control', 'no-store');
    res.end(text);
  };
}

function layout({ realmName, assets }: PageFrame, { title, body, aside }: Page): Html {
  const logo = assetUrl(assets.logo);
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} · ${realmName}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" type="image/svg+xml" href="${logo}">
<link rel="stylesheet" href="${assetUrl(assets.stylesheet)}">
<script src="${assetUrl(assets.script)}" defer></script>
</head>
<body>
<header class="bar">
<p class="realm"><img src="${logo}" alt="" width="32" height="32"> <span>${realmName}</span></p>
${aside}
</header>
<main>
${body}
</main>
</body>
</html>`;
}
