import { bindResponse, extendedResponse, type LdapRequest, searchDone } from '../support/ldap-message.ts';
import type { FaultyConnection, LdapFault } from '../support/ldap-proxy.ts';

/** RFC 4511, 4.4.1, with result 52. */
const noticeOfDisconnection = Buffer.concat([
  Buffer.from('3024020100781f0a0134040004008a16', 'hex'),
  Buffer.from('1.3.6.1.4.1.1466.20036'),
]);

/** Whether the service itself asks, as its service account, and nobody's password is at stake. */
function isOfService({ operation, dn }: LdapRequest): boolean {
  return operation === 'search' || (operation === 'bind' && dn.startsWith('cn=latchkey,'));
}

const responseOf = (request: LdapRequest, id: number, code: number): Buffer =>
  request.operation === 'bind' ? bindResponse(id, code) : searchDone(id, code);

/** Deals with every request that waits for a response: an unbind does not. */
const instead =
  (deal: (request: LdapRequest, connection: FaultyConnection) => void): NonNullable<LdapFault['onRequest']> =>
  (request, connection) => {
    if (request.operation !== 'unbind') deal(request, connection);
    return true;
  };

const sending = (bytes: (request: LdapRequest) => Buffer): LdapFault => ({
  onRequest: instead((request, connection) => connection.send(bytes(request))),
});

const withResult = (code: number): LdapFault => ({
  onRequest(request, connection) {
    if (!isOfService(request)) return false;
    connection.send(responseOf(request, request.id, code));
    return true;
  },
});

/** The response whose header is right, and whose content is none: its seven bytes are of no type. */
function withoutContent(request: LdapRequest): Buffer {
  const response = responseOf(request, request.id, 0);
  return Buffer.concat([response.subarray(0, -7), Buffer.alloc(7, 0xff)]);
}

/**
 * Every way in which a server fails, what is logged as the reason, and what is to be done at a proxy to make it
 * fail so.
 */
export const serverFaults: readonly [name: string, reason: RegExp, fault: LdapFault][] = [
  ['refuses connections', /^(refused|disconnected)$/, { refuses: true }],
  ['takes requests and never answers', /^slow$/, { onRequest: () => true }],
  ['answers later than an operation may take', /^slow$/, { lateMs: 4_500 }],
  ['resets connections', /^disconnected$/, { onRequest: instead((_, connection) => connection.reset()) }],
  [
    'closes its side alone',
    /^disconnected$/,
    { onRequest: instead((_, connection) => connection.halfClose()) },
  ],
  ['answers the service with 51', /^busy$/, withResult(51)],
  ['answers the service with 52', /^unavailable$/, withResult(52)],
  ['answers the service with 53', /^unwilling$/, withResult(53)],
  [
    'answers about itself, and about no people',
    /^slow$/,
    { onRequest: ({ operation, dn }) => operation === 'search' && dn !== '' },
  ],
  ['gives notice of disconnection', /^disconnected$/, sending(() => noticeOfDisconnection)],
  // Two halves on one connection are no message.
  [
    'sends half a message',
    /^(slow|malformed)$/,
    sending((request) => responseOf(request, request.id, 0).subarray(0, 5)),
  ],
  [
    'sends half a message and hangs up',
    /^disconnected$/,
    {
      onRequest: instead((request, connection) => {
        connection.send(responseOf(request, request.id, 0).subarray(0, 5));
        connection.halfClose();
      }),
    },
  ],
  [
    'announces a message of 4 GiB',
    /^too-large$/,
    sending(() => Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])),
  ],
  [
    'answers a request that nobody made',
    /^malformed$/,
    sending((request) => responseOf(request, request.id + 7, 0)),
  ],
  ['speaks of something else', /^malformed$/, sending(() => extendedResponse(0, 0))],
  ['sends no LDAP', /^malformed$/, sending(() => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
  ['sends messages without content', /^malformed$/, sending(withoutContent)],
];
