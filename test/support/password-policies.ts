import { readFile } from 'node:fs/promises';
import { inRepository } from './repository.ts';

/** What a slapd needs to have password policies, and the people and groups that go with them. */
export type PasswordPolicies = {
  /** LDIF for slapadd: policies.ldif. */
  ldif: string;
  /** LDIF for the running server: policies-groups.ldif. */
  laterLdif: string;
  /** Lines for the global part of slapd.conf. */
  extra: string;
  /** Lines for the database's part of slapd.conf. */
  overlays: string;
};

/**
 * Reads them. With `useLockout` the server tells by the password policy control that somebody is locked
 * (ppolicy_use_lockout of slapo-ppolicy); without it, a lock looks like a wrong password.
 */
export async function passwordPolicies(useLockout: boolean): Promise<PasswordPolicies> {
  const read = (name: string) => readFile(inRepository(`test/support/${name}`), 'utf8');
  const overlays = `overlay memberof
memberof-refint TRUE
overlay refint
refint_attributes member uniqueMember
overlay ppolicy
ppolicy_default cn=default,ou=policies,dc=example,dc=org`;
  return {
    ldif: await read('policies.ldif'),
    laterLdif: await read('policies-groups.ldif'),
    extra: ['memberof', 'refint', 'ppolicy'].map((module) => `moduleload ${module}`).join('\n'),
    overlays: useLockout ? `${overlays}\nppolicy_use_lockout` : overlays,
  };
}
