import { describe, expect, test } from '@jest/globals';
import { ldapOf, load, SECRET, WITHOUT_DIRECTORY } from './environment.ts';

describe('the settings', () => {
  test('are complete with the least that a start needs', () => {
    const { config, warnings } = load();
    expect(config.http).toMatchObject({ host: '0.0.0.0', port: 8080, keepAliveTimeout: 75_000 });
    expect(config.limits).toEqual({
      perUsername: { attempts: 5, window: 1_800_000 },
      familiar: { attempts: 5, remember: 2_592_000_000 },
      perAddress: { attempts: 100, window: 60_000 },
    });
    expect(config.secret).toEqual([Buffer.alloc(32, 1)]);
    expect(config.directories).toHaveLength(1);
    expect(config.directories[0]).toMatchObject({
      id: 'default',
      preset: 'openldap',
      idAttribute: 'entryUUID',
    });
    expect(warnings).toEqual([]);
  });

  test('are frozen all the way down', () => {
    const { config } = load();
    expect(() => Object.assign(config.limits.perUsername, { attempts: 1000 })).toThrow(TypeError);
    expect(() => Object.assign(config.directories, { length: 0 })).toThrow(TypeError);
  });

  test('are laid over one another: environment over file over preset over default', () => {
    const file = `
realm: { name: From the file }
limits: { perUsername: { attempts: 3 } }
directory: { usernameAttribute: fromFile, operationTimeout: 7s }
`;
    const { config } = load(
      {
        LATCHKEY_CONFIG: 'our.yaml',
        LDAP_PRESET: 'active-directory',
        LATCHKEY_REALM_NAME: 'From the environment',
      },
      { 'our.yaml': file },
    );
    expect(config.realm.name).toBe('From the environment');
    expect(config.limits.perUsername).toEqual({ attempts: 3, window: 1_800_000 });
    expect(config.directories[0]).toMatchObject({
      usernameAttribute: 'fromFile',
      operationTimeout: 7000,
      idAttribute: 'objectGUID',
      connectTimeout: 2000,
    });
  });

  test.each(['openldap', 'active-directory', '389ds', 'freeipa', 'lldap'])('know the preset %s', (preset) => {
    const directory = ldapOf(load({ LDAP_PRESET: preset }).config);
    expect(directory.userFilter).toContain('{username}');
    expect(directory.idAttribute).not.toBe('');
  });

  test.each([
    ['openldap', 'modifyTimestamp'],
    ['active-directory', 'dirSync'],
    ['389ds', 'modifyTimestamp'],
    ['freeipa', 'modifyTimestamp'],
    ['lldap', 'none'],
  ])('watch the directory of the preset %s by %s', (preset, watch) => {
    expect(ldapOf(load({ LDAP_PRESET: preset }).config).watch).toBe(watch);
  });

  test('read every variable of the contract', () => {
    const { config } = load({
      HOST: '127.0.0.1',
      PORT: '9090',
      TRUST_PROXY: 'loopback, 10.0.0.0/8,fd00::/8,192.0.2.1',
      LATCHKEY_PUBLIC_URL: 'https://chat.example.org/',
      REQUIRE_EMAIL_FORMAT_USERNAMES: 'true',
      LDAP_URL: 'ldap://a.example.org, ldap://b.example.org:3389',
      LDAP_STARTTLS: 'true',
      LDAP_USER_FILTER: '(cn={username})',
      LDAP_USER_DN_TEMPLATE: 'uid={username},ou=people,dc=example,dc=org',
      LDAP_EMAIL_ATTRIBUTE: 'mailAddress',
      LDAP_EMAIL_DOMAIN: 'example.org',
      LOG_LEVEL: 'debug',
    });
    expect(config.http).toMatchObject({
      host: '127.0.0.1',
      port: 9090,
      trustProxy: ['loopback', '10.0.0.0/8', 'fd00::/8', '192.0.2.1'],
    });
    expect(config.realm.publicUrl).toBe('https://chat.example.org');
    expect(config.requireEmailFormatUsernames).toBe(true);
    expect(config.log.level).toBe('debug');
    expect(config.directories[0]).toMatchObject({
      urls: ['ldap://a.example.org', 'ldap://b.example.org:3389'],
      startTls: true,
      userFilter: '(cn={username})',
      userDnTemplate: 'uid={username},ou=people,dc=example,dc=org',
      emailAttribute: 'mailAddress',
      emailDomain: 'example.org',
    });
  });

  test('take a directory from a list in the file', () => {
    const file = `
directories:
  - id: corp
    preset: 389ds
    urls: [ldaps://ds.example.org]
    bindDn: cn=latchkey
    bindPassword: secret
    userBase: ou=people,dc=example,dc=org
`;
    const { config } = load({ ...WITHOUT_DIRECTORY, LATCHKEY_CONFIG: 'our.yaml' }, { 'our.yaml': file });
    expect(config.directories).toMatchObject([
      { id: 'corp', idAttribute: 'nsUniqueId', urls: ['ldaps://ds.example.org'] },
    ]);
  });

  test('read secrets from files, without one line feed at the end', () => {
    const { config } = load(
      {
        LDAP_BIND_PASSWORD: undefined,
        LDAP_BIND_PASSWORD_FILE: '/run/pw',
        LATCHKEY_SECRET: undefined,
        LATCHKEY_SECRET_FILE: '/run/ring',
        REDIS_URL: undefined,
        REDIS_URL_FILE: '/run/redis',
      },
      {
        '/run/pw': 'from a file \n\n',
        '/run/ring': `${SECRET}\r\n`,
        '/run/redis': 'redis://:pw@redis:6379\n',
      },
    );
    expect(ldapOf(config).bindPassword).toBe('from a file \n');
    expect(config.secret).toEqual([Buffer.alloc(32, 1)]);
    expect(config.redis.url).toBe('redis://:pw@redis:6379');
  });

  test('take the CA from its file', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    expect(ldapOf(load({ LDAP_CA_FILE: '/run/ca' }, { '/run/ca': pem }).config).caFile).toBe(pem.trim());
  });

  test.each([
    ['65536', 65_536],
    ['512KiB', 524_288],
    ['64MiB', 67_108_864],
    ['2GiB', 2_147_483_648],
  ])('read %s as bytes', (written, maxBytes) => {
    const file = `keys: { nearCache: { ttl: 0s, maxBytes: ${written} } }`;
    const { config } = load({ LATCHKEY_CONFIG: 'our.yaml' }, { 'our.yaml': file });
    expect(config.keys.nearCache).toEqual({ ttl: 0, maxBytes });
  });

  test('hold a ring of several secrets, the current one first', () => {
    const other = Buffer.alloc(40, 2).toString('base64url');
    const { config } = load({ LATCHKEY_SECRET: `${SECRET}, ${other}` });
    expect(config.secret).toEqual([Buffer.alloc(32, 1), Buffer.alloc(40, 2)]);
  });

  test('make a secret in development only, and only where none is set', () => {
    expect(
      load({ LATCHKEY_SECRET: undefined, NODE_ENV: 'development', HOST: '127.0.0.1' }).config.secret,
    ).toEqual([Buffer.alloc(32, 9)]);
    expect(load({ NODE_ENV: 'development', HOST: '127.0.0.1' }).config.secret).toEqual([Buffer.alloc(32, 1)]);
    expect(() => load({ LATCHKEY_SECRET: undefined, NODE_ENV: 'production' })).toThrow(
      'LATCHKEY_SECRET: missing',
    );
  });

  test.each(['ldap://localhost', 'ldap://127.0.0.1:3389', 'ldap://127.9.9.9', 'ldap://[::1]'])(
    'let %s go in clear',
    (url) => {
      expect(ldapOf(load({ LDAP_URL: url }).config).urls).toEqual([url]);
    },
  );

  test('let a foreign host go in clear where the operator says so', () => {
    const { config } = load({ LDAP_URL: 'ldap://ldap.example.org', LDAP_ALLOW_PLAINTEXT: 'true' });
    expect(ldapOf(config).allowPlaintext).toBe(true);
  });

  test('warn of variables that mean nothing, with the nearest that does', () => {
    const { warnings } = load({
      LDAP_PORT: 'tcp://10.0.0.1:389',
      LATCHKEY_SECRETS: 'x',
      LDAP_BIND_PASWORD: 'x',
    });
    expect(warnings).toEqual([
      'LDAP_PORT: not a known variable; did you mean LDAP_URL?',
      'LATCHKEY_SECRETS: not a known variable; did you mean LATCHKEY_SECRET?',
      'LDAP_BIND_PASWORD: not a known variable; did you mean LDAP_BIND_PASSWORD?',
    ]);
  });

  test.each([
    [
      'any',
      ['our.yaml: jwt.audience: any: a token that the issuer has made for another service signs in here too'],
    ],
    ['latchkey', []],
  ])('warn of tokens that were made for anybody: audience %s', (audience, expected) => {
    const yaml = `jwt: { keys: [{ algorithms: [RS256], jwksUrl: "https://idp.example.org/jwks" }], audience: ${audience} }`;
    const { config, warnings } = load({ LATCHKEY_CONFIG: 'our.yaml' }, { 'our.yaml': yaml });
    expect([config.jwt.audience, warnings]).toEqual([audience, expected]);
  });

  test('let shared keys go without an audience', () => {
    const yaml = 'jwt: { keys: [{ algorithms: [HS256], key: "0123456789abcdef0123456789abcdef" }] }';
    const { config, warnings } = load({ LATCHKEY_CONFIG: 'our.yaml' }, { 'our.yaml': yaml });
    expect([config.jwt.audience, warnings]).toEqual([undefined, []]);
  });
});
