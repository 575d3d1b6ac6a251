import { expect, test } from '@jest/globals';
import { canonicalName } from '../src/sign-in-settings.ts';
import { load, WITHOUT_DIRECTORY } from './config/environment.ts';

test('a name is one under the email and login domains of every directory', () => {
  const common = {
    ...{ urls: ['ldaps://ldap.example.org'], userBase: 'dc=example' },
    ...{ bindDn: 'cn=latchkey', bindPassword: 'secret' },
  };
  const directories = [
    { ...common, id: 'a', emailDomains: ['a.example'], emailDomain: 'a.example' },
    { ...common, id: 'b', emailDomains: ['b.example'], loginDomains: ['CORP', 'corp.example'] },
    { id: 'c', kind: 'file', peopleFile: '/people.yaml', emailDomains: ['c.example'] },
  ];
  const { config } = load(
    { ...WITHOUT_DIRECTORY, LATCHKEY_CONFIG: 'our.yaml' },
    { 'our.yaml': JSON.stringify({ directories }) },
  );
  const canonical = canonicalName(config);
  for (const typed of ['Alice', 'CORP\\alice', 'alice@corp.example', 'alice@A.example']) {
    expect(canonical(typed)).toBe('alice');
  }
  for (const typed of ['OTHER\\alice', 'alice@b.example']) expect(canonical(typed)).toBe(typed.toLowerCase());
});
