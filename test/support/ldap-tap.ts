/** The requests of RFC 4511, by the tag of their protocolOp. */
const operations = {
  96: 'bind',
  66: 'unbind',
  99: 'search',
  102: 'modify',
  104: 'add',
  74: 'delete',
  108: 'modifyDn',
  110: 'compare',
  80: 'abandon',
  119: 'extended',
} as const;

/** The name of an LDAP request. */
export type LdapOperation = (typeof operations)[keyof typeof operations];

/** Reads along what clients send to an LDAP server in clear. */
export type LdapTap = {
  /** Begins a connection; gives the function that takes its bytes in the order sent, in pieces of any size. */
  connection(): (bytes: Buffer) => void;
  /** How many requests of each kind were seen. */
  ops(): Record<LdapOperation, number>;
  /** The DNs of the bind requests, in the order seen; '' is the anonymous one. */
  binds(): string[];
  /** Forgets what was seen; connections go on. */
  reset(): void;
};

type Element = { tag: number; content: Buffer; rest: Buffer };

/** Takes the first BER element off `bytes`; gives undefined while it is not all there. */
function element(bytes: Buffer): Element | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + lengthBytes;
  if (bytes.length < start) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  if (bytes.length < start + length) return undefined;
  return { tag, content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}

const sequence = 0x30;

function noOps(): Record<LdapOperation, number> {
  const names = Object.values(operations);
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<LdapOperation, number>;
}

/** Makes a tap. A connection that does not speak LDAP in clear, or no longer does (TLS), is not read on. */
export function createLdapTap(): LdapTap {
  let ops = noOps();
  let binds: string[] = [];

  const note = (message: Buffer) => {
    const messageId = element(message);
    const request = messageId && element(messageId.rest);
    if (request === undefined) return;
    const operation = operations[request.tag as keyof typeof operations] as LdapOperation | undefined;
    if (operation === undefined) return;
    ops[operation] += 1;
    if (operation !== 'bind') return;
    const version = element(request.content);
    const name = version && element(version.rest);
    binds.push(name?.content.toString('utf8') ?? '');
  };

  return {
    connection() {
      let pending: Buffer = Buffer.alloc(0);
      let inClear = true;
      return (bytes) => {
        if (!inClear) return;
        pending = Buffer.concat([pending, bytes]);
        for (let message = element(pending); pending.length > 0; message = element(pending)) {
          inClear = pending[0] === sequence;
          if (!inClear || message === undefined) return;
          note(message.content);
          pending = message.rest;
        }
      };
    },
    ops: () => ({ ...ops }),
    binds: () => [...binds],
    reset() {
      ops = noOps();
      binds = [];
    },
  };
}
