import { type IncomingMessage, type RequestOptions, request as requestInClear } from 'node:http';
import { request as requestByTls } from 'node:https';
import type { Socket } from 'node:net';
import { type Certificate, certificateOf } from '../certificate.ts';

/** What came back. */
export interface UrlAnswer {
  readonly status: number;
  /** The body; no more than the first 64 KiB. */
  readonly text: string;
  /** The addresses at both ends of the connection; empty where they are not known. */
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** `undefined` where the answer came in clear. */
  readonly certificate: Certificate | undefined;
}

/** What is sent. */
export interface UrlQuestion {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** A form (application/x-www-form-urlencoded). */
  readonly form?: URLSearchParams;
}

const TIMEOUT_MS = 5000;
const MAX_BYTES = 64 * 1024;

/** Ask a URL once, over a connection of its own, without following anything. Throws where no answer comes in time. */
export async function askUrl(
  url: string,
  { method = 'GET', headers = {}, form }: UrlQuestion = {},
): Promise<UrlAnswer> {
  const body = form?.toString();
  const options: RequestOptions = {
    method,
    agent: false,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      'user-agent': 'latchkey-doctor',
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const send = url.startsWith('https:') ? requestByTls : requestInClear;
  send(url, options, resolve).on('error', reject).end(body);
  const response = await promise;
  const { socket, statusCode: status = 0 } = response;
  // A socket that has ended no longer knows them.
  const ends = endsOf(socket);
  return { status, ...ends, text: await readText(response) };
}

function endsOf(socket: Socket): Pick<UrlAnswer, 'localAddress' | 'remoteAddress' | 'certificate'> {
  return {
    localAddress: socket.localAddress ?? '',
    remoteAddress: socket.remoteAddress ?? '',
    certificate: certificateOf(socket),
  };
}

async function readText(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MAX_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, MAX_BYTES).toString();
}
