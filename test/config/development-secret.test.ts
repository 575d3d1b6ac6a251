import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { developmentSecret } from '../../src/config/development-secret.ts';

describe('the secret of development', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'latchkey-secret-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test('is made once, of 32 bytes, and kept where only its owner may read it', async () => {
    const file = join(dir, 'deep', 'secret');
    const made = developmentSecret(file);
    expect(Buffer.from(made, 'base64')).toHaveLength(32);
    expect(developmentSecret(file)).toBe(made);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('is not made where its file cannot be', () => {
    expect(() => developmentSecret('/dev/null/secret')).toThrow();
  });
});
