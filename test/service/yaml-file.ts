import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Write settings for LATCHKEY_CONFIG into a file that goes when the tests are over. Gives its path. */
export function yamlFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-settings-'));
  folders.push(folder);
  const file = join(folder, 'settings.yaml');
  writeFileSync(file, text);
  return file;
}
