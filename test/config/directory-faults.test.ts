import { describe, expect, test } from '@jest/globals';
import { faultsOf, ldapOf, load } from './environment.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const FILES = { '/cert.pem': PEM, '/key.pem': 'a key', '/empty': '' };

const withDirectory = (yaml: string) => ({ ...FILES, 'our.yaml': `directory: { ${yaml} }` });
const inDirectory = (yaml: string, env: Readonly<Record<string, string | undefined>> = {}) =>
  faultsOf({ ...env, LATCHKEY_CONFIG: 'our.yaml' }, withDirectory(yaml));

const DURATION = 'not a duration; write a number and a unit, such as 30s';
const COUNT = 'less than 1; write a whole number from 1';
const FLAG = 'neither true nor false; write one of them';
const DOMAIN = 'not a domain; write it without @, such as example.org';
const LOGIN_DOMAIN =
  'not a domain alone; write it as in CORP\\user or user@corp.example, without what is around it';
const NO_DN =
  'no DN, which the service account needs to read people at; leave the template away, so that they are searched for, or leave the service account (bindDn, clientCertFile) away';
const DN_TEMPLATE = 'uid={username},ou=people,dc=example,dc=org';
const WITHOUT_SERVICE_ACCOUNT = { LDAP_BIND_DN: undefined, LDAP_BIND_PASSWORD: undefined };

describe('a fault of a directory', () => {
  test.each([
    ['srvDomain: corp.example', 'srvDomain', 'stands beside urls; describe the servers in one place'],
    [
      'clientCertFile: /cert.pem, clientKeyFile: /nowhere',
      'clientKeyFile',
      'the file cannot be read; name a file that the service may read',
    ],
    ['clientKeyFile: /key.pem', 'clientKeyFile', 'a certificate and its key go together; set both or none'],
    ['loginDomains: CORP', 'loginDomains', 'not a list of domain names'],
    ['loginDomains: [""]', 'loginDomains[0]', 'empty'],
    ['loginDomains: ["CORP\\\\"]', 'loginDomains[0]', LOGIN_DOMAIN],
    ['loginDomains: [corp.example, "@corp.example"]', 'loginDomains[1]', LOGIN_DOMAIN],
    ['userDnTemplate: "{username}@corp.example"', 'userDnTemplate', NO_DN],
    ['userDnTemplate: "CORP\\\\{username}"', 'userDnTemplate', NO_DN],
    ['emailDomains: corp.example', 'emailDomains', 'not a list of domains'],
    ['emailDomains: ["@corp.example"]', 'emailDomains[0]', DOMAIN],
    [
      'emailDomain: a.example, emailDomains: [b.example]',
      'emailDomain',
      'not among emailDomains, so that nobody would have an email; name it there too',
    ],
    ['remoteUser: "{name}"', 'remoteUser', 'has no {username}; write such as {username}@{directory}'],
    [
      'disabledBy: { nsAccountLock: yes }',
      'disabledBy.nsAccountLock',
      'no such rule; write one of accountDisable, true, lockedForEver, fileTime, daysSince1970, generalizedTime, none, or { equals: value }',
    ],
    ['passwordPolicy: 1', 'passwordPolicy', FLAG],
    ['lockout: { threshold: 0 }', 'lockout.threshold', COUNT],
    ['lockout: { policyDn: "" }', 'lockout.policyDn', 'empty'],
    ['groups: { base: "" }', 'groups.base', 'empty'],
    [
      'groups: { lookUp: all }',
      'groups.lookUp',
      'no way to look groups up; write one of memberOf, inChain, tokenGroups, walk',
    ],
    ['groups: { nameAttribute: "" }', 'groups.nameAttribute', 'empty'],
    ['groups: { maxDepth: 0 }', 'groups.maxDepth', COUNT],
    ['groups: { maxGroups: 0 }', 'groups.maxGroups', COUNT],
    ['groups: { maxBytes: 0 }', 'groups.maxBytes', COUNT],
    ['groups: { depth: 3 }', 'groups.depth', 'unknown setting; did you mean maxDepth?'],
    ['requiredGroup: ""', 'requiredGroup', 'empty'],
    ['denyGroups: cn=leavers', 'denyGroups', 'not a list of DNs'],
    ['watch: always', 'watch', 'no way to watch a directory; write one of dirSync, modifyTimestamp, none'],
    ['maxMessageBytes: 0', 'maxMessageBytes', COUNT],
    ['connectionMaxAge: 10', 'connectionMaxAge', DURATION],
    ['connectionMaxIdle: 10', 'connectionMaxIdle', DURATION],
    ['probe: { first: 1 }', 'probe.first', DURATION],
    ['probe: { atMost: 1 }', 'probe.atMost', DURATION],
  ])('is told of %s', (yaml, setting, fault) => {
    expect(inDirectory(yaml)).toEqual([`our.yaml: directory.${setting}: ${fault}`]);
  });

  test('is told with what follows from it', () => {
    expect(inDirectory('srvDomain: "@corp.example"', { LDAP_URL: undefined })).toEqual([
      `our.yaml: directory.srvDomain: ${DOMAIN}`,
    ]);
    expect(inDirectory('clientCertFile: /empty, clientKeyFile: /key.pem')).toContain(
      'our.yaml: directory.clientCertFile: the file holds no certificate; name one in PEM form',
    );
  });

  test('is no required group of the environment that is empty', () => {
    expect(ldapOf(load({ LDAP_REQUIRED_GROUP: '' }).config).requiredGroup).toBeUndefined();
  });

  test('is none where SRV records name the servers, or a certificate is the service account', () => {
    expect(inDirectory('srvDomain: corp.example', { LDAP_URL: undefined })).toEqual([]);
    expect(
      inDirectory('clientCertFile: /cert.pem, clientKeyFile: /key.pem', WITHOUT_SERVICE_ACCOUNT),
    ).toEqual([]);
  });

  test.each(['uid={username},ou=people,dc=example,dc=org', '{username}@corp.example', 'CORP\\{username}'])(
    'is none in the template %s where people are read as themselves',
    (template) => {
      expect(
        faultsOf(
          { ...WITHOUT_SERVICE_ACCOUNT, LDAP_USER_DN_TEMPLATE: template, LATCHKEY_CONFIG: 'our.yaml' },
          { 'our.yaml': 'keys: { maxAge: 90d }' },
        ),
      ).toEqual([]);
    },
  );

  test('is none in a template of DNs where the service account reads them', () => {
    expect(faultsOf({ LDAP_USER_DN_TEMPLATE: DN_TEMPLATE })).toEqual([]);
  });

  test('is keys without an end where nobody can be looked up', () => {
    const env = {
      ...WITHOUT_SERVICE_ACCOUNT,
      LDAP_USER_DN_TEMPLATE: DN_TEMPLATE,
      LATCHKEY_CONFIG: 'our.yaml',
    };
    expect(faultsOf(env, { 'our.yaml': '' })).toEqual([
      'our.yaml: keys.maxAge: missing; people of a directory without a service account cannot be checked again: write such as 30d',
    ]);
    expect(faultsOf(env, { 'our.yaml': 'keys: { maxAge: 90d }' })).toEqual([]);
    expect(faultsOf(env, { 'our.yaml': 'keys: { maxAge: 90 }' })).toEqual([
      'our.yaml: keys.maxAge: not a duration; write a number and a unit, such as 30s',
    ]);
  });

  test('is a file that cannot be read, and nothing that would follow from there being none', () => {
    const yaml = 'clientCertFile: /nowhere, clientKeyFile: /key.pem';
    expect(inDirectory(yaml, WITHOUT_SERVICE_ACCOUNT)).toEqual([
      'our.yaml: directory.clientCertFile: the file cannot be read; name a file that the service may read',
    ]);
  });
});

describe('a warning of a directory', () => {
  const warningsOf = (yaml: string, env: Readonly<Record<string, string | undefined>> = {}) => {
    const file = `keys: { maxAge: 90d }\ndirectory: { userDnTemplate: "${DN_TEMPLATE}"${yaml} }`;
    return load({ ...env, LATCHKEY_CONFIG: 'our.yaml' }, { 'our.yaml': file }).warnings;
  };

  test('is emails that nobody can tell to be shared', () => {
    expect(warningsOf('', WITHOUT_SERVICE_ACCOUNT)).toEqual([
      'LDAP_EMAIL_DOMAIN: not set, and without a service account nobody sees whether two people have one email: set it, unless only administrators can change emails',
    ]);
  });

  test('is none where they are made of login names, or the service account can look', () => {
    expect(warningsOf(', emailDomain: corp.example', WITHOUT_SERVICE_ACCOUNT)).toEqual([]);
    expect(warningsOf('')).toEqual([]);
  });
});
