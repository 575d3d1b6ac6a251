import { spawnSync } from 'node:child_process';
import { makeRunCertificates } from './certificates.ts';
import { containerImage, type ImageName } from './container-image.ts';
import { type DirectoryName, directoryTitles, noteDirectory } from './directory-names.ts';
import { directoryTemplate, removeStates, whyNoProcess } from './directory-template.ts';
import { partsMode } from './parts.ts';
import { bundlePrograms } from './programs.ts';
import { beginTestRun } from './test-run.ts';

const startable = (command: string) =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;

/**
 * Builds every image, or those that LATCHKEY_TEST_IMAGES names, comma-separated. Two at a time: one loads while the other
 * unpacks. The ones that take longest come first.
 */
async function buildImages(): Promise<void> {
  const every: ImageName[] = ['ds389', 'samba-ad', 'openldap', 'redis'];
  const wanted = process.env['LATCHKEY_TEST_IMAGES']?.split(',');
  const waiting = every.filter((name) => wanted?.includes(name) ?? true);
  const build = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await containerImage(name);
  };
  await Promise.all([build(), build()]);
}

/** Makes both directories that processes copy, and notes why one cannot be had. */
async function prepareDirectories(): Promise<void> {
  await removeStates();
  const prepare = async (name: DirectoryName) => {
    let why = await whyNoProcess(name);
    if (why === undefined) {
      await directoryTemplate(name).catch((error: Error & { stdout?: string }) => {
        console.warn(`${directoryTitles[name]} cannot be made: ${error.message}\n${error.stdout ?? ''}`);
        why = 'it could not be made, see above the tests';
      });
    }
    if (why !== undefined) console.warn(`Without tests with ${directoryTitles[name]}: ${why}`);
    noteDirectory(name, why);
  };
  await Promise.all([prepare('samba-ad'), prepare('ds389')]);
}

/**
 * Jest calls this once, before any test: names the run, decides for all of them where the servers run, builds the images
 * (which takes longer than a test may), or else the directories that are made once, and removes what a killed run has left.
 * It makes the certificates and the bundles of our programs, which are the same in all tests.
 * An engine that cannot build them, say because it cannot pull their base, is as good as none where slapd and
 * redis-server are installed. Throws where they are not, or LATCHKEY_TEST_PARTS=container insists.
 */
export default async function prepareParts(): Promise<void> {
  beginTestRun();
  let mode = await partsMode();
  if (mode === 'container') {
    try {
      // Imported here: a run without containers need not load their client.
      const { removeLeftovers } = await import('./remove-leftovers.ts');
      await removeLeftovers();
      await buildImages();
    } catch (error) {
      const insisted = process.env['LATCHKEY_TEST_PARTS'] === 'container';
      if (insisted || !(startable('slapd') || startable('/usr/sbin/slapd')) || !startable('redis-server'))
        throw error;
      console.warn(`The servers of the tests run as processes: ${(error as Error).message}`);
      mode = 'process';
    }
  }
  process.env['LATCHKEY_TEST_PARTS'] = mode;
  await Promise.all([
    bundlePrograms(),
    makeRunCertificates(),
    ...(mode === 'process' ? [prepareDirectories()] : []),
  ]);
}
