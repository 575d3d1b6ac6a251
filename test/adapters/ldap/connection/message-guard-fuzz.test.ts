import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LdapConnection, openConnection } from '../../../../src/adapters/ldap/connection/connection.ts';
import {
  ConnectionFailure,
  type FailureKind,
} from '../../../../src/adapters/ldap/connection/connection-failure.ts';
import {
  bindResponse,
  createRequestReader,
  extendedResponse,
  type LdapRequest,
  searchDone,
  searchEntry,
} from '../../../support/ldap-message.ts';

/** More than one chunk that Node reads at once, so that a message within it comes in several. */
const MAX_MESSAGE_BYTES = 200_000;
/** What Node reads from a socket at once. */
const CHUNK_BYTES = 65_536;

/** The server's end of one connection: what it sends for the first search, and how it goes on. */
type Script = (request: LdapRequest, socket: Socket) => void;

let script: Script = () => {};
const server = createServer((socket) => {
  socket.on('error', () => {}).setNoDelay();
  socket.on(
    'data',
    createRequestReader((request) => script(request, socket)),
  );
});
let port = 0;
beforeAll(async () => {
  await once(server.listen({ host: '127.0.0.1', port: 0 }), 'listening');
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(async () => {
  await new Promise((closed) => server.close(closed));
});

async function openTo(): Promise<LdapConnection> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  return openConnection(socket, { operationTimeoutMs: 600_000, maxMessageBytes: MAX_MESSAGE_BYTES });
}

/** What ldapts keeps of a message that is not all here. */
function keptBytes({ client }: LdapConnection): number {
  const parser: { buffer?: Buffer } = client['messageParser'] as never;
  return parser.buffer?.length ?? 0;
}

/** What a search over one connection comes to, where the server sends this and hangs up. */
async function searchAnswered(pieces: (id: number) => readonly Buffer[]): Promise<FailureKind | 'answered'> {
  script = ({ id, operation }, socket) => {
    if (operation !== 'search') return;
    for (const piece of pieces(id)) socket.write(piece);
    socket.end();
  };
  const connection = await openTo();
  const failure = await connection.client.search('dc=x', { scope: 'base' }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const loss = failure === undefined ? undefined : connection.lossOf(failure);
  await new Promise<void>((resolve) => connection.onClose(resolve));
  expect(keptBytes(connection)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES + CHUNK_BYTES);
  if (failure === undefined) return 'answered';
  expect(loss).toBeInstanceOf(ConnectionFailure);
  return loss?.kind ?? 'unavailable';
}

/** The next request, on a connection of its own, to a server that is well. */
async function expectNextToPass(): Promise<void> {
  script = ({ id, operation }, socket) => {
    if (operation === 'search') socket.write(Buffer.concat([searchEntry(id, 'dc=x', {}), searchDone(id, 0)]));
  };
  const connection = await openTo();
  expect((await connection.client.search('dc=x', { scope: 'base' })).searchEntries).toHaveLength(1);
  await connection.close();
}

/** Cuts bytes into pieces of these sizes, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, next = 0; at < bytes.length; next++) {
    const size = sizes[next % sizes.length] ?? bytes.length;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const sizes = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 });
const bytes = (options: fc.IntArrayConstraints = {}) =>
  fc.uint8Array({ maxLength: 300, ...options }).map((array) => Buffer.from(array));

/** Messages as a server may send them for a search, of all sizes up to the limit. */
const entry = fc
  .integer({ min: 0, max: MAX_MESSAGE_BYTES - 200 })
  .map((size) => (id: number) => searchEntry(id, 'cn=x', { x: ['x'.repeat(size)] }));

describe('whatever a server sends', () => {
  test('of what it should is understood, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 4 }), sizes, async (entries, cuts) => {
        const all = (id: number) => Buffer.concat([...entries.map((one) => one(id)), searchDone(id, 0)]);
        expect(await searchAnswered((id) => cut(all(id), cuts))).toBe('answered');
      }),
      { numRuns: 60 },
    );
  });

  test('of what it should, but not to its end, is a lost connection', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 2 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        sizes,
        async (entries, share, cuts) => {
          const all = (id: number) => {
            const whole = Buffer.concat([...entries.map((one) => one(id)), searchDone(id, 0)]);
            return whole.subarray(0, Math.floor(share * whole.length));
          };
          expect(await searchAnswered((id) => cut(all(id), cuts))).toBe('disconnected');
        },
      ),
      { numRuns: 60 },
    );
    await expectNextToPass();
  });

  test('that is random is never taken for an answer', async () => {
    await fc.assert(
      fc.asyncProperty(bytes(), sizes, async (noise, cuts) => {
        const kind = await searchAnswered(() => cut(noise, cuts));
        expect(['malformed', 'too-large', 'disconnected']).toContain(kind);
        if (noise.length > 0 && noise[0] !== 0x30) expect(kind).toBe('malformed');
      }),
      { numRuns: 200 },
    );
    await expectNextToPass();
  });

  test('that begins as a message and goes on at random is never taken for an answer', async () => {
    const heads = fc.constantFrom<((id: number) => Buffer)[]>(
      (id) => searchDone(id, 0).subarray(0, 6),
      (id) => searchEntry(id, 'cn=x', { x: ['x'] }).subarray(0, 9),
      () => Buffer.from([0x30, 0x84]),
      () => Buffer.from([0x30, 0x82, 0x01, 0x00, 0x02]),
    );
    await fc.assert(
      fc.asyncProperty(heads, bytes({ minLength: 8 }), sizes, async (head, noise, cuts) => {
        const wrong = Buffer.concat([Buffer.from([0xff]), noise]);
        const kind = await searchAnswered((id) => cut(Buffer.concat([head(id), wrong]), cuts));
        expect(['malformed', 'too-large', 'disconnected']).toContain(kind);
      }),
      { numRuns: 200 },
    );
    await expectNextToPass();
  });

  test('of messages that nobody has asked for, among those that somebody has, ends the connection', async () => {
    const strangers = fc.constantFrom<((id: number) => Buffer)[]>(
      (id) => searchDone(id + 1, 0),
      (id) => bindResponse(id + 100, 0),
      () => extendedResponse(0, 0),
      () => Buffer.from('HTTP/1.1 200 OK\r\n\r\n'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 2 }),
        strangers,
        sizes,
        async (entries, stranger, cuts) => {
          const all = (id: number) =>
            Buffer.concat([...entries.map((one) => one(id)), stranger(id), searchDone(id, 0)]);
          expect(await searchAnswered((id) => cut(all(id), cuts))).toBe('malformed');
        },
      ),
      { numRuns: 60 },
    );
    await expectNextToPass();
  });

  test('of a message above the limit is refused by its length, and not kept', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: MAX_MESSAGE_BYTES + 1, max: 0xffff_ffff - 10 }),
        fc.integer({ min: 0, max: 2 * MAX_MESSAGE_BYTES }),
        sizes,
        async (claimed, sent, cuts) => {
          const length = Buffer.alloc(4);
          length.writeUInt32BE(claimed);
          const all = Buffer.concat([Buffer.from([0x30, 0x84]), length, entryOf(sent)]);
          expect(await searchAnswered(() => cut(all, cuts))).toBe('too-large');
        },
      ),
      { numRuns: 60 },
    );
    await expectNextToPass();
  });

  test('of the smallest messages there are, as many as come at once, is understood', async () => {
    const reference = (id: number) => Buffer.from([0x30, 0x05, 0x02, 0x01, id, 0x73, 0x00]);
    const all = (id: number) => [...new Array(20_000).fill(reference(id)), searchDone(id, 0)];
    expect(await searchAnswered((id) => [Buffer.concat(all(id))])).toBe('answered');
  });

  test('of many messages at once keeps no more than one of them', async () => {
    let most = 0;
    script = ({ id, operation }, socket) => {
      if (operation !== 'search') return;
      const one = searchEntry(id, 'cn=x', { x: ['x'.repeat(MAX_MESSAGE_BYTES - 200)] });
      socket.write(Buffer.concat([...new Array(20).fill(one), searchDone(id, 0)]));
    };
    const connection = await openTo();
    const parser = client(connection);
    parser.read = new Proxy(parser.read, {
      apply(read, self, given) {
        Reflect.apply(read, self, given);
        most = Math.max(most, keptBytes(connection));
      },
    });
    const { searchEntries } = await connection.client.search('dc=x', { scope: 'base' });
    expect(searchEntries).toHaveLength(20);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(MAX_MESSAGE_BYTES + CHUNK_BYTES);
    await connection.close();
  });
});

/** How an entry goes on behind its length, and then so many bytes of no meaning. */
const entryOf = (bytes: number) => Buffer.concat([Buffer.from([2, 1, 2, 0x64]), Buffer.alloc(bytes, 4)]);

/** ldapts' reader of what comes. */
function client({ client }: LdapConnection): { read: (...given: unknown[]) => void } {
  return client['messageParser'] as never;
}
