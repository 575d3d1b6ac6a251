import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');

/** For each folder a file in it, and an import that it must not make. */
const forbidden: [file: string, imported: string][] = [
  ['src/errors.ts', './ports/log.ts'],
  ['src/ports/planted.ts', '../errors.ts'],
  ['src/config/planted.ts', '../ports/log.ts'],
  ['src/keys/planted-1.ts', '../auth/throttle.ts'],
  ['src/keys/planted-2.ts', '../adapters/redis/client.ts'],
  ['src/auth/planted-1.ts', '../http/app.ts'],
  ['src/auth/planted-2.ts', 'express'],
  ['src/doctor/planted-1.ts', 'ldapts'],
  ['src/doctor/planted-2.ts', '../cli/serve.ts'],
  ['src/http/planted-1.ts', '../adapters/ldap/dial.ts'],
  ['src/http/planted-2.ts', 'ldapts'],
  ['src/http/planted-3.ts', 'jose'],
  ['src/auth/planted-3.ts', 'jose'],
  ['src/http/routes/planted.ts', '../../config/config.ts'],
  ['src/adapters/file/planted.ts', '../../keys/api-key.ts'],
  ['src/adapters/file/planted-2.ts', 'jose'],
  ['src/adapters/jose/planted-1.ts', '../../keys/api-key.ts'],
  ['src/adapters/jose/planted-2.ts', '../../config/config.ts'],
  ['src/adapters/jose/planted-3.ts', '../redis/client.ts'],
  ['src/adapters/jose/planted-4.ts', 'ioredis'],
  ['src/adapters/ldap/planted-3.ts', '../jose/verify-token.ts'],
  ['src/adapters/ldap/planted-1.ts', '../../keys/api-key.ts'],
  ['src/adapters/ldap/planted-2.ts', 'ioredis'],
  ['src/adapters/memory/planted.ts', '../../auth/throttle.ts'],
  ['src/adapters/observe/planted.ts', '../../http/app.ts'],
  ['src/adapters/redis/planted-1.ts', '../../config/config.ts'],
  ['src/adapters/redis/planted-2.ts', '../memory/account-store.ts'],
];

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string };
}

describe('the import rules', () => {
  let dir: string;
  let planted: readonly Diagnostic[];

  const lint = (): readonly Diagnostic[] => {
    const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', 'src'];
    const { stdout } = spawnSync('biome', args, { cwd: dir, encoding: 'utf8' });
    return JSON.parse(stdout).diagnostics;
  };
  const categoriesOf = (file: string) =>
    planted.filter(({ location }) => location.path === file).map(({ category }) => category);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'latchkey-imports-'));
    await cp(join(root, 'src'), join(dir, 'src'), { recursive: true });
    await cp(join(root, 'biome.json'), join(dir, 'biome.json'));
    await symlink(join(root, 'node_modules'), join(dir, 'node_modules'));
    expect(lint()).toEqual([]);
    for (const [file, imported] of forbidden) {
      await mkdir(dirname(join(dir, file)), { recursive: true });
      await writeFile(
        join(dir, file),
        `import * as wrong from '${imported}';\n\nexport const taken = wrong;\n`,
      );
    }
    await writeFile(join(dir, 'src/keys/planted-env.ts'), "export const port = process.env['PORT'];\n");
    planted = lint();
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test.each(forbidden)('refuse that %s imports %s', (file) => {
    expect(categoriesOf(file)).toContain('lint/style/noRestrictedImports');
  });

  test('keep process.env out of everything but the edge', () => {
    expect(categoriesOf('src/keys/planted-env.ts')).toContain('lint/style/noProcessEnv');
  });
});
