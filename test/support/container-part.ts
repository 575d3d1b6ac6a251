import { hostname } from 'node:os';
import { containerImage, type ImageName } from './container-image.ts';
import { notStarted } from './not-started.ts';
import type { Part } from './part.ts';
import { loadTestcontainers } from './testcontainers.ts';
import { PATIENCE_MS, until } from './until.ts';

/** A server that runs in a container. */
export type ContainerPart = Part & {
  /** Runs a command in the container and gives its standard output; throws, with its output, unless it exits 0. */
  exec(command: string[]): Promise<string>;
};

/** What to run. */
export type ContainerPartOptions = {
  image: ImageName;
  /** Ports of the container and the ports of this machine that they are published on. */
  ports: { container: number; host: number }[];
  env?: Record<string, string>;
  /** `host`: the container listens at this machine's own addresses, and no ports are published. */
  network?: 'host';
  /** In place of the image's own. */
  entrypoint?: string[];
  /** Arguments for the image's entry point; without them, the image's own. */
  args?: string[];
  /** Files to put into the container before it starts. */
  files?: { target: string; content: string }[];
  /** What its log says once it is ready. */
  ready: RegExp;
  /** How long it may take to be ready, in ms; without it, `PATIENCE_MS`. */
  within?: number;
};

/** The labels of a container that belongs to this process: by them leftovers of a killed run are found. */
export const ownerLabel = 'latchkey.test.owner';

/** What a container wrote: the engine gives it in frames, each behind 8 bytes, the last four of which are its length. */
function payload(frames: Buffer): string {
  let text = '';
  for (let at = 0; at < frames.length; ) {
    const end = at + 8 + frames.readUInt32BE(at + 4);
    text += frames.toString('utf8', at + 8, end);
    at = end;
  }
  return text;
}

/**
 * Starts a container and waits until its log says that it is ready.
 * Throws, with its image, its command line and what it wrote last, when the engine cannot, or it is not ready in time.
 */
export async function startContainer(options: ContainerPartOptions): Promise<ContainerPart> {
  const { within = PATIENCE_MS } = options;
  const image = await containerImage(options.image);
  const { GenericContainer, getContainerRuntimeClient, Wait } = await loadTestcontainers();
  let output = '';
  const command = ['docker', 'run', image, ...(options.entrypoint ?? []), ...(options.args ?? [])];
  const failed = (happened: string, written: string, cause: unknown) =>
    new Error(notStarted({ name: `The container of ${options.image}`, command, happened, output: written }), {
      cause,
    });
  const container = new GenericContainer(image)
    .withLabels({ [ownerLabel]: `${hostname()}:${process.pid}` })
    .withEnvironment(options.env ?? {})
    .withExposedPorts(...options.ports)
    .withCopyContentToContainer(options.files ?? [])
    .withWaitStrategy(Wait.forLogMessage(options.ready))
    .withStartupTimeout(within)
    .withLogConsumer((log) => {
      log.on('data', (chunk: Buffer | string) => {
        output += String(chunk);
      });
    });
  if (options.network !== undefined) container.withNetworkMode(options.network);
  if (options.entrypoint !== undefined) container.withEntrypoint(options.entrypoint);
  if (options.args !== undefined) container.withCommand(options.args);
  const started = await container.start().catch((error: unknown) => {
    throw failed('is not ready', output, error);
  });
  const handle = (await getContainerRuntimeClient()).container.getById(started.getId());
  const state = async () => (await handle.inspect()).State;
  const resume = async () => {
    if ((await state()).Paused) await handle.unpause();
  };
  const written = async () => payload(await handle.logs({ stdout: true, stderr: true }));
  const timesReady = async () => {
    return [...(await written()).matchAll(new RegExp(options.ready, `${options.ready.flags}g`))].length;
  };

  return {
    async exec(command) {
      const { stdout, output, exitCode } = await started.exec(command);
      if (exitCode !== 0) throw new Error(`${command.join(' ')} exited with ${exitCode}: ${output}`);
      return stdout;
    },
    async stop() {
      await resume(); // a frozen process would not see the signal
      if ((await state()).Running) await handle.stop({ t: 5 });
    },
    async kill() {
      await resume();
      if (!(await state()).Running) return;
      const ended = handle.wait();
      await handle.kill();
      await ended;
    },
    // Not testcontainers' restart(): that looks for the line among what was logged since the engine noted the start,
    // and on a busy machine a server is ready before the engine has noted it.
    async start() {
      const before = await timesReady();
      await handle.start();
      const isReady = async () => (await timesReady()) > before;
      await until(`${options.image} is ready`, isReady, within).catch(async (error: unknown) => {
        throw failed(`is not ready again after ${within} ms`, await written(), error);
      });
    },
    pause: () => handle.pause(),
    resume,
    async [Symbol.asyncDispose]() {
      await resume();
      await handle.remove({ force: true, v: true });
    },
  };
}
