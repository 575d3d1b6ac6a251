import { Unavailable } from '../../../src/errors.ts';

function messages(failure: unknown): string[] {
  if (!(failure instanceof Error)) return [String(failure)];
  const inner = failure instanceof AggregateError ? failure.errors : [];
  const causes = failure.cause === undefined ? [] : [failure.cause];
  return [failure.message, ...[...inner, ...causes].flatMap(messages)];
}

/**
 * Waits for a call that is to fail with `Unavailable`, and gives why: the messages of the error and of all its
 * causes, a line each. Throws where the call succeeds or fails with anything else.
 */
export async function reasonsOf(call: Promise<unknown>): Promise<string> {
  const outcome = await call.then(
    (value: unknown) => ({ value }),
    (failure: unknown) => ({ failure }),
  );
  if (!('failure' in outcome)) throw new Error(`not refused, but ${JSON.stringify(outcome.value)}`);
  if (!(outcome.failure instanceof Unavailable)) throw outcome.failure;
  return messages(outcome.failure).join('\n');
}
