import { Gauge, type Registry } from 'prom-client';
import type { Directory } from '../../ports/directory.ts';
import type { LeaverBrake } from '../../ports/leaver-brake.ts';
import { withinTime } from '../../within-time.ts';

/** What is asked how it stands, each time that metrics are read. */
export interface GaugeParts {
  readonly directory: Pick<Directory, 'isUp'>;
  readonly brake: Pick<LeaverBrake, 'standing'>;
  /** How long the brake's standing is waited for, in milliseconds. */
  readonly waitMs: number;
}

/** Add what is 0 or 1 of each directory. What the store does not say in time is left out, not guessed. */
export function addGauges(
  registry: Registry,
  { directory, brake, waitMs }: GaugeParts,
  directoryIds: readonly string[],
): void {
  const common = { labelNames: ['directory'], registers: [registry] };
  new Gauge({
    ...common,
    name: 'latchkey_directory_up',
    help: 'Whether a server of the directory is thought to answer.',
    collect() {
      for (const id of directoryIds) this.set({ directory: id }, directory.isUp(id) ? 1 : 0);
    },
  });
  const isHeld = async (id: string): Promise<boolean> => {
    const { heldSince } = await withinTime(brake.standing(id), waitMs, () => new Error('no answer'));
    return heldSince !== undefined;
  };
  new Gauge({
    ...common,
    name: 'latchkey_leaver_brake_held',
    help: 'Whether the leaver brake holds: nobody is suspended for absence until an operator looks.',
    async collect() {
      const held = await Promise.allSettled(directoryIds.map(isHeld));
      for (const [at, id] of directoryIds.entries()) {
        const one = held[at];
        if (one?.status === 'fulfilled') this.set({ directory: id }, one.value ? 1 : 0);
        else this.remove({ directory: id });
      }
    },
  });
}
