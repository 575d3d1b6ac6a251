import type { IssuedKey } from '../../keys/issue-api-key.ts';
import { type Html, html } from './html.ts';
import type { PageRefusal } from './page-refusal.ts';
import type { Page } from './send-page.ts';

/** What the account page shows. */
export interface AccountView {
  readonly csrf: string;
  readonly issued: IssuedKey;
  /** Whether the key has just been made in place of another. */
  readonly isNew: boolean;
  readonly refusal: PageRefusal | undefined;
}

/** As wide as a key, and tells nothing of it. */
const MASK = '•'.repeat(32);

/** Whose key it is, the key, and what can be done with it. */
export function accountPage(view: AccountView): Page {
  const { csrf, issued, isNew, refusal } = view;
  const { owner, id } = issued.account;
  const token = html`<input type="hidden" name="csrf" value="${csrf}">`;
  const body = html`<div class="card">
<h1>Your account</h1>
${refusal && !refusal.field && html`<div class="problem" role="alert"><p>${refusal.message}</p></div>`}
${isNew && html`<div class="notice" role="status"><p>You have a new API key. The old one no longer works.</p></div>`}
<dl>
<div><dt>Name</dt><dd>${owner.fullName}</dd></div>
<div><dt>Email</dt><dd>${owner.email}</dd></div>
<div><dt>User ID</dt><dd>${id}</dd></div>
</dl>
</div>
${keyCard(issued.apiKey, token)}
${regenerateCard(token, refusal)}`;
  const aside = html`<form method="post" action="/account/sign-out">${token}<button type="submit">Sign out</button></form>`;
  return { title: refusal ? 'Error: Your account' : 'Your account', body, aside };
}

/** Without a script the key is behind a disclosure; the script puts a masked field in its place. */
function keyCard(apiKey: string, token: Html): Html {
  return html`<section class="card" aria-labelledby="key-title">
<h2 id="key-title">API key</h2>
<p class="quiet">Whoever has this key can act as you. Give it to nobody.</p>
<details data-without-script>
<summary>Show key</summary>
<p><code class="mono">${apiKey}</code></p>
</details>
<div data-with-script hidden>
<p class="field">
<label for="api-key">Your API key</label>
<input id="api-key" class="mono" type="text" value="${MASK}" data-secret="${apiKey}" readonly autocomplete="off" spellcheck="false">
</p>
<p class="buttons"><button type="button" data-shows="api-key">Show key</button>
<button type="button" data-copies="api-key">Copy key</button></p>
<p class="quiet" role="status" id="api-key-status"></p>
</div>
<h3>For the command line</h3>
<p>Tools such as zulip-terminal read the file <code>zuliprc</code>. Keep it where only you can read it.</p>
<form method="post" action="/account/zuliprc">${token}<button type="submit" class="primary">Download zuliprc</button></form>
</section>`;
}

function regenerateCard(token: Html, refusal: PageRefusal | undefined): Html {
  const isUnconfirmed = refusal?.field === 'confirm';
  return html`<section class="card" aria-labelledby="regenerate-title">
<h2 id="regenerate-title">Regenerate your key</h2>
<p>Make a new key if somebody else may have seen this one. Every app and tool that uses it is signed out at once.</p>
${isUnconfirmed && html`<div class="problem" role="alert" id="confirm-problem"><p>${refusal.message}</p></div>`}
<form method="post" action="/account/regenerate">
${token}
<p class="check"><input id="confirm" name="confirm" type="checkbox" value="yes" required${isUnconfirmed && html` aria-invalid="true" aria-describedby="confirm-problem" autofocus`}>
<label for="confirm">Sign out everything that uses the present key</label></p>
<button type="submit" class="danger">Regenerate key</button>
</form>
</section>`;
}
