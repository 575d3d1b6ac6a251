import { type Client, ResultCodeError } from 'ldapts';
import type { Directory } from '../../ports/directory.ts';
import { answered } from './answered.ts';
import { hasServiceAccount, type ServiceAccount } from './connection/bind-as-service.ts';
import { BIND_RESULTS } from './connection/connection-failure.ts';
import type { DirectoryConnections } from './connections.ts';

/**
 * Make what asks whether the directory answers: a look at its root DSE, as the service account, so that one that
 * is refused shows. Where there is none the look is anybody's, and to be told that it needs a bind is an answer.
 */
export function createPing(connections: DirectoryConnections, account: ServiceAccount): Directory['ping'] {
  const ask = hasServiceAccount(account)
    ? () => connections.search(look)
    : () => connections.bind(({ client }) => look(client).catch(unlessAnswered));
  return () => answered('a look at the root DSE', undefined, ask);
}

async function look(client: Client): Promise<void> {
  await client.search('', { scope: 'base', attributes: ['1.1'] });
}

/** What says that the server does not work is thrown all the same: its results 51, 52 and 80. */
function unlessAnswered(failure: unknown): void {
  if (!(failure instanceof ResultCodeError) || BIND_RESULTS.has(failure.code)) throw failure;
}
