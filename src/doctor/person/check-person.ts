import { readUsername } from '../../auth/username.ts';
import type { Config } from '../../config/config.ts';
import type { LdapSettings } from '../../open-directory.ts';
import type { Principal } from '../../ports/principal.ts';
import { personBudget } from '../../sign-in-settings.ts';
import type { CheckedDirectory } from '../directory/check-directory.ts';
import type { Opened, OpenedDirectory } from '../opened.ts';
import type { Look, Walk } from '../step.ts';
import { lookAtEmails, lookAtState } from './account-state.ts';
import { findAmong } from './find-among.ts';
import { lookAtGroups } from './groups.ts';
import { lookAtIdLookUp } from './id-look-up.ts';
import { lookAtLockout } from './lockout.ts';
import type { KnownPerson } from './look-for-person.ts';
import { lookAtPassword } from './person-bind.ts';

/** Whose sign-in is tried. */
export interface Asked {
  readonly username: string;
  /** `undefined`: no bind is made as the person. */
  readonly password: string | undefined;
}

/** Everything that the steps about a person rest on. */
export interface PersonParts {
  readonly walk: Walk;
  readonly config: Config;
  readonly opened: Opened;
  readonly directories: readonly CheckedDirectory[];
  /** Whether a text is one of our API keys: such a password must never reach a directory. */
  readonly isApiKey: (text: string) => boolean;
}

/** A name that is never searched for. */
const UNFIT: Look<never> = {
  status: 'failed',
  seen: 'not searched for: the name is empty, longer than 256 characters, or has invisible characters',
  fix: '--user: a login name or an email',
};

/**
 * Walk through one person's sign-in.
 * @returns whether it would work, as far as it was tried
 */
export async function checkPerson(parts: PersonParts, asked: Asked): Promise<boolean> {
  const { walk } = parts;
  const username = readUsername(asked.username);
  const known =
    username === undefined
      ? await walk.step('search', {}, async () => UNFIT)
      : await findAmong(walk, parts.directories, parts.opened.asOne, username);
  if (username === undefined || !known) {
    walk.skip('bind', {}, 'nobody was found to bind as');
    return false;
  }
  return 'unread' in known
    ? checkUnread(parts, known, { ...asked, username })
    : checkFound(parts, known, { ...asked, username });
}

async function checkFound(
  parts: PersonParts,
  known: Extract<KnownPerson, { principal: Principal }>,
  { username, password }: Asked,
): Promise<boolean> {
  const { walk, config, opened } = parts;
  const { principal, isDisabled, lockout } = known;
  const place = { directory: principal.directoryId };
  const one = opened.each.find(({ id }) => id === principal.directoryId);
  const settings = config.directories.find(({ id }) => id === principal.directoryId);
  const ldap: LdapSettings | undefined = settings?.kind === 'ldap' ? settings : undefined;

  const mayComeIn = [
    await walk.step('emails', place, () => lookAtEmails(opened.asOne, principal, username, config)),
    await walk.step('account', place, async () => lookAtState(isDisabled === true, ldap)),
    await isAdmitted(parts, one, principal),
  ].every((fine) => fine);
  const isProven = await checkPassword(parts, principal, password, mayComeIn);
  if (one?.ldap) {
    const { connections, options } = one.ldap;
    await walk.step('id look-up', place, () => lookAtIdLookUp(connections, options, principal));
    await walk.step('lockout', place, async () => lookAtLockout(personBudget(config), lockout));
  }
  return mayComeIn && isProven;
}

/** Whether the groups let the person in; where none decide, everybody. */
async function isAdmitted(
  { walk }: PersonParts,
  one: OpenedDirectory | undefined,
  principal: Principal,
): Promise<boolean> {
  const ldap = one?.ldap;
  const groups = ldap?.options.groups;
  if (!one || !ldap || !groups) return true;
  const { connections, options } = ldap;
  const asked = { directory: one.directory, connections, groups, userBase: options.userBase };
  return walk.noneFails(() =>
    walk.step('groups', { directory: one.id }, () => lookAtGroups(asked, principal)),
  );
}

/** The bind, where nothing is against it; `true` too where no password was given. */
async function checkPassword(
  { walk, opened, isApiKey }: PersonParts,
  person: Principal,
  password: string | undefined,
  mayComeIn: boolean,
): Promise<boolean> {
  const place = { directory: person.directoryId };
  if (password === undefined) {
    walk.skip('bind', place, 'no password was given (--password-stdin)');
    return true;
  }
  if (!mayComeIn) {
    walk.skip('bind', place, 'a step before it failed: no bind was made');
    return false;
  }
  const proven = await walk.step('bind', place, () =>
    lookAtPassword(opened.asOne, person, password, isApiKey),
  );
  return proven !== undefined;
}

/** Somebody who can be read as themselves only, and so after the bind. */
async function checkUnread(
  parts: PersonParts,
  { unread, lockout }: Extract<KnownPerson, { unread: unknown }>,
  { username, password }: Asked,
): Promise<boolean> {
  const { walk, config, opened, isApiKey } = parts;
  const place = { directory: unread.directoryId };
  if (password === undefined) {
    walk.skip('bind', place, 'no password was given (--password-stdin), and without it nothing is known');
    return false;
  }
  const principal = await walk.step('bind', place, () =>
    lookAtPassword(opened.asOne, unread, password, isApiKey),
  );
  await walk.step('lockout', place, async () => lookAtLockout(personBudget(config), lockout));
  if (!principal) return false;
  const fine = await walk.step('emails', place, () =>
    lookAtEmails({ countByEmail: async () => 1 }, principal, username, config),
  );
  return fine === true;
}
