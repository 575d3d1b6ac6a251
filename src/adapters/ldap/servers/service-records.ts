import { resolveSrv as resolveBySystem } from 'node:dns/promises';
import { withinTime } from '../../../within-time.ts';
import { ConnectionFailure } from '../connection/connection-failure.ts';
import type { Endpoint } from '../connection/endpoint.ts';

/** Asks for the SRV records of a name, as `dns.promises.resolveSrv` does. */
export type ResolveSrv = (
  name: string,
) => Promise<readonly { name: string; port: number; priority: number; weight: number }[]>;

/** Where the records are, and what is made of them. */
export interface ServiceRecordOptions {
  /** Servers are believed only at or below it: DNS is not to be trusted with more. */
  readonly srvDomain: string;
  /** `true`: StartTLS on the record's port · `false`: ldaps on 636, as the record's port is that of `ldap://`. */
  readonly startTls: boolean;
  readonly resolveTimeoutMs: number;
}

/** Gives a directory's servers in the order to be tried. Throws `ConnectionFailure` where there is none. */
export type ServiceRecords = () => Promise<readonly Endpoint[]>;

/**
 * Look for servers in `_ldap._tcp.<domain>` (RFC 2782). A server keeps its place among those of its priority
 * for as long as this process runs; who comes first among them is drawn by weight.
 * @param random from 0 up to 1
 */
export function createServiceRecords(
  { srvDomain, startTls, resolveTimeoutMs }: ServiceRecordOptions,
  resolveSrv: ResolveSrv = resolveBySystem,
  random: () => number = Math.random,
): ServiceRecords {
  const domain = plain(srvDomain);
  const places = new Map<string, number>();
  const placeOf = (server: string, weight: number): number => {
    // The smallest of exponential variates is drawn in proportion to the weights, and so on among the rest.
    const place = places.get(server) ?? -Math.log(1 - random()) / (weight + 0.01);
    places.set(server, place);
    return place;
  };

  return async () => {
    const records = await found(resolveSrv(`_ldap._tcp.${domain}`), domain, resolveTimeoutMs);
    const believed = records
      .map(({ name, port, priority, weight }) => ({ host: plain(name), port, priority, weight }))
      .filter(({ host }) => host === domain || host.endsWith(`.${domain}`))
      .map((record) => ({ ...record, place: placeOf(`${record.host}:${record.port}`, record.weight) }))
      .sort((one, other) => one.priority - other.priority || one.place - other.place);
    if (believed.length === 0) {
      throw new ConnectionFailure('unresolved', `no server of ${domain} is at or below that domain`);
    }
    return believed.map(
      ({ host, port }): Endpoint => ({
        host,
        certificateName: host,
        port: startTls ? port : 636,
        security: startTls ? 'starttls' : 'ldaps',
      }),
    );
  };
}

async function found<T>(answer: Promise<T>, domain: string, ms: number): Promise<T> {
  try {
    return await withinTime(answer, ms, () => new Error(`no answer within ${ms} ms`));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectionFailure('unresolved', `the servers of ${domain} were not found: ${reason}`, cause);
  }
}

/** Names have no case, and may end in the root's dot. */
function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
