import type { Asking } from './ask.ts';
import type { Chance } from './chance.ts';
import type { KeyLife } from './key-life.ts';
import type { Cast } from './people.ts';
import type { Requests } from './requests.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** All that load and stories work on. */
export interface Play {
  readonly world: World;
  readonly cast: Cast;
  readonly chance: Chance;
  readonly tally: Tally;
  readonly asking: Asking;
  readonly requests: Requests;
  /** The keys that ended for good, the latest last. */
  readonly ended: KeyLife[];
}
