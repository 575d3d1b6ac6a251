import { createHash } from 'node:crypto';
import { Router } from 'express';
import { sendMethodNotAllowed, sendSuccess } from '../envelope.ts';
import { escapeHtml } from '../pages/html.ts';

/** What a client is told about this realm before it signs in. */
export interface RealmDescription {
  /** Scheme and host as clients see them, without a slash at the end. */
  readonly publicUrl: string;
  readonly name: string;
  /** Plain text; a blank line begins a paragraph. */
  readonly description: string;
  /** URL of the realm's picture; `undefined`: one that Gravatar draws. */
  readonly icon: string | undefined;
  readonly requireEmail: boolean;
  /** Whether the development endpoints are there. */
  readonly development: boolean;
  /** Whether a gateway may sign people in. */
  readonly sso: boolean;
  /** The Zulip release and feature level that are claimed. */
  readonly version: string;
  readonly featureLevel: number;
}

/** `GET /api/v1/server_settings`: how to sign in here (contract 2). Clients read `realm_uri`, deprecated or not. */
export function serverSettingsRoute(realm: RealmDescription): Router {
  const settings = serverSettings(realm);
  return Router({ caseSensitive: true, strict: true })
    .get('/api/v1/server_settings', (req, res) => {
      const isIncompatible = /^ZulipInvalid(?:[\s/]|$)/.test(req.headers['user-agent'] ?? '');
      sendSuccess(res, { ...settings, is_incompatible: isIncompatible });
    })
    .all('/api/v1/server_settings', (_req, res) => sendMethodNotAllowed(res, ['GET', 'HEAD']));
}

/** How clients open the sign-in that the gateway does (contract 2.1). */
const SSO_METHOD = {
  name: 'remoteuser',
  display_name: 'SSO',
  display_icon: null,
  login_url: '/accounts/login/start/sso/',
  signup_url: '/accounts/login/start/sso/',
};

function serverSettings(realm: RealmDescription) {
  return {
    authentication_methods: {
      password: true,
      dev: realm.development,
      email: false,
      ldap: true,
      remoteuser: realm.sso,
      github: false,
      azuread: false,
      gitlab: false,
      google: false,
      apple: false,
      saml: false,
      'openid connect': false,
    },
    zulip_version: realm.version,
    zulip_merge_base: realm.version,
    zulip_feature_level: realm.featureLevel,
    push_notifications_enabled: false,
    // Filled in for each request; here it holds the key's place.
    is_incompatible: false,
    email_auth_enabled: false,
    require_email_format_usernames: realm.requireEmail,
    realm_url: realm.publicUrl,
    realm_name: realm.name,
    realm_icon: realm.icon ?? drawnIcon(realm.publicUrl),
    realm_description: renderDescription(realm.description),
    realm_web_public_access_enabled: false,
    external_authentication_methods: realm.sso ? [SSO_METHOD] : [],
    realm_uri: realm.publicUrl,
  };
}

function drawnIcon(publicUrl: string): string {
  const digest = createHash('sha256').update(publicUrl).digest('hex');
  return `https://secure.gravatar.com/avatar/${digest}?d=identicon&version=1`;
}

/** Paragraphs and line breaks as Zulip's Markdown makes them; nothing else of the text means anything. */
function renderDescription(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n(?:[^\S\n]*\n)+/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${escapeHtml(paragraph).replace(/\s*\n\s*/g, '<br>\n')}</p>`)
    .join('\n');
}
