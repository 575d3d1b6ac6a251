import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { until } from '../support/until.ts';
import { createAsking } from './ask.ts';
import { createChance } from './chance.ts';
import { grown, leastOf } from './compare.ts';
import { wreakHavoc } from './faults.ts';
import type { KeyLife } from './key-life.ts';
import { openLanes } from './lane.ts';
import { loadSteadily } from './load.ts';
import { type Measures, measure } from './measure.ts';
import { castPeople } from './people.ts';
import { PATIENCE_MS, persist } from './persist.ts';
import type { Play } from './play.ts';
import type { Replica } from './replica.ts';
import { createRequests, firstKey } from './requests.ts';
import { loadRudely } from './rude-clients.ts';
import type { SoakOptions } from './soak-options.ts';
import { tellStories } from './stories.ts';
import { createTally } from './tally.ts';
import { startWorld, type World } from './world.ts';

/** What a soak has shown. */
export interface Soaked extends Pick<Play, 'tally' | 'cast'> {
  /** When all is quiet after the warm-up, and when all is quiet at the end; nothing where it broke off. */
  readonly before: Measures;
  readonly after: Measures;
  /** What both replicas have logged. */
  readonly logs: readonly Record<string, unknown>[];
}

/** Warm up, look, soak, and look again. That something which must happen has not is told to the tally, and ends it. */
export async function soak(options: SoakOptions): Promise<Soaked> {
  await using world = await startWorld();
  const play = await openPlay(world, options.seed);
  using _asking = play.asking;
  const measured = await strainAndMeasure(play, options).catch((failure: unknown) => {
    play.tally.violate(`it broke off: ${inspect(failure)}`);
    return { before: {}, after: {} };
  });
  const logs = world.replicas.flatMap((replica) => replica.logs());
  return { ...play, ...measured, logs };
}

async function strainAndMeasure(
  play: Play,
  { warmUpMs, soakMs, faultMs }: SoakOptions,
): Promise<Pick<Soaked, 'before' | 'after'>> {
  const isKnown = (taken: readonly Measures[]) => taken.length >= BASELINE_SAMPLES;
  await strain(play, { ms: warmUpMs, faultMs, needsAll: false });
  await settleDown(play);
  const before = leastOf(await sample(play.world, isKnown, FLAT_WITHIN_MS));
  const isFlat = (taken: readonly Measures[]) => grown(before, leastOf(taken)).length === 0;
  await strain(play, { ms: soakMs, faultMs, needsAll: true });
  await settleDown(play);
  const after = leastOf(await sample(play.world, isFlat, FLAT_WITHIN_MS));
  return { before, after };
}

/** So many take longer than connections stay open when they are idle. */
const BASELINE_SAMPLES = 8;
/** How long what is left of the load may take to go. */
const FLAT_WITHIN_MS = 60_000;
const BETWEEN_SAMPLES_MS = 500;

async function openPlay(world: World, seed: number): Promise<Play> {
  const [chance, tally] = [createChance(seed), createTally()];
  const asking = createAsking(tally);
  const cast = await castPeople((person) =>
    persist(`sign ${person.name} in`, () => firstKey(asking, world.replicas[0], person)),
  );
  return { world, cast, chance, tally, asking, requests: createRequests(asking, chance, tally), ended: [] };
}

/** Load and faults. @param needsAll whether it lasts until every kind of fault has been, too */
async function strain(
  play: Play,
  { ms, faultMs, needsAll }: { ms: number; faultMs: number; needsAll: boolean },
): Promise<void> {
  const [load, havoc] = [openLanes(), openLanes()];
  loadSteadily(load, play);
  loadRudely(load, play);
  tellStories(load, play);
  const { hadAll } = wreakHavoc(havoc, play, faultMs);
  const endsAt = performance.now() + ms;
  const isOver = () => performance.now() > endsAt && (hadAll() || !needsAll);
  try {
    await Promise.race([load.broken, havoc.broken, until('there was every fault', isOver, ms + PATIENCE_MS)]);
  } finally {
    // In this order: stories come to their ends once all is well.
    await havoc.end().finally(load.end);
  }
}

/** Wait until all is well: every key that is good is accepted by every replica, and none that has ended. */
async function settleDown(play: Play): Promise<void> {
  await Promise.all(play.world.replicas.map((replica) => isWell(play, replica)));
  play.asking.rest();
}

async function isWell({ cast, requests, ended }: Play, replica: Replica): Promise<void> {
  const answers = async (key: KeyLife, status: number) =>
    (await requests.verify(replica, key, 'verify, at the end'))?.status === status;
  for (const { name, key } of cast.all) {
    await until(`the key of ${name} is good`, () => answers(key, 200), PATIENCE_MS);
  }
  for (const key of ended) await until('an ended key is refused', () => answers(key, 401), PATIENCE_MS);
  for (const person of [...cast.steady, ...cast.renewed]) {
    const signsIn = async () => (await requests.signIn(replica, person)) === person.key.apiKey;
    await until(`${person.name} signs in, and gets the same key`, signsIn, PATIENCE_MS);
  }
}

/** Measure again and again, until it is enough or the time is over. */
async function sample(
  world: World,
  isEnough: (taken: readonly Measures[]) => boolean,
  ms: number,
): Promise<Measures[]> {
  const endsAt = performance.now() + ms;
  const taken: Measures[] = [];
  do {
    taken.push(await measure(world));
    if (isEnough(taken)) break;
    await delay(BETWEEN_SAMPLES_MS);
  } while (performance.now() < endsAt);
  return taken;
}
