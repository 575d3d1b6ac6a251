import { Unavailable } from '../../errors.ts';

/**
 * Run one operation of a directory; what it throws says nothing about a person.
 * @param operation as it should read in the error
 * @param signal its reason is thrown as it is
 * @throws {Unavailable} whatever it threw
 */
export async function answered<T>(
  operation: string,
  signal: AbortSignal | undefined,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (signal?.aborted || cause instanceof Unavailable) throw cause;
    throw new Unavailable('directory', `the directory did not answer ${operation}`, cause);
  }
}
