import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { withinTime } from '../../../within-time.ts';
import { ConnectionFailure } from './connection-failure.ts';

/** Gives every address of a host name, the preferred one first. */
export type ResolveName = (host: string) => Promise<readonly string[]>;

/**
 * Ask for the addresses of a host, for so long and no longer. An IP literal is its own.
 * @throws {ConnectionFailure} `unresolved`
 */
export async function resolveHost(
  host: string,
  ms: number,
  resolveName: ResolveName,
): Promise<readonly string[]> {
  if (isIP(host)) return [host];
  const late = () => new Error(`no answer for ${host} within ${ms} ms`);
  try {
    return await withinTime(resolveName(host), ms, late);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectionFailure('unresolved', reason, cause);
  }
}

/** Ask as the system is set up to, its hosts file included. */
export async function resolveBySystem(host: string): Promise<string[]> {
  const addresses = await lookup(host, { all: true });
  return addresses.map(({ address }) => address);
}
