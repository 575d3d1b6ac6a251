import { RequestError } from './error-handler.ts';
import type { Form } from './read-form.ts';

/** The parameter's last value, or `undefined` where there is none. */
export function optionalField(form: Form, name: string): string | undefined {
  try {
    return form.require(name);
  } catch (failure) {
    if (failure instanceof RequestError) return undefined;
    throw failure;
  }
}
