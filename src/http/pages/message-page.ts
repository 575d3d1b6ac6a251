import { html } from './html.ts';
import type { Page } from './send-page.ts';

/** A page that only says something, and where to go from there. */
export function messagePage(title: string, message: string): Page {
  const body = html`<div class="card narrow">
<h1>${title}</h1>
<p>${message}</p>
<p><a href="/accounts/login/">Go to the sign-in page</a></p>
</div>`;
  return { title, body };
}
