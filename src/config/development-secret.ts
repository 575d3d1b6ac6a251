import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isNativeError } from 'node:util/types';

/**
 * A secret for development, so that a first start needs no settings: made once and kept in a file that git
 * ignores, readable by its owner only. Gives base64 of 32 bytes.
 * @throws {Error} where the file can be neither read nor written
 */
export function developmentSecret(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (failure) {
    if (!isExisting(failure)) throw failure;
  }
  return readFileSync(file, 'utf8').trim();
}

function isExisting(failure: unknown): boolean {
  return isNativeError(failure) && 'code' in failure && failure.code === 'EEXIST';
}
