import type { IncomingMessage } from 'node:http';
import { malformed, RequestError } from './request-error.ts';

/** A request, and its body once `readBody` has read one. */
export interface BodiedRequest extends IncomingMessage {
  body?: unknown;
}

/** The largest body that is read, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Read a request's body to its end, whatever its type, and leave it at the request as a `Buffer`.
 * @throws {RequestError} 413 where it is too large, before it is here where its length is told ahead; 415 where it is
 * compressed; 400 where the client goes before its end
 */
export async function readBody(req: BodiedRequest): Promise<void> {
  const { 'content-length': length, 'transfer-encoding': transfer, 'content-encoding': coding } = req.headers;
  if (length === undefined && transfer === undefined) return;
  if (Number(length) > MAX_BODY_BYTES) throw bodyTooLarge();
  if (coding && coding.toLowerCase() !== 'identity')
    throw new RequestError(415, 'Unsupported content encoding');
  req.body = await readToEnd(req);
}

/** A body that turns out too large is read on and dropped, so that the client hears the answer. */
function readToEnd(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    req.once('end', () => (size > MAX_BODY_BYTES ? reject(bodyTooLarge()) : resolve(Buffer.concat(chunks))));
    req.once('error', () => reject(malformed()));
  });
}

function bodyTooLarge(): RequestError {
  return new RequestError(413, 'Request body is larger than 64 KiB');
}
