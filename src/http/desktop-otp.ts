import { createCipheriv } from 'node:crypto';

/** Bytes of an initialisation vector of AES-GCM (NIST SP 800-38D, 8.2). */
export const DESKTOP_IV_BYTES = 12;

/**
 * The token as only the app that made the pad can read it: hex of iv ‖ ciphertext ‖ tag of AES-256-GCM,
 * with the pad as the key and no additional data (contract 7.2).
 * @param pad 64 hex digits
 * @param iv 12 bytes that were never used with this pad before
 */
export function sealDesktopToken(token: string, pad: string, iv: Buffer): string {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(pad, 'hex'), iv);
  const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('hex');
}
