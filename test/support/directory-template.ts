import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { digestOfSources } from './container-image.ts';
import type { DirectoryName } from './directory-names.ts';
import { isAlive } from './is-alive.ts';
import { inRepository } from './repository.ts';

const run = promisify(execFile);

/** The version of each package that the server needs, undefined where it is not installed. */
async function packageVersions(name: DirectoryName): Promise<Map<string, string | undefined>> {
  const list = await readFile(inRepository('test/containers', name, 'packages'), 'utf8');
  const packages = list.trim().split('\n');
  const format = `\${Package} \${db:Status-Status} \${Version}\n`;
  // It fails when it knows one of them not at all, and tells of the others all the same.
  const told = await run('dpkg-query', ['-W', '-f', format, ...packages]).catch(
    (error: Error & { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  const versions = new Map(told.stdout.split('\n').map((line) => [line.split(' ')[0], line.split(' ')]));
  return new Map(
    packages.map((each) => {
      const [, status, version] = versions.get(each) ?? [];
      return [each, status === 'installed' ? version : undefined];
    }),
  );
}

/** Says, in a few words, why this server cannot run as a process here; undefined: it can. */
export async function whyNoProcess(name: DirectoryName): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'no Linux';
  if (process.getuid?.() !== 0) return 'no root';
  const versions = await packageVersions(name);
  const missing = [...versions].filter(([, version]) => version === undefined).map(([each]) => each);
  if (missing.length > 0) return `not installed: ${missing.join(' ')}`;
  return run('unshare', ['--net', '--mount', '--pid', '--fork', 'true']).then(
    () => undefined,
    (error: Error & { stderr?: string }) => `no namespaces: ${(error.stderr || error.message).trim()}`,
  );
}

/**
 * Makes the folders of a directory server with its people, unless they were made from the very same files and versions
 * of packages, and gives the folder that holds them. It is not to be changed: a server runs in a copy. Takes about half
 * a minute the first time; whoever comes meanwhile waits. Throws, with the last that was said, when it cannot be made.
 */
export async function directoryTemplate(name: DirectoryName): Promise<string> {
  const digest = createHash('sha256').update(await digestOfSources(name));
  for (const file of ['make-template.sh', 'run-apart.py']) {
    digest.update(await readFile(inRepository('test/containers', file)));
  }
  digest.update(JSON.stringify([...(await packageVersions(name))]));
  const template = inRepository('node_modules/.cache/directories', name, digest.digest('hex').slice(0, 12));
  await mkdir(dirname(template), { recursive: true });
  // The kernel takes the lock from whoever dies.
  const make = ['sh', inRepository('test/containers/make-template.sh'), name, template];
  await run('flock', [join(dirname(template), 'lock'), ...make]);
  return template;
}

/** The beginning of the name of the folder, among the temporary ones, of a server that this process runs. */
export const stateOf = (name: DirectoryName): string => join(tmpdir(), `latchkey-${name}-${process.pid}-`);

/** Removes the folders of servers whose process has died without doing so; the servers have died with it. */
export async function removeStates(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const pid = /^latchkey-(?:samba-ad|ds389)-(\d+)-/.exec(basename(entry))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(tmpdir(), entry), { recursive: true, force: true });
    }
  }
}
