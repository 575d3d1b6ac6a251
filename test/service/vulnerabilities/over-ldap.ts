import { randomBytes } from 'node:crypto';
import { overlay, type Tree } from '../../../src/config/tree.ts';
import type { ServiceProcess } from '../../support/service-process.ts';
import { startReadyService } from '../ready-service.ts';
import { yamlFile } from '../yaml-file.ts';

/** The service account of the services that `startOver` starts. */
export const SERVICE_DN = 'cn=latchkey,ou=services,dc=example,dc=org';

/** What differs between the services of these tests. */
export interface OverLdap {
  /** The environment: `LDAP_URL` at least. */
  readonly env: Readonly<Record<string, string>>;
  /** What is laid over default.yaml. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** These servers answer what a sign-in asks. */
const UNWATCHED: Tree = { directory: { watch: 'none' } };

/** Start a service over an LDAP server, with its accounts in its own memory, and wait until it is ready. */
export function startOver({ env, settings = {} }: OverLdap): Promise<ServiceProcess> {
  return startReadyService({
    LATCHKEY_SECRET: randomBytes(32).toString('base64'),
    LATCHKEY_CONFIG: yamlFile(JSON.stringify(overlay(UNWATCHED, settings))),
    LDAP_BIND_DN: SERVICE_DN,
    LDAP_BIND_PASSWORD: 'latchkey-secret',
    LDAP_USER_BASE: 'ou=people,dc=example,dc=org',
    REDIS_URL: 'memory:',
    ...env,
  });
}
