import { DESKTOP_TOKEN_MS } from '../../auth/desktop-token.ts';
import { html } from './html.ts';
import type { Page } from './send-page.ts';

/** Shows the sealed token that a person takes to the desktop app. */
export function desktopTokenPage(sealedToken: string): Page {
  const body = html`<div class="card narrow">
<h1>Back to the app</h1>
<p>Copy this token, then return to the Zulip app. It signs you in once, within ${DESKTOP_TOKEN_MS / 1000} seconds; should it be too late, begin again in the app.</p>
<p class="field">
<label for="desktop-token">Sign-in token</label>
<input id="desktop-token" class="mono" type="text" value="${sealedToken}" readonly autofocus>
</p>
<p class="buttons"><button type="button" class="primary wide" data-copies="desktop-token" hidden>Copy token</button></p>
<p class="quiet" role="status" id="desktop-token-status"></p>
</div>`;
  return { title: 'Back to the app', body };
}
