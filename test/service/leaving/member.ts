import type { ServiceProcess } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';
import { signIn, verify } from '../stack.ts';
import type { Person } from './cases.ts';
import { addGroup, addPerson, type Leavable, member, type NewPerson } from './leavable.ts';

/** Somebody who may come in, and has a key. */
export interface Member extends Person, NewPerson {
  readonly apiKey: string;
  readonly userId: number;
}

/** What a service says of a key: to a gateway, and to whom it is said to belong. */
export interface KeyAnswer {
  readonly status: number;
  /** `Remote-User` and `X-Auth-User-Id`; `undefined` where the key is refused. */
  readonly user: string | undefined;
  readonly userId: number | undefined;
}

/** The group that everybody is in; the required one holds it. */
const HELD_GROUP = 'developers';

/** Add somebody to the directory and let them sign in. @param ownGroup a group to make for them alone */
export async function enter(
  at: Leavable,
  service: ServiceProcess,
  person: NewPerson,
  ownGroup?: string,
): Promise<Member> {
  const dn = await addPerson(at, person);
  if (ownGroup === undefined) await member(at, HELD_GROUP, 'add', dn);
  else await member(at, 'staff', 'add', await addGroup(at, ownGroup, dn));
  const { status, text, apiKey, userId } = await signIn(service.url, person.name, person.password);
  if (status !== 200 || userId === undefined) throw new Error(`${person.name} is not let in: ${text}`);
  return { ...person, dn, group: ownGroup ?? HELD_GROUP, apiKey, userId };
}

/** Ask about a key as a gateway does. */
export async function ask({ url }: ServiceProcess, apiKey: string): Promise<KeyAnswer> {
  const { status, headers } = await verify(url, apiKey);
  const id = headers.get('x-auth-user-id');
  return {
    status,
    user: headers.get('remote-user') ?? undefined,
    userId: id === null ? undefined : Number(id),
  };
}

/** Ask for one's own profile as Zulip's clients do. */
export async function askForMe({ url }: ServiceProcess, name: string, apiKey: string) {
  const Authorization = `Basic ${Buffer.from(`${name}:${apiKey}`).toString('base64')}`;
  const response = await fetch(`${url}/api/v1/users/me`, { headers: { Authorization } });
  const { code, msg, user_id } = (await response.json()) as Record<string, unknown>;
  return { status: response.status, code, msg, user_id };
}

/** The reason in the log of this service for an account's suspension. */
export function reasonOf(service: ServiceProcess, userId: number): Promise<unknown> {
  return until('the suspension is in the log', () => {
    const line = service
      .logs()
      .findLast((one) => one['audit'] === 'account-suspended' && one['userId'] === userId);
    return line?.['reason'] as string | undefined;
  });
}
