import { isNativeError } from 'node:util/types';

/** Causes deeper than this say nothing new. */
const MAX_DEPTH = 6;

/** The LDAP result code (RFC 4511, 4.1.9) behind what an operation threw; `undefined` where there is none. */
export function resultCodeOf(thrown: unknown): number | undefined {
  for (const one of chainOf(thrown)) {
    // ldapts' errors alone carry numbers; those of Node carry names.
    if ('code' in one && typeof one.code === 'number') return one.code;
  }
  return undefined;
}

/** Node's or OpenSSL's name for what is behind a failure, such as `CERT_HAS_EXPIRED`; `undefined` where there is none. */
export function errorNameOf(thrown: unknown): string | undefined {
  for (const one of chainOf(thrown)) {
    if ('code' in one && typeof one.code === 'string') return one.code;
  }
  return undefined;
}

/** Why something failed, in the words of the innermost error: what is around it only says where. */
export function reasonOf(thrown: unknown): string {
  const innermost = chainOf(thrown).at(-1);
  if (!innermost) return String(thrown);
  const code = resultCodeOf(innermost);
  if (code === undefined) return innermost.message || innermost.name;
  // ldapts puts the code behind what the server says, and Active Directory a NUL.
  const diagnostic = innermost.message.replace(/\0?\s*Code: 0x[0-9a-f]+$/i, '').trim();
  const name = `result ${code} (${innermost.name.replace(/Error$/, '')})`;
  return diagnostic === '' ? name : `${name}: ${diagnostic}`;
}

/** An error and its causes; of several causes side by side the first. */
function chainOf(thrown: unknown): Error[] {
  const chain: Error[] = [];
  let one = thrown;
  while (isNativeError(one) && chain.length < MAX_DEPTH) {
    chain.push(one);
    const beside: unknown = 'errors' in one && Array.isArray(one.errors) ? one.errors[0] : undefined;
    one = one.cause ?? beside;
  }
  return chain;
}
