import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository } from './repository.ts';
import { loadTestcontainers } from './testcontainers.ts';

/** The images of test/containers. */
export type ImageName = 'ds389' | 'openldap' | 'redis' | 'samba-ad';

const elsewhere: Partial<Record<ImageName, string[]>> = { openldap: ['config/demo/people.ldif'] };

async function sourcesOf(name: ImageName): Promise<string[]> {
  const folder = `test/containers/${name}`;
  const files = (await readdir(inRepository(folder))).sort();
  return [...files.map((file) => `${folder}/${file}`), ...(elsewhere[name] ?? [])];
}

/** A digest of the files that the image is made of (hex). */
export async function digestOfSources(name: ImageName): Promise<string> {
  const digest = createHash('sha256');
  for (const source of await sourcesOf(name)) {
    digest.update(source).update(await readFile(inRepository(source)));
  }
  return digest.digest('hex');
}

/**
 * Builds the image of test/containers/<name> unless there is one of the very same files, and gives its tag.
 * The tag is a digest of these files, so that several processes may build it at once: whoever comes last puts the
 * same image in the place of the same image. Throws when the engine cannot build it.
 */
export async function containerImage(name: ImageName): Promise<string> {
  const { GenericContainer, ImageName, getContainerRuntimeClient } = await loadTestcontainers();
  const sources = await sourcesOf(name);
  const tag = `latchkey-test-${name}:${(await digestOfSources(name)).slice(0, 12)}`;

  const engine = await getContainerRuntimeClient();
  if (await engine.image.exists(ImageName.fromString(tag))) return tag;
  const dockerfile = `test/containers/${name}/Dockerfile`;
  // The sources alone, at their places: the whole repository would be sent to the engine at every build.
  const context = await mkdtemp(join(tmpdir(), 'latchkey-image-'));
  try {
    for (const source of sources) await cp(inRepository(source), join(context, source));
    await GenericContainer.fromDockerfile(context, dockerfile).build(tag, { deleteOnExit: false });
  } catch (cause) {
    throw new Error(`cannot build ${tag}; to see why: docker build -f ${dockerfile} .`, { cause });
  } finally {
    await rm(context, { recursive: true });
  }
  return tag;
}
