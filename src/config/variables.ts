/** Where a setting stands: keys and list positions from the top. */
export type Path = readonly (string | number)[];

/** What an environment variable sets. */
export interface Variable {
  readonly path: Path;
  /** Text to value; what cannot be read stays text, and the schema says what is wrong with it. */
  readonly read: (text: string) => unknown;
  /** Whether the variable with `_FILE` behind its name names a file with the value. */
  readonly hasFileForm: boolean;
}

const asText = (text: string): unknown => text;
const asNumber = (text: string): unknown => (/^\d+$/.test(text) ? Number(text) : text);
const asFlag = (text: string): unknown => ({ true: true, false: false })[text] ?? text;
const asList = (text: string): unknown =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const at = (path: string, read = asText): Variable => ({ path: path.split('.'), read, hasFileForm: false });
const directory = (setting: string, read = asText): Variable => ({
  path: ['directories', 0, setting],
  read,
  hasFileForm: false,
});
const secret = (variable: Variable): Variable => ({ ...variable, hasFileForm: true });

/** The variables of the operator's contract. */
export const VARIABLES: Readonly<Record<string, Variable>> = {
  HOST: at('http.host'),
  PORT: at('http.port', asNumber),
  TRUST_PROXY: at('http.trustProxy', asList),
  LATCHKEY_PUBLIC_URL: at('realm.publicUrl'),
  LATCHKEY_REALM_NAME: at('realm.name'),
  LATCHKEY_SECRET: secret(at('secret')),
  REQUIRE_EMAIL_FORMAT_USERNAMES: at('requireEmailFormatUsernames', asFlag),
  LDAP_PRESET: directory('preset'),
  LDAP_URL: directory('urls', asList),
  LDAP_STARTTLS: directory('startTls', asFlag),
  LDAP_CA_FILE: directory('caFile'),
  LDAP_ALLOW_PLAINTEXT: directory('allowPlaintext', asFlag),
  LDAP_BIND_DN: directory('bindDn'),
  LDAP_BIND_PASSWORD: secret(directory('bindPassword')),
  LDAP_USER_BASE: directory('userBase'),
  LDAP_USER_FILTER: directory('userFilter'),
  LDAP_USER_DN_TEMPLATE: directory('userDnTemplate'),
  LDAP_EMAIL_ATTRIBUTE: directory('emailAttribute'),
  LDAP_EMAIL_DOMAIN: directory('emailDomain'),
  LDAP_REQUIRED_GROUP: directory('requiredGroup'),
  REDIS_URL: secret(at('redis.url')),
  REDIS_SENTINELS: at('redis.sentinels', asList),
  REDIS_SENTINEL_MASTER: at('redis.sentinelMaster'),
  REDIS_SENTINEL_USERNAME: at('redis.sentinelUsername'),
  REDIS_SENTINEL_PASSWORD: secret(at('redis.sentinelPassword')),
  REDIS_CLUSTER_NODES: at('redis.clusterNodes', asList),
  REDIS_USERNAME: at('redis.username'),
  REDIS_PASSWORD: secret(at('redis.password')),
  REDIS_TLS: at('redis.tls', asFlag),
  REDIS_CA_FILE: at('redis.caFile'),
  LOG_LEVEL: at('log.level'),
};

/** Every name that means something: what a mistyped one may have been meant to be. */
export const KNOWN_NAMES: readonly string[] = [
  ...Object.entries(VARIABLES).flatMap(([name, { hasFileForm }]) =>
    hasFileForm ? [name, `${name}_FILE`] : [name],
  ),
  'LATCHKEY_CONFIG',
];
