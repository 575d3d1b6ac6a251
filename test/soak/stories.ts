import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { createDirectoryChanges, otherName } from './directory-changes.ts';
import { end, mayLive, newKey, settle, unsettle } from './key-life.ts';
import type { Lanes } from './lane.ts';
import type { Person } from './people.ts';
import { PATIENCE_MS, persist } from './persist.ts';
import type { Play } from './play.ts';
import type { Replica } from './replica.ts';
import { KNOWN_WITHIN_MS } from './world.ts';

/** How long the state in the middle of a story lasts at most, in milliseconds: some answers should meet it. */
const INTERLUDE_MS = 2_000;
/** Between two questions of a story, in milliseconds. */
const AGAIN_MS = 150;

/** Let what may happen to people happen to them, over and over; each story ends as it began. */
export function tellStories(lanes: Lanes, play: Play): void {
  const { cast, world, chance } = play;
  const changes = createDirectoryChanges(world.ldap);
  const tell = (people: readonly Person[], pauseMs: number, story: (person: Person) => Promise<void>) => {
    for (const person of people) lanes.run(pauseMs, () => story(person));
  };
  const { accounts } = world.store;
  tell(cast.renewed, 2_000, (person) => renew(play, person, chance.happens(0.3)));
  tell(cast.suspended, 4_000, (person) =>
    leaveAndReturn(play, person, {
      leave: () => persist('suspend an account', () => accounts.suspendByOperator(person.userId)),
      comeBack: () => persist('restore an account', () => accounts.restore(person.userId)),
    }),
  );
  tell(cast.disabled, 4_000, (person) =>
    leaveAndReturn(play, person, {
      leave: () => changes.disable(person, true),
      comeBack: () => changes.disable(person, false),
    }),
  );
  tell(cast.leaving, 4_000, (person) =>
    leaveAndReturn(play, person, {
      leave: () => changes.belong(person, false),
      comeBack: () => changes.belong(person, true),
    }),
  );
  tell(cast.renamed, 4_000, async (person) => {
    const name = otherName(person);
    await changes.rename(person, name);
    await everywhere(play, person, (status, user) => status === 200 && user === name);
    person.name = name;
    await play.requests.signIn(chance.pick(world.replicas), person);
    play.tally.count('story', 'renamed');
  });
}

/** Regenerate or revoke somebody's key: the old one ends, and there is another. */
async function renew(play: Play, person: Person, isRevoked: boolean): Promise<void> {
  const { requests, world, chance, ended, tally } = play;
  const old = person.key;
  const replica = () => chance.pick(world.replicas);
  const signIn = () => requests.signIn(replica(), person);
  unsettle(old);
  if (isRevoked) await persist('revoke a key', () => world.store.accounts.revoke(person.userId));
  // Where nothing came back, nobody knows: the key that a sign-in gives is the one that counts.
  const renewed = async () => {
    await delay(AGAIN_MS);
    const given = isRevoked
      ? await signIn()
      : ((await requests.regenerate(replica(), person)) ?? (await signIn()));
    return given !== old.apiKey && given;
  };
  const apiKey = await until('there is another key', renewed, PATIENCE_MS);
  end(old, KNOWN_WITHIN_MS);
  ended.push(old);
  if (ended.length > 30) ended.shift();
  person.key = newKey(apiKey);
  tally.count('story', isRevoked ? 'revoked' : 'regenerated');
}

/** Keep somebody out until every replica knows, and let them in until every replica knows. */
async function leaveAndReturn(
  play: Play,
  person: Person,
  { leave, comeBack }: { leave: () => Promise<unknown>; comeBack: () => Promise<unknown> },
): Promise<void> {
  const { key } = person;
  unsettle(key);
  await leave();
  const leftAt = performance.now();
  await everywhere(play, person, (status) => status === 401);
  // What was asked before they left may still be written down after.
  end(key, Math.max(0, leftAt + KNOWN_WITHIN_MS - performance.now()));
  play.tally.count('story', 'left');
  await delay(play.chance.between(0, INTERLUDE_MS));
  mayLive(key);
  await comeBack();
  await everywhere(play, person, (status) => status === 200);
  settle(key);
  play.tally.count('story', 'came back');
}

/** Wait until each replica answers so about somebody's key. */
async function everywhere(
  { requests, world }: Play,
  { key }: Person,
  isRight: (status: number, user: unknown) => boolean,
): Promise<void> {
  const answersSo = async (replica: Replica) => {
    await delay(AGAIN_MS);
    const answer = await requests.verify(replica, key, 'verify, in a story');
    return answer !== undefined && isRight(answer.status, answer.headers['remote-user']);
  };
  const waits = world.replicas.map((replica) =>
    until(`the ${replica.name} replica has heard of it`, () => answersSo(replica), PATIENCE_MS),
  );
  await Promise.all(waits);
}
