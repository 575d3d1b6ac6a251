import { TestEnvironment } from 'jest-environment-node';

const endAtOnce = (code: number) => process.exit(code);

/**
 * Jest's own environment. A worker that has run many suites has a heap of hundreds of megabytes: Node takes half a second
 * and more to free it, after all is over, and Jest takes that for an open handle ("A worker process has failed to exit
 * gracefully"). So a worker, once it has nothing more to do, leaves its heap to the kernel.
 */
export default class Environment extends TestEnvironment {
  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    super(...args);
    // Not where one process does it all (`jest -i`): the exit code of the run is set as that ends.
    const isWorker = process.argv[1]?.endsWith('jest-worker/build/processChild.js') === true;
    if (isWorker && process.listenerCount('exit', endAtOnce) === 0) process.once('exit', endAtOnce);
  }
}
