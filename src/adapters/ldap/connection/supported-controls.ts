import { type Client, ResultCodeError } from 'ldapts';
import { attributeValues } from '../attribute-values.ts';
import { BIND_RESULTS } from './connection-failure.ts';

/** Whether a server lists a control, by its object identifier, in its root DSE (RFC 4512, 5.1). */
export type Supports = (control: string) => Promise<boolean>;

/**
 * Make what asks a server which controls it knows, once, when that first matters. One that is not listed is never sent:
 * there are servers that close the connection at it, though RFC 4511, 4.1.11 has them pass over what is not critical.
 * @param read gives the listed ones; what it throws is thrown, and it is asked anew the next time
 */
export function createSupports(read: () => Promise<ReadonlySet<string>>): Supports {
  let known: Promise<ReadonlySet<string>> | undefined;
  return async (control) => {
    known ??= read();
    const asked = known;
    try {
      return (await asked).has(control);
    } catch (failure) {
      if (known === asked) known = undefined;
      throw failure;
    }
  };
}

/** The controls that a root DSE lists; none where it is not shown. Throws what `ldapts` throws where there is no answer. */
export async function readControls(client: Client): Promise<ReadonlySet<string>> {
  try {
    const { searchEntries } = await client.search('', { scope: 'base', attributes: ['supportedControl'] });
    return new Set(searchEntries.flatMap((root) => attributeValues(root, 'supportedControl').map(String)));
  } catch (failure) {
    if (failure instanceof ResultCodeError && !BIND_RESULTS.has(failure.code)) return new Set();
    throw failure;
  }
}
