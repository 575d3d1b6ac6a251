import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ContainerPart, startContainer } from './container-part.ts';
import { type DirectoryName, directoryTitles } from './directory-names.ts';
import { directoryTemplate, stateOf } from './directory-template.ts';
import { freePort } from './free-port.ts';
import { partsMode } from './parts.ts';
import { type ApartPart, startApart } from './process-apart.ts';
import { inRepository } from './repository.ts';

/** A running directory server that was made with its people beforehand. */
export type DirectoryServer = (ContainerPart | ApartPart) & {
  readonly host: string;
  /** The port of ldap:// (StartTLS). */
  readonly port: number;
  /** The port of ldaps://. */
  readonly tlsPort: number;
  /** ldap://127.0.0.1:port */
  readonly url: string;
  /** The file, on this machine, with the certificate of the CA (PEM). */
  readonly caFile: string;
};

/** What to start. */
export type DirectoryServerOptions = {
  name: DirectoryName;
  env?: Record<string, string>;
  /** Where the server has the certificate of its CA. */
  caFile: string;
};

type Ports = { port: number; tlsPort: number };
type Started = { part: ContainerPart | ApartPart; dir: string; caFile: string };

const ready = /^READY$/m;

async function startInContainer(
  { name, env = {}, caFile }: DirectoryServerOptions,
  { port, tlsPort }: Ports,
): Promise<Started> {
  const part = await startContainer({
    image: name,
    ports: [
      { container: 389, host: port },
      { container: 636, host: tlsPort },
    ],
    env,
    ready,
  });
  const dir = await mkdtemp(join(tmpdir(), `latchkey-${name}-`));
  const copy = join(dir, 'ca.crt');
  await writeFile(copy, await part.exec(['cat', caFile]));
  return { part, dir, caFile: copy };
}

async function startAsProcess(
  { name, env = {}, caFile }: DirectoryServerOptions,
  { port, tlsPort }: Ports,
): Promise<Started> {
  const template = await directoryTemplate(name);
  const dir = await mkdtemp(stateOf(name));
  const sources = inRepository('test/containers', name);
  try {
    await promisify(execFile)('cp', ['-a', '--reflink=auto', `${template}/.`, dir]);
    const part = await startApart({
      name: directoryTitles[name],
      state: dir,
      folders: join(sources, 'folders'),
      ports: [
        { server: 389, host: port },
        { server: 636, host: tlsPort },
      ],
      env,
      command: ['sh', join(sources, 'serve.sh')],
      ready,
    });
    return { part, dir, caFile: join(dir, caFile) };
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

/** Starts a directory server of its own on free ports. Throws, with the server's words, when it does not come up. */
export async function startDirectoryServer(options: DirectoryServerOptions): Promise<DirectoryServer> {
  const mode = await partsMode();
  const ports = { port: await freePort(), tlsPort: await freePort() };
  const start = mode === 'container' ? startInContainer : startAsProcess;
  const { part, dir, caFile } = await start(options, ports);
  return {
    ...part,
    ...ports,
    host: '127.0.0.1',
    url: `ldap://127.0.0.1:${ports.port}`,
    caFile,
    async [Symbol.asyncDispose]() {
      await part[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
