import { setTimeout as delay } from 'node:timers/promises';
import type { Part } from '../support/part.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import type { Chance } from './chance.ts';
import type { Lanes } from './lane.ts';
import type { Play } from './play.ts';

/** Something that goes wrong for a while. @param last resolves when it has lasted long enough */
type Fault = (last: () => Promise<unknown>) => Promise<unknown>;

/** By what they are counted as. */
type Faults = Readonly<Record<string, Fault>>;

/** What goes wrong, and whether each thing has at least once. */
export interface Havoc {
  readonly hadAll: () => boolean;
}

/**
 * Let the directory, each replica's way to Redis, Redis itself and the second replica fail, each kind of fault in
 * random order, all of them at their own pace. Ended lanes have healed everything.
 * @param longestMs the longest that one lasts
 */
export function wreakHavoc(lanes: Lanes, { world, chance, tally }: Play, longestMs: number): Havoc {
  const [, second] = world.replicas;
  const sides: readonly Faults[] = [
    {
      ...networkFaults('directory', () => world.ldapProxy, chance),
      ...serverFaults('slapd', world.ldap),
      'slapd paused': async (last) => {
        await world.ldap.pause();
        await last();
        await world.ldap.resume();
      },
    },
    {
      ...networkFaults("one replica's Redis", () => chance.pick(world.replicas).redisProxy, chance),
      ...serverFaults('Redis', world.redis),
    },
    // Pauses on either side: there are to be answers of two replicas most of the time.
    {
      'replica killed': async (last) => {
        await last();
        await second.crash();
        await last();
      },
    },
  ];
  const missing = new Set(sides.flatMap((faults) => Object.keys(faults)));
  for (const faults of sides) {
    let deck: string[] = [];
    lanes.run(0, async () => {
      await pause(lanes, chance.between(longestMs / 4, longestMs));
      if (lanes.isEnded()) return;
      if (deck.length === 0) deck = chance.shuffle(Object.keys(faults));
      const name = deck.pop() as string;
      await faults[name]?.(() => pause(lanes, chance.between(longestMs / 4, longestMs)));
      missing.delete(name);
      tally.count('fault', name);
    });
  }
  return { hadAll: () => missing.size === 0 };
}

/** @param proxyOf whose it is this time */
function networkFaults(what: string, proxyOf: () => TcpProxy, chance: Chance): Faults {
  const during = (fault: () => Parameters<TcpProxy['set']>[0]): Fault => {
    return async (last) => {
      const proxy = proxyOf();
      await proxy.set(fault());
      await last();
      await proxy.set({});
    };
  };
  return {
    [`${what}: slow`]: during(() => ({ latency: chance.between(5, 1_500) })),
    [`${what}: refuses`]: during(() => ({ mode: 'refuse' })),
    [`${what}: swallows`]: during(() => ({ mode: 'blackhole' })),
    [`${what}: resets`]: during(() => ({ mode: 'reset' })),
    [`${what}: cut`]: async () => proxyOf().kill(),
  };
}

function serverFaults(what: string, part: Part): Faults {
  return {
    [`${what} stopped`]: async (last) => {
      await part.stop();
      await last();
      await part.start();
    },
    [`${what} killed`]: async (last) => {
      await part.kill();
      await last();
      await part.start();
    },
  };
}

/** Wait so long, or until the lanes are ended. */
async function pause(lanes: Lanes, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (!lanes.isEnded() && performance.now() < until) await delay(Math.min(100, ms));
}
