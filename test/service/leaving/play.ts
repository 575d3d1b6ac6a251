import { until } from '../../support/until.ts';
import type { DirectoryName } from '../outcomes/case.ts';
import { verify } from '../stack.ts';
import { type Change, heritages, leavings, renamed, renaming } from './cases.ts';
import type { Cast } from './cast.ts';
import { createFollower, type Followed } from './follow.ts';
import { type Leavable, replace, setPassword } from './leavable.ts';
import { enter, type KeyAnswer, type Member } from './member.ts';
import {
  enterHeir,
  goByNewName,
  type Inherited,
  inherit,
  type Left,
  leave,
  type Renamed,
  type Scene,
} from './stories.ts';

/** Somebody's change, and what comes of it. */
export interface Played<T> {
  readonly one: Member;
  readonly story: Promise<Followed<T>>;
}

/** What comes of every change; all of them are followed at the same time. */
export interface Play {
  /** By the name of the leaving. */
  readonly left: ReadonlyMap<string, Played<Left>>;
  readonly renamed: Played<Renamed>;
  readonly inherited: Readonly<Record<keyof typeof heritages, Played<Inherited>>>;
  /** Somebody who is given another password, `newPassword`, and nothing else. */
  readonly stayer: Member;
}

/** What the one who stays is given. */
export const newPassword = 'another-secret';

/** Let people come in, make every change, one to each of them, and begin to follow them. */
export async function play(at: Leavable, directory: DirectoryName, cast: Cast): Promise<Play> {
  const members = await comeIn(at, cast);
  const stayer = members.get('stayer') as Member;
  if (cast.fallback) await untilWatched(at, cast, stayer);
  await setPassword(at, stayer.dn, newPassword);
  const { follow, allMade } = createFollower(at, directory, cast);

  const begin = async <T, Made>(
    what: Change,
    make: (one: Member) => Promise<Made>,
    story: (scene: Scene, one: Member, made: Made) => Promise<T>,
  ) => {
    const one = members.get(what.name) as Member;
    const made = await make(one);
    return { one, story: follow(what, one, (scene) => story(scene, one, made)) };
  };
  const change = <T>(what: Change, story: (scene: Scene, one: Member) => Promise<T>) =>
    begin(what, (one) => what.change(at, one), story);
  const bequeath = (what: Change, fits: (answer: KeyAnswer, one: Member) => boolean) => {
    const make = async (one: Member) => {
      await what.change(at, one);
      return enterHeir(at, cast.service, one);
    };
    return begin(what, make, (scene, one, heir) => inherit(scene, one, heir, (answer) => fits(answer, one)));
  };

  const left = new Map<string, Played<Left>>();
  for (const one of leavings) left.set(one.name, await change(one, (scene, gone) => leave(scene, gone, one)));
  const played = {
    left,
    renamed: await change(renaming, goByNewName),
    inherited: {
      deletion: await bequeath(heritages.deletion, ({ status }) => status === 401),
      renaming: await bequeath(heritages.renaming, ({ user }, { name }) => user === renamed(name)),
    },
    stayer,
  };
  allMade();
  return played;
}

/** Let somebody sign in for each change, and somebody who stays. */
async function comeIn(at: Leavable, { service, prefix }: Cast): Promise<Map<string, Member>> {
  const members = new Map<string, Member>();
  const changes: Pick<Change, 'name' | 'ownGroup'>[] = [
    ...leavings,
    renaming,
    ...Object.values(heritages),
    { name: 'stayer' },
  ];
  for (const { name, ownGroup } of changes) {
    const full = `${prefix}-${name}`;
    const person = { name: full, mail: `${full}@example.org`, password: `${full}-secret` };
    members.set(name, await enter(at, service, person, ownGroup && `${prefix}-team`));
  }
  return members;
}

/** A change from before the watch began is never seen: after so long there is another, in milliseconds. */
const CHANGED_AGAIN_AFTER_MS = 5_000;

/** Change somebody's email until gateways are told of it, who can know it from the watch alone. */
async function untilWatched(at: Leavable, { service }: Cast, one: Member): Promise<void> {
  let changes = 0;
  const follows = async () => {
    changes += 1;
    const mail = `${one.name}-${changes}@example.org`;
    await replace(at, one.dn, 'mail', mail);
    const told = async () => (await verify(service.url, one.apiKey)).headers.get('remote-email') === mail;
    return until('the email has followed', told, CHANGED_AGAIN_AFTER_MS).then(() => true);
  };
  await until('the directory is watched', follows);
}
