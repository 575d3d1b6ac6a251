import { hostname } from 'node:os';
import { getContainerRuntimeClient } from 'testcontainers';
import { ownerLabel } from './container-part.ts';
import { isAlive } from './is-alive.ts';

/** Removes the containers that test processes of this machine have left behind by dying. */
export async function removeLeftovers(): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const containers = await dockerode.listContainers({ all: true, filters: { label: [ownerLabel] } });
  for (const { Id, Labels, State } of containers) {
    const [host, pid] = (Labels[ownerLabel] ?? '').split(':');
    if (host !== hostname() || isAlive(Number(pid))) continue;
    const container = dockerode.getContainer(Id);
    if (State === 'paused') await container.unpause();
    await container.remove({ force: true, v: true });
  }
}
