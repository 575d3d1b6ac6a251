import { BerReader, BerWriter } from 'ldapts';

/** What a client asked for (RFC 4511, 4.1.1), as far as tests look at it. */
export type LdapRequest = {
  readonly id: number;
  readonly operation: 'bind' | 'unbind' | 'search' | 'extended' | 'other';
  /** The name of a bind, the base of a search; '' where there is none. */
  readonly dn: string;
  /** How a bind authenticates (RFC 4511, 4.2); undefined where it is no bind. */
  readonly authentication: 'simple' | 'sasl' | undefined;
  /** The object identifiers of the controls that came with it. */
  readonly controls: readonly string[];
};

const sequence = 0x30;
const saslChoice = 0xa3;
const controlsTag = 0xa0;
const operations: Record<number, LdapRequest['operation']> = {
  96: 'bind',
  66: 'unbind',
  99: 'search',
  119: 'extended',
};

/** Gives the length of the message that the bytes begin with, or undefined while it is not all there. */
function messageLength(bytes: Buffer): number | undefined {
  const reader = new BerReader(bytes);
  if (reader.readSequence() === null) return undefined;
  const length = reader.offset + reader.length;
  return length <= bytes.length ? length : undefined;
}

function parseRequest(message: Buffer): LdapRequest {
  const reader = new BerReader(message);
  reader.readSequence();
  const id = reader.readInt() ?? 0;
  const operation = operations[reader.readSequence() ?? 0] ?? 'other';
  const controls = readControls(message.subarray(reader.offset + reader.length));
  if (operation === 'bind') {
    reader.readInt();
    const dn = reader.readString() ?? '';
    return { id, operation, dn, authentication: reader.peek() === saslChoice ? 'sasl' : 'simple', controls };
  }
  const dn = operation === 'search' ? (reader.readString() ?? '') : '';
  return { id, operation, dn, authentication: undefined, controls };
}

function readControls(bytes: Buffer): readonly string[] {
  const reader = new BerReader(bytes);
  const found: string[] = [];
  if (reader.peek() !== controlsTag) return found;
  reader.readSequence(controlsTag);
  while (reader.readSequence() !== null) {
    const end = reader.offset + reader.length;
    found.push(reader.readString() ?? '');
    reader.offset = end;
  }
  return found;
}

/**
 * Makes a reader of one client's requests: it takes the bytes in the order sent, in pieces of any size, and calls
 * `see` for each request, with its bytes. From the first byte on that is no LDAP in clear (TLS) it reads nothing more.
 */
export function createRequestReader(
  see: (request: LdapRequest, bytes: Buffer) => void,
): (bytes: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  let inClear = true;
  return (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    while (inClear && pending.length > 0) {
      inClear = pending[0] === sequence;
      const length = inClear ? messageLength(pending) : undefined;
      if (length === undefined) return;
      const message = pending.subarray(0, length);
      see(parseRequest(message), message);
      pending = pending.subarray(length);
    }
  };
}

function message(id: number, tag: number, write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  writer.startSequence(tag);
  write(writer);
  writer.endSequence();
  writer.endSequence();
  return writer.buffer;
}

function writeResult(code: number): (writer: BerWriter) => void {
  return (writer) => {
    writer.writeEnumeration(code);
    writer.writeString('');
    writer.writeString('');
  };
}

/** The response to a bind, with this result code. */
export const bindResponse = (id: number, code: number) => message(id, 0x61, writeResult(code));

/** The response to an extended request, with this result code. */
export const extendedResponse = (id: number, code: number) => message(id, 0x78, writeResult(code));

/** The end of a search, with this result code. */
export const searchDone = (id: number, code: number) => message(id, 0x65, writeResult(code));

/** A reference to other servers within the results of a search (RFC 4511, 4.5.3). */
export const searchReference = (id: number, urls: string[]) =>
  message(id, 0x73, (writer) => writer.writeStringArray(urls));

/** An entry within the results of a search. */
export function searchEntry(id: number, dn: string, attributes: Record<string, string[]>): Buffer {
  return message(id, 0x64, (writer) => {
    writer.writeString(dn);
    writer.startSequence();
    for (const [type, values] of Object.entries(attributes)) {
      writer.startSequence();
      writer.writeString(type);
      writer.startSequence(0x31);
      writer.writeStringArray(values);
      writer.endSequence();
      writer.endSequence();
    }
    writer.endSequence();
  });
}
