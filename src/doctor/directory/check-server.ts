import { openConnection } from '../../adapters/ldap/connection/connection.ts';
import { createDial, type Dial } from '../../adapters/ldap/connection/dial.ts';
import { type Endpoint, nameOf } from '../../adapters/ldap/connection/endpoint.ts';
import { type ResolveName, resolveBySystem } from '../../adapters/ldap/connection/resolve-host.ts';
import type { LdapDirectoryOptions } from '../../adapters/ldap/ldap-directory.ts';
import { reasonOf } from '../reason.ts';
import type { Look, Place, Walk } from '../step.ts';
import { type CheckedServer, checkSession } from './check-session.ts';
import { lookAtName, lookAtPorts, lookAtTls } from './reach.ts';
import { readRootDse } from './root-dse.ts';

/** The steps behind the name, in their order. */
const AFTER_NAME = ['tcp', 'tls', 'root dse', 'service bind'] as const;

/**
 * Walk through one server: its name, its addresses, TLS, what it says of itself, the bind as the service account.
 * @param preset the setting, which is compared with what the server says it is
 */
export async function checkServer(
  walk: Walk,
  endpoint: Endpoint,
  options: LdapDirectoryOptions & { readonly preset: string },
  resolveName: ResolveName = resolveBySystem,
): Promise<CheckedServer> {
  const place: Place = { directory: options.id, server: nameOf(endpoint) };
  const dial = createDial(options, resolveName);
  const skipFrom = (step: (typeof AFTER_NAME)[number], why: string): CheckedServer => {
    for (const name of AFTER_NAME.slice(AFTER_NAME.indexOf(step))) walk.skip(name, place, why);
    return { isGood: false, rootDse: undefined };
  };

  const named = await walk.step('dns', place, () =>
    lookAtName(endpoint, options.resolveTimeoutMs, resolveName),
  );
  if (!named) return skipFrom('tcp', 'the name has no address');
  const reached = await walk.step('tcp', place, () => lookAtPorts(dial, endpoint, named));
  if (!reached) return skipFrom('tls', 'no address answers');
  const socket = await walk.step('tls', place, () =>
    lookAtTls(dial, endpoint, reached, options.tlsTimeoutMs),
  );
  if (!socket) return skipFrom('root dse', 'there is no protected connection');
  const checked = await checkSession(walk, socket, endpoint, options);
  if (options.clientCert === undefined || !checked.isGood) return checked;
  const people = await walk.step('people’s bind', place, () => lookAtUncertified(dial, endpoint, options));
  return { ...checked, isGood: people !== undefined };
}

/** Whether a connection without the client's certificate, which people's binds are made over, is taken. No bind is made. */
async function lookAtUncertified(
  dial: Dial,
  endpoint: Endpoint,
  options: LdapDirectoryOptions,
): Promise<Look<true>> {
  try {
    const connection = openConnection(await dial(endpoint, 'person'), options);
    try {
      await readRootDse(connection);
    } finally {
      await connection.close();
    }
    return { status: 'ok', seen: 'connections without the client certificate are taken', value: true };
  } catch (failure) {
    return {
      status: 'failed',
      seen: `without the client certificate: ${reasonOf(failure)}`,
      fix: 'the server must not demand a client certificate of everybody (OpenLDAP: TLSVerifyClient allow or try, not demand): people’s binds show none, so that none becomes ours',
    };
  }
}
