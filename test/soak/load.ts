import type { Lanes } from './lane.ts';
import type { Person } from './people.ts';
import type { Play } from './play.ts';

const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Put the load on that changes nothing: some sixty requests a second, and fewer on a machine that is busy, since each
 * lane waits for its answer.
 */
export function loadSteadily(lanes: Lanes, play: Play): void {
  const { world, cast, chance, requests, ended } = play;
  const lane = (times: number, pauseMs: number, step: () => Promise<unknown>) => {
    for (let at = 0; at < times; at++) lanes.run(pauseMs, async () => void (await step()));
  };
  const replica = () => chance.pick(world.replicas);
  const hot = cast.steady.slice(0, 4);

  lane(6, 250, () => requests.verify(replica(), chance.pick(hot).key, 'verify, often'));
  lane(5, 400, () => {
    const person = chance.pick(cast.all);
    return requests.verify(replica(), person.key, 'verify, rarely', sentBeside(play, person));
  });
  lane(2, 300, () => requests.usersMe(replica(), chance.pick([...cast.steady, ...cast.renamed])));
  lane(2, 250, () => askForged(play));
  lane(2, 300, async () => {
    if (ended.length > 0) await requests.verify(replica(), chance.pick(ended), 'verify, ended key');
  });
  lane(2, 600, () => requests.signIn(replica(), chance.pick(cast.steady)));
  lane(2, 500, () => {
    const name = chance.happens(0.8) ? chance.pick(cast.guessed).name : `nobody${chance.between(1, 500)}`;
    return requests.guess(replica(), name, `10.2.0.${chance.between(1, 9)}`);
  });
  lane(1, 1000, () => lookAround(play));
}

/** A name of the owner's, or none; where it is about to change, none. */
function sentBeside({ cast, chance }: Play, person: Person): string | undefined {
  if (cast.renamed.includes(person) || chance.happens(0.5)) return undefined;
  return chance.happens(0.5) ? person.name : `${person.name}@example.org`;
}

/** A key that nobody was given is refused, whatever else is away. */
async function askForged({ world, cast, chance, asking }: Play): Promise<void> {
  const isNearly = chance.happens(0.5);
  const { apiKey } = chance.pick(cast.all).key;
  const last = chance.pick([...BASE62].filter((digit) => digit !== apiKey.at(-1)));
  const made = Array.from({ length: 32 }, () => chance.pick([...BASE62])).join('');
  await asking.ask(chance.pick(world.replicas), {
    ...{ kind: 'verify, forged key', path: '/verify', right: [401] },
    headers: { 'X-API-Key': isNearly ? apiKey.slice(0, -1) + last : made },
  });
}

/** What a platform and a client ask before anything else. */
async function lookAround({ world, chance, asking }: Play): Promise<void> {
  const replica = chance.pick(world.replicas);
  const look = (path: string, ...right: number[]) => asking.ask(replica, { kind: path, path, right });
  await look('/healthz', 200);
  await look('/readyz', 200, 503);
  await look('/metrics', 200);
  await look('/api/v1/server_settings', 200);
}
