import { ConnectionFailure } from './connection-failure.ts';

/** The beginning of an LDAPMessage (RFC 4511, 4.1.1). */
export interface MessageHead {
  /** The length of the whole message. */
  readonly bytes: number;
  /** `undefined` while it is not here yet, as is the operation. */
  readonly id: number | undefined;
  /** The tag of the protocolOp; 0 while it is not here yet. */
  readonly operation: number;
}

/**
 * Read how a message begins; `undefined` while its length is not here yet. Of one that is longer than `maxBytes` nothing
 * but the length is read.
 * @throws {ConnectionFailure} `malformed` where no message begins like that
 */
export function readMessageHead(bytes: Buffer, maxBytes: number): MessageHead | undefined {
  if (bytes.length > 0 && bytes[0] !== 0x30) throw malformed();
  const outer = readLength(bytes, 1);
  if (!outer) return undefined;
  const total = outer.start + outer.length;
  if (total > maxBytes) return { bytes: total, id: undefined, operation: 0 };
  const idTag = bytes[outer.start];
  const inner = readLength(bytes, outer.start + 1);
  if (idTag === undefined || !inner) return { bytes: total, id: undefined, operation: 0 };
  if (idTag !== 0x02 || inner.length < 1 || inner.length > 5) throw malformed();
  const operation = bytes[inner.start + inner.length];
  if (operation === undefined) {
    if (inner.start + inner.length >= total) throw malformed();
    return { bytes: total, id: undefined, operation: 0 };
  }
  return { bytes: total, id: bytes.readIntBE(inner.start, inner.length), operation };
}

/** Length octets of BER as LDAP has them: definite (RFC 4511, 5.1), and no server needs more than four. */
function readLength(bytes: Buffer, at: number): { start: number; length: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 1, length: first };
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw malformed();
  if (bytes.length < at + 1 + octets) return undefined;
  return { start: at + 1 + octets, length: bytes.readUIntBE(at + 1, octets) };
}

function malformed(): ConnectionFailure {
  return new ConnectionFailure('malformed', 'the server sent something that is no LDAP message');
}
