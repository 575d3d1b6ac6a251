import { createHash } from 'node:crypto';
import { Router } from 'express';
import { sendMethodNotAllowed, sendSuccess } from '../envelope.ts';

/** What a client is told about this realm before it signs in. */
export interface RealmDescription {
  /** Scheme and host as clients see them, without a slash at the end. */
  readonly publicUrl: string;
  readonly name: string;
  /** Plain text. */
  readonly description: string;
  readonly requireEmail: boolean;
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

function serverSettings(realm: RealmDescription) {
  const icon = createHash('sha256').update(realm.publicUrl).digest('hex');
  return {
    authentication_methods: {
      password: true,
      dev: false,
      email: false,
      ldap: true,
      remoteuser: false,
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
    realm_icon: `https://secure.gravatar.com/avatar/${icon}?d=identicon&version=1`,
    realm_description: `<p>${escapeHtml(realm.description)}</p>`,
    realm_web_public_access_enabled: false,
    external_authentication_methods: [],
    realm_uri: realm.publicUrl,
  };
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
