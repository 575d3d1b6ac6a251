import { type OpenLdap, startOpenLdap } from '../test/support/open-ldap.ts';
import { loadName, loadPeople } from '../test/support/people.ts';
import { startRedis } from '../test/support/redis-server.ts';
import type { LdapAccess } from './ldap-access.ts';
import type { Credentials } from './requests.ts';

/** How slapd is spoken to. */
export type Transport = 'plain' | 'tls';

/** slapd with people in it, and redis-server: processes of their own, shared with nobody else. */
export interface Backends extends AsyncDisposable {
  readonly redisUrl: string;
  readonly people: readonly Credentials[];
  access(transport: Transport): LdapAccess;
}

/** Start slapd with `count` people, and redis-server. */
export async function startBackends(count: number): Promise<Backends> {
  await using starting = new AsyncDisposableStack();
  const directory = starting.use(await startOpenLdap({ mode: 'process', ldif: loadPeople(count) }));
  const redis = starting.use(await startRedis({ mode: 'process' }));
  const parts = starting.move();
  return {
    redisUrl: redis.url,
    people: peopleOf(count),
    access: (transport) => accessTo(directory, transport),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function accessTo(directory: OpenLdap, transport: Transport): LdapAccess {
  const { baseDn, serviceDn, servicePassword, tlsPort } = directory;
  const isTls = transport === 'tls';
  return {
    // By address: no peer that connects anew is to pay for a name's several addresses.
    url: isTls ? `ldaps://127.0.0.1:${tlsPort}` : directory.url,
    caFile: isTls ? directory.caFile : undefined,
    bindDn: serviceDn,
    bindPassword: servicePassword,
    userBase: `ou=people,${baseDn}`,
  };
}

/** The people of `loadPeople`. */
function peopleOf(count: number): Credentials[] {
  return Array.from({ length: count }, (_, index) => {
    const username = loadName(index + 1);
    return { username, password: `secret-${username}` };
  });
}
