import type { IssuedKey } from '../keys/issue-api-key.ts';

/**
 * The API key as only the app that made the pad can read it: UTF-8 XOR pad, in lower-case hex (contract 7.1).
 * @param pad 64 hex digits, as many as the key's 32 bytes have
 */
export function padApiKey(apiKey: string, pad: string): string {
  const padBytes = Buffer.from(pad, 'hex');
  return Buffer.from(Buffer.from(apiKey).map((byte, at) => byte ^ (padBytes[at] ?? 0))).toString('hex');
}

/**
 * Where the browser is sent so that Zulip's mobile app takes over; the order of the parameters is Zulip's.
 * @param realm the realm's URL as `server_settings` names it: the app compares the two
 */
export function mobileAppUrl({ apiKey, account }: IssuedKey, pad: string, realm: string): string {
  const parameters = new URLSearchParams([
    ['otp_encrypted_api_key', padApiKey(apiKey, pad)],
    ['email', account.owner.email],
    ['user_id', String(account.id)],
    ['realm', realm],
  ]);
  return `zulip://login?${parameters}`;
}
