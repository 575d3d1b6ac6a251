import type { IncomingMessage } from 'node:http';
import { hasKeyShape } from '../keys/api-key.ts';

/** What a Basic header holds: both halves trimmed. */
export interface BasicCredentials {
  readonly name: string;
  readonly key: string;
}

/** A key as it was presented, and the name beside it; `undefined` where it came alone. */
export interface PresentedKey {
  readonly key: string;
  readonly name: string | undefined;
}

/** The credentials of a Basic header's second word; `undefined` where it is not base64 of text with exactly one colon. */
export function readBasic(encoded: string): BasicCredentials | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  const text = bytes.toString();
  const [name, key, ...more] = text.split(':');
  if (name === undefined || key === undefined || more.length > 0 || !Buffer.from(text).equals(bytes))
    return undefined;
  return { name: name.trim(), key: key.trim() };
}

/**
 * The key that a gateway's request presents: the first of `Authorization` (Basic or Bearer) and `X-API-Key`
 * whose value has a key's shape, so that a backend's own token may sit beside it. `undefined` where none has,
 * or two different ones do.
 */
export function readPresentedKey({ headers }: IncomingMessage): PresentedKey | undefined {
  const authorized = readAuthorization(headers.authorization);
  const bare = headers['x-api-key'];
  const other = typeof bare === 'string' && hasKeyShape(bare.trim()) ? bare.trim() : undefined;
  if (!authorized) return other === undefined ? undefined : { key: other, name: undefined };
  return other === undefined || other === authorized.key ? authorized : undefined;
}

const BEARER = /^bearer +([A-Za-z0-9]{32}) *$/i;
const BASIC = /^basic +(\S+) *$/i;

function readAuthorization(header = ''): PresentedKey | undefined {
  const key = BEARER.exec(header)?.[1];
  if (key !== undefined) return { key, name: undefined };
  const encoded = BASIC.exec(header)?.[1];
  const basic = encoded === undefined ? undefined : readBasic(encoded);
  return basic && hasKeyShape(basic.key) ? basic : undefined;
}
