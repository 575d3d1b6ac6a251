import type { DirectoryName } from '../outcomes/case.ts';
import type { Change } from './cases.ts';
import type { Asked, Cast } from './cast.ts';
import type { Leavable } from './leavable.ts';
import { ask, type KeyAnswer, type Member } from './member.ts';
import type { Scene } from './stories.ts';

/** What came of a change. */
export interface Followed<T> {
  readonly came: T;
  /** What the service said of the key after all that it sees; `undefined` where it sees this one too. */
  readonly unseen: KeyAnswer | undefined;
}

/** What a change to somebody comes to, as it is followed. */
type Story<T> = (scene: Scene, one: Member) => Promise<T>;

/** Follows changes, each as it is made and all at the same time. */
export interface Follower {
  /** Begin the story of a change that has just been made. */
  follow<T>(change: Change, one: Member, story: Story<T>): Promise<Followed<T>>;
  /** To be said once all changes are made: then the stories of those that are not seen begin. */
  allMade(): void;
}

/** Follow what is changed at a directory. */
export function createFollower(
  at: Leavable,
  directory: DirectoryName,
  { service, fallback }: Cast,
): Follower {
  const seen: Promise<unknown>[] = [];
  const made = Promise.withResolvers<void>();
  const play = <T>(asked: Asked, one: Member, story: Story<T>) =>
    story({ at, ...asked, since: performance.now() }, one);
  const late = async <T>(asked: Asked, one: Member, story: Story<T>) => {
    await made.promise;
    await Promise.allSettled(seen);
    const unseen = await ask(service, one.apiKey);
    return { came: await play(asked, one, story), unseen };
  };
  const now = async <T>(one: Member, story: Story<T>) => ({
    came: await play({ service }, one, story),
    unseen: undefined,
  });
  return {
    follow(change, one, story) {
      const isLate = fallback !== undefined && change[directory] === 'revalidation';
      const followed = isLate ? late(fallback, one, story) : now(one, story);
      if (!isLate) seen.push(followed);
      followed.catch(() => {}); // whoever awaits it is told
      return followed;
    },
    allMade: made.resolve,
  };
}
