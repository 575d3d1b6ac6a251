import type { Otp } from '../read-otp.ts';
import { type Html, html } from './html.ts';
import type { PageRefusal } from './page-refusal.ts';
import type { Page } from './send-page.ts';

/** What the sign-in page shows. */
export interface SignInView {
  readonly csrf: string;
  /** As it was typed before. */
  readonly username: string;
  /** Whether a username must be an email. */
  readonly requireEmail: boolean;
  readonly otp: Otp | undefined;
  readonly refusal: PageRefusal | undefined;
  /** Where a person sets a new password. */
  readonly passwordResetUrl: string | undefined;
}

/** The form that asks for username and password. The password never comes back to it. */
export function signInPage(view: SignInView): Page {
  const { csrf, username, requireEmail, otp, refusal } = view;
  const wrong = (field: PageRefusal['field']) =>
    refusal?.field === field && html` aria-invalid="true" aria-describedby="problem"`;
  const focus = (field: string) => (username === '' ? 'username' : 'password') === field && html` autofocus`;
  const body = html`<div class="card narrow">
<h1>Sign in</h1>
<p class="quiet">${otp ? 'Sign in here to continue in the Zulip app.' : 'Use the account of your organization.'}</p>
${problem(view)}
<form method="post" action="/accounts/login/">
<input type="hidden" name="csrf" value="${csrf}">
${otp && html`<input type="hidden" name="${otp.flow}" value="${otp.pad}">`}
<p class="field">
<label for="username">${requireEmail ? 'Email' : 'Email or username'}</label>
<input id="username" name="username" type="${requireEmail ? 'email' : 'text'}" value="${username}" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" required${focus('username')}${wrong('username')}>
</p>
<p class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${focus('password')}${wrong('password')}>
</p>
<button type="submit" class="primary wide">Sign in</button>
</form>
</div>`;
  return { title: refusal ? 'Error: Sign in' : 'Sign in', body };
}

function problem({ refusal, passwordResetUrl }: SignInView): Html | undefined {
  if (!refusal) return undefined;
  const reset = refusal.offersReset && passwordResetUrl;
  return html`<div class="problem" role="alert" id="problem"><p>${refusal.message}</p>
${reset && html`<p><a href="${reset}">Set a new password</a></p>`}</div>`;
}
