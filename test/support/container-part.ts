import { hostname } from 'node:os';
import { containerImage, type ImageName } from './container-image.ts';
import type { Part } from './part.ts';
import { loadTestcontainers } from './testcontainers.ts';

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
  /** Arguments for the image's entry point; without them, the image's own. */
  args?: string[];
  /** Files to put into the container before it starts. */
  files?: { target: string; content: string }[];
  /** What its log says once it is ready. */
  ready: RegExp;
};

/** The labels of a container that belongs to this process: by them leftovers of a killed run are found. */
export const ownerLabel = 'latchkey.test.owner';

/** Starts a container and waits until its log says that it is ready. Throws when the engine cannot. */
export async function startContainer(options: ContainerPartOptions): Promise<ContainerPart> {
  const image = await containerImage(options.image);
  const { GenericContainer, getContainerRuntimeClient, Wait } = await loadTestcontainers();
  const container = new GenericContainer(image)
    .withLabels({ [ownerLabel]: `${hostname()}:${process.pid}` })
    .withEnvironment(options.env ?? {})
    .withExposedPorts(...options.ports)
    .withCopyContentToContainer(options.files ?? [])
    .withWaitStrategy(Wait.forLogMessage(options.ready))
    .withStartupTimeout(30_000);
  if (options.args !== undefined) container.withCommand(options.args);
  const started = await container.start();
  const handle = (await getContainerRuntimeClient()).container.getById(started.getId());
  const state = async () => (await handle.inspect()).State;
  const resume = async () => {
    if ((await state()).Paused) await handle.unpause();
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
    // For the engine, restarting what has stopped is starting it; this one also waits until it is ready.
    start: () => started.restart(),
    pause: () => handle.pause(),
    resume,
    async [Symbol.asyncDispose]() {
      await resume();
      await handle.remove({ force: true, v: true });
    },
  };
}
