import type { LdapConnection } from '../connection/connection.ts';
import { type FailureKind, serverFailureOf } from '../connection/connection-failure.ts';

/** RFC 4512, 5.1: an entry that every server has, and anybody may read. */
export const ROOT_DSE = '';

/**
 * Read an entry to see whether the server works: it does where it answers at all, whatever it answers.
 * @param results what it may answer to say that it does not
 * @throws {ConnectionFailure} the server failed
 */
export async function readEntry(
  connection: LdapConnection,
  dn: string,
  results: ReadonlyMap<number, FailureKind>,
): Promise<void> {
  try {
    await connection.client.search(dn, { scope: 'base', attributes: ['1.1'] });
  } catch (thrown) {
    const failure = connection.lossOf(thrown) ?? serverFailureOf(thrown, results);
    if (failure) throw failure;
  }
}
