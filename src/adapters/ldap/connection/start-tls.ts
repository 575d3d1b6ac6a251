import type { Socket } from 'node:net';
import { BerReader, BerWriter } from 'ldapts';

/** RFC 4511, 4.14.1. */
const START_TLS_OID = '1.3.6.1.4.1.1466.20037';
const EXTENDED_REQUEST = 0x77;
const EXTENDED_REQUEST_NAME = 0x80;
const EXTENDED_RESPONSE = 0x78;
/** Far more than any server needs for a result without a value. */
const MAX_RESPONSE_BYTES = 4096;

/**
 * Ask the server to begin TLS, by hand: ldapts gives the step no deadline and keeps what comes behind it.
 * Bytes behind the response could only be injected, to be read as if they had come through TLS: refused.
 * @throws {Error} where the server refuses, answers something else, more, or too much
 */
export async function requestStartTls(socket: Socket): Promise<void> {
  socket.write(request());
  const response = await readMessage(socket);
  const code = readResultCode(response);
  if (code !== 0) throw new Error(`the server answered with result code ${code}`);
}

function request(): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(1);
  writer.startSequence(EXTENDED_REQUEST);
  writer.writeString(START_TLS_OID, EXTENDED_REQUEST_NAME);
  writer.endSequence();
  writer.endSequence();
  return writer.buffer;
}

function readMessage(socket: Socket): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  let received = Buffer.alloc(0);
  const onData = (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    try {
      if (isOneMessage(received)) resolve(received);
    } catch (malformed) {
      reject(malformed);
    }
  };
  const onEnd = () => reject(new Error('the server closed the connection'));
  socket.on('data', onData).once('error', reject).once('close', onEnd);
  return promise.finally(() => {
    socket.pause().off('data', onData).off('error', reject).off('close', onEnd);
  });
}

/** Whether the bytes are one whole message; `false` while it is not all here. */
function isOneMessage(bytes: Buffer): boolean {
  if (bytes.length > MAX_RESPONSE_BYTES) throw new Error('the response is too long');
  const reader = new BerReader(bytes);
  if (reader.readSequence() === null) return false;
  const missing = reader.offset + reader.length - bytes.length;
  if (missing < 0) throw new Error('bytes follow the response');
  return missing === 0;
}

function readResultCode(message: Buffer): number | undefined {
  const reader = new BerReader(message);
  reader.readSequence();
  const id = reader.readInt();
  const operation = reader.readSequence();
  if (id !== 1 || operation !== EXTENDED_RESPONSE) throw new Error('the server answered something else');
  return reader.readEnumeration() ?? undefined;
}
