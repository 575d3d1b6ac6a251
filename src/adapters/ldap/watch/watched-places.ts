import { type Entry, InsufficientAccessError, NoSuchObjectError } from 'ldapts';
import { attributeValues } from '../attribute-values.ts';
import { createIsBelow } from '../groups/normal-dn.ts';
import { ROOT_DSE } from '../servers/read-entry.ts';
import type { WatchSearch } from './watch-search.ts';

/** The naming context that a DN is in, where the service account may read it; `undefined`: nothing says so. */
export type NamingContextOf = (signal?: AbortSignal) => Promise<string | undefined>;

/**
 * Make what asks a server once which of its naming contexts (RFC 4512, 5.1) holds a DN. What is watched is the whole of
 * it, since somebody who was moved out of the user base is to be seen there. Throws what the search throws.
 */
export function createNamingContextOf(search: WatchSearch, dn: string): NamingContextOf {
  let known: { readonly context: string | undefined } | undefined;
  return async (signal) => {
    if (known) return known.context;
    const [root] = await search.all(ROOT_DSE, { scope: 'base', attributes: ['namingContexts'] }, signal);
    const contexts = root ? attributeValues(root, 'namingContexts').map(String) : [];
    const context = contexts
      .filter((one) => one !== '' && createIsBelow(one)(dn))
      .sort((one, other) => other.length - one.length)[0];
    const isReadable = context !== undefined && (await mayRead(search, context, signal));
    known = { context: isReadable ? context : undefined };
    return known.context;
  };
}

async function mayRead(search: WatchSearch, dn: string, signal?: AbortSignal): Promise<boolean> {
  return (
    (await search.all(dn, { scope: 'base', attributes: ['1.1'] }, signal).catch(noneIfHidden)).length > 0
  );
}

function noneIfHidden(failure: unknown): readonly Entry[] {
  if (failure instanceof NoSuchObjectError || failure instanceof InsufficientAccessError) return [];
  throw failure;
}
