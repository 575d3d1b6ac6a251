import { describe, expect, test } from '@jest/globals';
import { faultsOf, SECRET, WITHOUT_DIRECTORY } from './environment.ts';

const inFile = (yaml: string, env: Readonly<Record<string, string | undefined>> = {}) =>
  faultsOf({ ...env, LATCHKEY_CONFIG: 'our.yaml' }, { 'our.yaml': yaml });

describe('faults of the settings', () => {
  test('are told all at once, a line each', () => {
    const faults = faultsOf({
      LATCHKEY_SECRET: undefined,
      REDIS_URL: undefined,
      LDAP_URL: 'ldap://ldap.example.org',
      LDAP_BIND_DN: undefined,
      PORT: 'http',
    });
    expect(faults).toEqual([
      'LATCHKEY_SECRET: missing; set it to base64 of at least 32 bytes each, comma-separated (openssl rand -base64 32)',
      'PORT: not a port number',
      'REDIS_URL: missing; set it to redis://host:port, rediss://host:port, or memory: to try things out; or set REDIS_SENTINELS or REDIS_CLUSTER_NODES',
      'LDAP_URL: ldap:// would send passwords in clear; write ldaps://, or set startTls (LDAP_STARTTLS=true)',
      "LDAP_BIND_DN: missing; set it to the service account's DN, such as cn=latchkey,ou=services,dc=example,dc=org",
    ]);
  });

  test.each([
    ['PORT', '70000', 'not a port number'],
    ['TRUST_PROXY', '10.0.0.0/33', 'not "loopback", an address or a CIDR; write such as 10.0.0.0/8'],
    ['TRUST_PROXY', 'proxy.example.org', 'not "loopback", an address or a CIDR; write such as 10.0.0.0/8'],
    [
      'LATCHKEY_PUBLIC_URL',
      'https://a.example/path',
      'not scheme and host alone; write an http:// or https:// URL such as https://chat.example.org',
    ],
    ['REQUIRE_EMAIL_FORMAT_USERNAMES', 'yes', 'neither true nor false; write one of them'],
    [
      'LDAP_URL',
      'https://x',
      'not scheme, host and port of an LDAP server; write ldaps://host or ldaps://host:636',
    ],
    [
      'LDAP_URL',
      'ldaps://user:pw@x',
      'not scheme, host and port of an LDAP server; write ldaps://host or ldaps://host:636',
    ],
    ['LDAP_STARTTLS', 'true', 'does not go with ldaps:// URLs; write ldap:// or leave it false'],
    ['LDAP_CA_FILE', '/nowhere', 'the file cannot be read; name a file that the service may read'],
    ['LDAP_CA_FILE', '/empty', 'the file holds no certificate; name one in PEM form'],
    ['LDAP_USER_FILTER', '(uid=x)', 'has no {username}; write a filter such as (uid={username})'],
    [
      'LDAP_USER_DN_TEMPLATE',
      '{username}',
      'no DN or login name with {username}; write uid={username},ou=people,dc=example,dc=org or {username}@corp.example',
    ],
    ['LDAP_EMAIL_DOMAIN', '@example.org', 'not a domain; write it without @, such as example.org'],
    ['REDIS_URL', 'http://redis', 'not a Redis URL; write redis://host:port, rediss://host:port or memory:'],
    ['LOG_LEVEL', 'loud', 'not a log level; write one of fatal, error, warn, info, debug, trace, silent'],
    [
      'LATCHKEY_SECRET',
      'c2hvcnQ=',
      'not base64 of at least 32 bytes each, comma-separated; make one by openssl rand -base64 32',
    ],
    ['LATCHKEY_SECRET', `${SECRET},${SECRET}`, 'holds the same secret twice; write each once'],
  ])('name %s=%s and what would be right', (name, value, fault) => {
    expect(faultsOf({ [name]: value }, { '/empty': '' })).toEqual([`${name}: ${fault}`]);
  });

  test.each([
    ['LDAP_URL', 'missing; set it to ldaps://host, comma-separated where there are several'],
    ['LDAP_BIND_PASSWORD', "missing; set it to the service account's password"],
    [
      'LDAP_USER_BASE',
      'missing; set it to the DN below which people are, such as ou=people,dc=example,dc=org',
    ],
  ])('say that %s is missing', (name, fault) => {
    expect(faultsOf({ [name]: undefined })).toEqual([`${name}: ${fault}`]);
  });

  test('say which preset is none', () => {
    expect(faultsOf({ LDAP_PRESET: '../../etc/passwd' })).toEqual([
      'LDAP_PRESET: no such preset; write openldap, active-directory, 389ds, freeipa or lldap',
    ]);
  });

  test('say that a secret is set in both forms, or that its file cannot be read', () => {
    expect(faultsOf({ LDAP_BIND_PASSWORD_FILE: '/run/pw' }, { '/run/pw': 'x' })).toContain(
      'LDAP_BIND_PASSWORD: set together with LDAP_BIND_PASSWORD_FILE; set one of them',
    );
    expect(faultsOf({ REDIS_URL: undefined, REDIS_URL_FILE: '/nowhere' })).toContain(
      'REDIS_URL_FILE: the file cannot be read; name a file that the service may read',
    );
  });

  test('point into the file, with the nearest setting for one that is unknown', () => {
    expect(
      inFile('limits: { perUsername: { attempts: 0, windows: 5m } }\nhttp: { port: x }\nrealms: {}'),
    ).toEqual([
      'our.yaml: http.port: not a port number',
      'our.yaml: limits.perUsername.attempts: less than 1; write a whole number from 1',
      'our.yaml: limits.perUsername.windows: unknown setting; did you mean window?',
      'our.yaml: realms: unknown setting; did you mean realm?',
    ]);
  });

  test('point at what the file says of every directory', () => {
    expect(inFile('directory: { operationTimeout: 5, colour: red }')).toEqual([
      'our.yaml: directory.operationTimeout: not a duration; write a number and a unit, such as 30s',
      expect.stringMatching(/^our\.yaml: directory\.colour: unknown setting; did you mean /),
    ]);
  });

  test.each(['0s', '5', '5 s', '1w', '-1s', '99d'])('say that %s is no duration', (written) => {
    expect(inFile(`redis: { commandTimeout: "${written}" }`)).toEqual([
      'our.yaml: redis.commandTimeout: not a duration from 1ms to 24d; write a number and a unit (ms, s, m, h, d), such as 30s',
    ]);
  });

  test.each(['64 MiB', '64MB', '0', '-1', '1.5', '64mib', '9007199254740992', 'true'])(
    'say that %s is no number of bytes',
    (written) => {
      expect(inFile(`keys: { nearCache: { maxBytes: ${written} } }`)).toEqual([
        'our.yaml: keys.nearCache.maxBytes: not a number of bytes from 1; write it alone or with a unit (KiB, MiB, GiB), such as 64MiB',
      ]);
    },
  );

  test.each(['0', '-1s', '25d'])('say that the near cache cannot keep accounts for %s', (written) => {
    expect(inFile(`keys: { nearCache: { ttl: "${written}" } }`)).toEqual([
      'our.yaml: keys.nearCache.ttl: not a duration from 0ms to 24d; write a number and a unit (ms, s, m, h, d), such as 30s',
    ]);
  });

  test('say that the file is missing, is no YAML, or is no mapping', () => {
    expect(faultsOf({ LATCHKEY_CONFIG: '/nowhere.yaml' })).toEqual([
      '/nowhere.yaml: the file cannot be read; name a YAML file that the service may read',
    ]);
    expect(inFile('a: [unclosed')[0]).toMatch(/^our\.yaml: not YAML \(\w+, line 1\)/);
    expect(inFile('realm: { name: *nothing }')).toEqual([
      'our.yaml: an alias (*) leads nowhere or too far; put text that begins with * in quotes',
    ]);
    expect(inFile('- a list')).toEqual(['our.yaml: no mapping; write settings as in config/default.yaml']);
  });

  test('say that LDAP_ variables stand beside a list of directories', () => {
    expect(inFile('directories: [{ id: corp }]')).toContain(
      'LDAP_URL: set beside a list of directories in the file; describe them in one place',
    );
  });

  test('say that there is no directory', () => {
    expect(faultsOf(WITHOUT_DIRECTORY)).toEqual([
      'settings: directories: missing; describe a directory by LDAP_URL and the other LDAP_ variables, or in this list',
    ]);
  });

  test.each([
    [
      'jwt: { keys: [{ algorithms: [none], key: x }] }',
      'jwt.keys[0].algorithms[0]: not an algorithm; write one of HS256',
    ],
    [
      'jwt: { keys: [{ algorithms: [HS256] }] }',
      'jwt.keys[0]: not exactly one of key, keyFile and jwksUrl; set one of them',
    ],
    [
      'jwt: { keys: [{ algorithms: [], key: x }] }',
      'jwt.keys[0].algorithms: empty; name the algorithms that are allowed',
    ],
    [
      'sso: { trustedPeers: [loopback] }',
      'sso.secretFile: missing; name a file with the secret that the gateway adds to its requests',
    ],
    ['sso: { userHeader: "Remote User" }', 'sso.userHeader: not the name of a header'],
    [
      'jwt: { keys: [{ algorithms: [RS256], jwksUrl: "http://idp.example.org/jwks" }], audience: a }',
      'jwt.keys[0].jwksUrl: http:// would let whoever is on the way sign tokens; write https://',
    ],
    ...['', 'audience: null', 'issuer: https://idp.example.org'].map((beside) => [
      `jwt: { keys: [{ algorithms: [RS256], jwksUrl: "https://idp.example.org/jwks" }], ${beside} }`,
      'jwt.audience: missing; published keys sign tokens for other services too: write the one that yours are made for, or any',
    ]),
    ['passwordResetUrl: "javascript:alert(1)"', 'passwordResetUrl: not an http:// or https:// URL'],
  ])('tell what is wrong with %s', (yaml, fault) => {
    expect(inFile(yaml)).toEqual([expect.stringContaining(fault)]);
  });

  test('refuse development where others reach it, unless it is allowed', () => {
    const env = { NODE_ENV: 'development', LATCHKEY_CONFIG: 'our.yaml' };
    expect(faultsOf({ NODE_ENV: 'development' })).toEqual([
      'HOST: development would let anyone in who reaches it; write 127.0.0.1, or set dev.allowRemote',
    ]);
    expect(faultsOf({ NODE_ENV: 'development', HOST: '127.0.0.1' })).toEqual([]);
    expect(faultsOf(env, { 'our.yaml': 'dev: { allowRemote: true }' })).toEqual([]);
  });

  test('never repeat a value that might be a secret', () => {
    const secret = 'do-not-show-me';
    const shown = [
      ...faultsOf({
        LATCHKEY_SECRET: secret,
        REDIS_URL: `x://:${secret}@redis`,
        LDAP_URL: `ldaps://u:${secret}@x`,
        LDAP_STARTTLS: secret,
      }),
      ...inFile(
        `secret: ["${secret}"]\nredis: { url: { "${secret}": 1 }, commandTimeout: ${secret} }\nbroken: "${secret}`,
      ),
      ...inFile(`directory: { bindPassword: { x: ${secret} } }`, { LDAP_BIND_PASSWORD: undefined }),
    ];
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.join('\n')).not.toContain(secret);
  });
});
