import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { inRepository } from './repository.ts';

const BUNDLES = 'node_modules/.cache/latchkey';

/** What src/ finds beside its own files, and where it looks for that from a bundle. */
const LINKS = {
  config: 'config',
  assets: 'src/http/pages/assets',
} as const;

/** Dependencies that are CommonJS require Node's own modules. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

/**
 * Makes one file of each program, and has `program` give these: the hundreds of processes that the tests start then
 * need not find, read and strip four hundred files each. Once a run, before any test, in the process that starts them.
 */
export async function bundlePrograms(): Promise<void> {
  // Imported here: only the process that bundles loads it.
  const { build, stop } = await import('esbuild');
  const made = inRepository(BUNDLES, `made-${process.pid}`);
  const programs = inRepository(BUNDLES, 'src/programs');
  await mkdir(programs, { recursive: true });
  await link(LINKS.config, inRepository(BUNDLES, 'config'));
  await link(LINKS.assets, join(programs, 'assets'));
  await build({
    absWorkingDir: inRepository(),
    entryPoints: ['src/main.ts', 'src/cli.ts'],
    outdir: made,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: { js: REQUIRE },
    logLevel: 'warning',
  });
  // Else the process that it works in outlives the run.
  await stop();
  // Whole files at the same paths each time: another run may be using them, and the compile cache goes by the path.
  for (const name of ['main.mjs', 'cli.mjs']) await rename(join(made, name), join(programs, name));
  await rm(made, { recursive: true });
  process.env['LATCHKEY_TEST_PROGRAMS'] = programs;
}

/** A link that is there already, perhaps from a run beside this one, points to the same. */
async function link(source: string, path: string): Promise<void> {
  await symlink(inRepository(source), path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * The file to start a program of ours by: its bundle where `bundlePrograms` has made one, else the file in src/. A
 * test that is to start what `npm start` starts deletes LATCHKEY_TEST_PROGRAMS first.
 */
export function program(name: 'main' | 'cli'): string {
  const bundles = process.env['LATCHKEY_TEST_PROGRAMS'];
  return bundles === undefined ? inRepository(`src/${name}.ts`) : join(bundles, `${name}.mjs`);
}
