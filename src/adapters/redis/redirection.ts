import type { RedisAddress } from './redis-options.ts';

/** Where a node of a Cluster sends a command that it has not run. */
export interface Redirection {
  /** host:port */
  readonly node: string;
  /** Whether only this command is to go there, behind an ASKING. */
  readonly isAsking: boolean;
}

/** Where a node's refusal sends the command; `undefined`: nowhere. @param asked the node, host:port */
export function redirectionOf(failure: unknown, asked: string): Redirection | undefined {
  if (!(failure instanceof Error)) return undefined;
  const [, how, host, port] = /^(MOVED|ASK) \d+ (.*):(\d+)$/.exec(failure.message) ?? [];
  if (how === undefined || port === undefined) return undefined;
  // Redis names no host where it does not know by which one it was reached.
  return { node: `${host || addressIn(asked).host}:${port}`, isAsking: how === 'ASK' };
}

/** The address in host:port; the host may have colons itself. */
export function addressIn(node: string): RedisAddress {
  const at = node.lastIndexOf(':');
  return { host: node.slice(0, at), port: Number(node.slice(at + 1)) };
}
