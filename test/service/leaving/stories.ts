import type { ServiceProcess } from '../../support/service-process.ts';
import { PATIENCE_MS, until } from '../../support/until.ts';
import { signIn } from '../stack.ts';
import { type Leaving, renamed } from './cases.ts';
import { addPerson, type Leavable, member, type NewPerson } from './leavable.ts';
import { ask, askForMe, type KeyAnswer, type Member, reasonOf } from './member.ts';

/** Where the story of a change is played. */
export interface Scene {
  readonly at: Leavable;
  /** Who is asked about keys. */
  readonly service: ServiceProcess;
  /** When it began, by `performance.now()`. */
  readonly since: number;
}

/** What came of a change that kills a key. */
export interface Left {
  /** From the change to the first refusal, in milliseconds. */
  readonly tookMs: number;
  /** Every status that the key was answered with until then. */
  readonly statuses: readonly number[];
  /** What a Zulip client is told, and what the log says. */
  readonly me: object;
  readonly reason: unknown;
  /** From the change back to the first acceptance, and what a sign-in gives then; `undefined`: there is no way back. */
  readonly back: { readonly tookMs: number; readonly apiKey: string; readonly userId: unknown } | undefined;
}

/** Ask until the answer fits; gives how long after the change it did, in milliseconds, and all answers. */
async function askUntil(
  { service, since }: Scene,
  { name, apiKey }: Member,
  fits: (answer: KeyAnswer) => boolean,
): Promise<{ tookMs: number; answers: KeyAnswer[] }> {
  const answers: KeyAnswer[] = [];
  const asked = async () => {
    const answer = await ask(service, apiKey);
    answers.push(answer);
    return fits(answer);
  };
  await until(`the key of ${name} is answered as it should be`, asked, PATIENCE_MS, () => answers.at(-1));
  return { tookMs: performance.now() - since, answers };
}

/** What follows once somebody has left: their key is refused; they are let back in, and it is good again. */
export async function leave(scene: Scene, gone: Member, { back }: Leaving): Promise<Left> {
  const { at, service } = scene;
  const { tookMs, answers } = await askUntil(scene, gone, ({ status }) => status === 401);
  const told = {
    statuses: [...new Set(answers.map(({ status }) => status))],
    me: await askForMe(service, gone.name, gone.apiKey),
    reason: await reasonOf(service, gone.userId),
  };
  if (!back) return { tookMs, ...told, back: undefined };
  await back(at, gone);
  const since = performance.now();
  const returned = await askUntil({ ...scene, since }, gone, ({ status }) => status === 200);
  const { apiKey, userId } = await signIn(service.url, gone.name, gone.password);
  return { tookMs, ...told, back: { tookMs: returned.tookMs, apiKey, userId } };
}

/** What came of a change of the login name: when gateways were told, what they were told, and of a sign-in by it. */
export interface Renamed {
  readonly tookMs: number;
  readonly answer: KeyAnswer | undefined;
  readonly apiKey: string;
}

/** What follows once somebody has another login name: the key goes by it. */
export async function goByNewName(scene: Scene, one: Member): Promise<Renamed> {
  const name = renamed(one.name);
  const { tookMs, answers } = await askUntil(scene, one, ({ user }) => user === name);
  const { apiKey } = await signIn(scene.service.url, name, one.password);
  return { tookMs, answer: answers.at(-1), apiKey };
}

/** What came of giving a login name to somebody new. */
export interface Inherited {
  readonly tookMs: number;
  /** Every account that the old key was taken for, and the last answer about it. */
  readonly takenFor: readonly unknown[];
  readonly last: KeyAnswer | undefined;
  /** What the old key is answered beside the name, and the new one alone. */
  readonly oldKeyByName: object;
  readonly newKey: KeyAnswer;
  readonly heir: Member;
}

/** Give the login name to somebody new, who signs in with it at once. */
export async function enterHeir(at: Leavable, service: ServiceProcess, before: Member): Promise<Member> {
  const person: NewPerson = {
    name: before.name,
    mail: `heir-${before.mail}`,
    password: `heir-${before.password}`,
  };
  // OpenLDAP brings groups up to date a moment after the entry.
  await until('no group holds the entry that was', async () => {
    const { searchEntries } = await at.admin.search(at.groupDn(before.group), { scope: 'base' });
    return !String(searchEntries[0]?.['member']).includes(before.dn);
  });
  const dn = await addPerson(at, person);
  await member(at, before.group, 'add', dn);
  const { status, text, apiKey, userId } = await signIn(service.url, person.name, person.password);
  if (status !== 200 || userId === undefined) throw new Error(`the heir is not let in: ${text}`);
  return { ...before, ...person, apiKey, userId };
}

/** What follows once somebody else has the login name: the old key is answered as `fits` says, and is never theirs. */
export async function inherit(
  scene: Scene,
  before: Member,
  heir: Member,
  fits: (answer: KeyAnswer) => boolean,
): Promise<Inherited> {
  const { tookMs, answers } = await askUntil(scene, before, fits);
  return {
    tookMs,
    takenFor: [...new Set(answers.map(({ userId }) => userId).filter((id) => id !== undefined))],
    last: answers.at(-1),
    oldKeyByName: await askForMe(scene.service, before.name, before.apiKey),
    newKey: await ask(scene.service, heir.apiKey),
    heir,
  };
}
