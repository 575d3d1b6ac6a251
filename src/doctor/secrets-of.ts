import type { Config } from '../config/config.ts';

/** Shorter ones would blank out words that have nothing to do with them; nothing prints a secret by itself. */
const MIN_LENGTH = 4;

/** Every secret of the settings, as text, so that a report can be cleared of what an error might have quoted. */
export function secretsOf(config: Config): readonly string[] {
  const { url = 'memory:', password, sentinelPassword } = config.redis;
  const inUrl = new URL(url).password;
  const ofDirectories = config.directories.flatMap((one) =>
    one.kind === 'ldap' ? [one.bindPassword, one.clientKeyFile] : [],
  );
  const ofTokens = config.jwt.keys.flatMap(({ key, keyFile }) => [key, keyFile]);
  const ring = config.secret.flatMap((secret) => [
    secret.toString('base64'),
    secret.toString('base64url'),
    secret.toString('hex'),
  ]);
  return [
    ...ring,
    ...ofDirectories,
    ...ofTokens,
    config.sso.secretFile,
    password,
    sentinelPassword,
    inUrl,
    decodeURIComponent(inUrl),
  ].filter((one) => one !== undefined);
}

/** The text without any of these secrets in it. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= MIN_LENGTH)
    .toSorted((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, () => '[secret]'), text);
}
