import { resolveSrv } from 'node:dns/promises';
import { type Endpoint, readEndpoint } from '../../adapters/ldap/connection/endpoint.ts';
import type { LdapDirectoryOptions } from '../../adapters/ldap/ldap-directory.ts';
import { createServiceRecords, type ResolveSrv } from '../../adapters/ldap/servers/service-records.ts';
import { reasonOf } from '../reason.ts';
import type { Look } from '../step.ts';

/** The servers that the URLs name. */
export function namedServers({ urls, startTls, tlsServerName }: LdapDirectoryOptions): readonly Endpoint[] {
  return urls.map((url) => readEndpoint(url, startTls, tlsServerName));
}

/**
 * Ask DNS for a directory's servers, as the service does.
 * @param resolve instead of the system's resolver
 */
export async function lookForServers(
  options: LdapDirectoryOptions & { readonly srvDomain: string },
  resolve: ResolveSrv = resolveSrv,
): Promise<Look<readonly Endpoint[]>> {
  const name = `_ldap._tcp.${options.srvDomain}`;
  const records: string[] = [];
  const noted: ResolveSrv = async (asked) => {
    const found = await resolve(asked);
    const inOrder = found.toSorted((one, other) => one.priority - other.priority);
    records.push(
      ...inOrder.map(
        ({ name: host, port, priority, weight }) =>
          `${host}:${port} (priority ${priority}, weight ${weight})`,
      ),
    );
    return found;
  };
  try {
    const value = await createServiceRecords(options, noted)();
    return { status: 'ok', seen: `${name}: ${records.join(', ')}`, value };
  } catch (failure) {
    const others = records.length > 0 ? ` Records: ${records.join(', ')}` : '';
    return {
      status: 'failed',
      seen: `${name}: ${reasonOf(failure)}.${others}`,
      fix: `srvDomain: the domain whose SRV records name the servers, at or below it; or name them in urls (LDAP_URL) instead`,
    };
  }
}
