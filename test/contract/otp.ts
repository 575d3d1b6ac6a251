import { createDecipheriv } from 'node:crypto';

/** Pads as an app makes them: 32 bytes in hexadecimal digits. */
export const PAD = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
export const UPPER_PAD = '1234ABCD'.repeat(8);

/** What an app makes of `otp_encrypted_api_key`: the key's text. */
export function decodeKey(encrypted: string, pad: string): string {
  const padding = Buffer.from(pad, 'hex');
  return Buffer.from(Buffer.from(encrypted, 'hex').map((byte, at) => byte ^ (padding[at] ?? 0))).toString();
}

/** What a desktop app makes of the text that the person pastes: the token. Throws where it was not made with `pad`. */
export function decodeToken(pasted: string, pad: string): string {
  const bytes = Buffer.from(pasted, 'hex');
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(pad, 'hex'), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString();
}
