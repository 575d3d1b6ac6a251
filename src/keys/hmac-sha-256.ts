import { hash } from 'node:crypto';

/** How an HMAC is written: 64 digits of base 16, 43 of base 64, or 32 characters with a byte in each. */
export type Digits = 'hex' | 'base64url' | 'binary';

/** HMAC-SHA-256 under one key. The message is `text` in UTF-8, and `bytes` behind it where there are any. */
export type HmacSha256 = (text: string, bytes: Buffer | undefined, digits: Digits) => string;

/** SHA-256 works on blocks of so many bytes; HMAC makes one of the key. */
const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** A message of up to so many bytes is hashed where the key's block lies ready; a longer one costs a copy of it. */
const READY_BYTES = 1024;
/** Text takes so many bytes for each of its units of UTF-16 at most. */
const MAX_UTF8_BYTES = 3;

/**
 * RFC 2104 with what Node hashes in one call: every key that is verified costs two of these, and `createHmac` takes
 * twice as long, since it makes an object with a context of OpenSSL for each.
 */
export function createHmacSha256(key: Buffer): HmacSha256 {
  const inner = keyBlock(key, 0x36, READY_BYTES);
  const outer = keyBlock(key, 0x5c, HASH_BYTES);
  return (text, bytes, digits) => {
    const mostBytes = BLOCK_BYTES + MAX_UTF8_BYTES * text.length + (bytes?.length ?? 0);
    const input = mostBytes <= inner.length ? inner : withRoom(inner, mostBytes);
    let end = BLOCK_BYTES + input.write(text, BLOCK_BYTES);
    if (bytes) end += bytes.copy(input, end);
    outer.write(hash('sha256', input.subarray(0, end), 'binary'), BLOCK_BYTES, 'binary');
    return hash('sha256', outer, digits);
  };
}

/** The key, filled up to a block, each byte combined with `pad`; and `room` bytes behind it. */
function keyBlock(key: Buffer, pad: number, room: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES + room);
  (key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key).copy(block);
  for (let at = 0; at < BLOCK_BYTES; at++) block.writeUInt8(block.readUInt8(at) ^ pad, at);
  return block;
}

/** A copy of the block in memory of its own, never of Node's pool: it is as good as the key. */
function withRoom(inner: Buffer, bytes: number): Buffer {
  const copy = Buffer.alloc(bytes);
  inner.copy(copy, 0, 0, BLOCK_BYTES);
  return copy;
}
