import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageName } from './container-image.ts';
import { type ContainerPart, startContainer } from './container-part.ts';
import { freePort } from './free-port.ts';

/** A directory server that runs in a container. */
export type DirectoryContainer = ContainerPart & {
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

/**
 * Starts a directory server on free ports, from an image that serves 389 and 636, has its CA's certificate at
 * /certs/ca.crt and says READY. Throws when the engine cannot.
 */
export async function startDirectoryContainer(
  image: ImageName,
  env: Record<string, string> = {},
): Promise<DirectoryContainer> {
  const [port, tlsPort] = [await freePort(), await freePort()];
  await using starting = new AsyncDisposableStack();
  const part = starting.use(
    await startContainer({
      image,
      ports: [
        { container: 389, host: port },
        { container: 636, host: tlsPort },
      ],
      env,
      ready: /^READY$/m,
    }),
  );
  const dir = await mkdtemp(join(tmpdir(), `latchkey-${image}-`));
  const caFile = join(dir, 'ca.crt');
  await writeFile(caFile, await part.exec(['cat', '/certs/ca.crt']));
  starting.move();

  return {
    ...part,
    host: '127.0.0.1',
    port,
    tlsPort,
    url: `ldap://127.0.0.1:${port}`,
    caFile,
    async [Symbol.asyncDispose]() {
      await part[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
