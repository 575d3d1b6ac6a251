import { hasServiceAccount } from './directory-checks.ts';
import type { Fault } from './fault.ts';
import { isText, isTree, textsIn, valueAt } from './tree.ts';

/**
 * The faults that no directory has by itself: what holds among several, and between them and other settings.
 * It is told beside the faults of single settings, so it meets values of any kind and passes over what it
 * cannot read.
 * @param directories the directories' settings, complete and not yet checked
 * @param maxAge the setting `keys.maxAge`; null where it is not set
 */
export function faultsAcrossDirectories(directories: readonly unknown[], maxAge: unknown): Fault[] {
  const isAgeNeeded = directories.some(isWithoutServiceAccount) && (maxAge ?? null) === null;
  return [
    ...(directories.length > 1 ? [...emailDomainFaults(directories), ...nameFaults(directories)] : []),
    ...directories.flatMap(madeEmailFaults),
    ...(isAgeNeeded ? [AGE_FAULT] : []),
  ];
}

const AGE_FAULT: Fault = {
  path: ['keys', 'maxAge'],
  message:
    'missing; people of a directory without a service account cannot be checked again: write such as 30d',
};

/** Entries of such a directory can be read by their owners only, so that nobody learns who has left. */
function isWithoutServiceAccount(directory: unknown): boolean {
  const hasTemplate = textAt(directory, 'userDnTemplate') !== undefined;
  return hasTemplate && isTree(directory) && !hasServiceAccount(directory);
}

/**
 * What is allowed and an operator should know of: who else has an email cannot be asked without a service
 * account, so nobody is refused for one that is shared. Emails that are made of login names are nobody else's.
 * @param directories as for the faults
 */
export function warningsAcrossDirectories(directories: readonly unknown[]): Fault[] {
  const message =
    'not set, and without a service account nobody sees whether two people have one email: set it, unless only administrators can change emails';
  return directories.flatMap((directory, at) =>
    isWithoutServiceAccount(directory) && textAt(directory, 'emailDomain') === undefined
      ? [{ path: ['directories', at, 'emailDomain'], message }]
      : [],
  );
}

function emailDomainFaults(directories: readonly unknown[]): Fault[] {
  const owners = new Map<string, number>();
  return directories.flatMap((directory, at) => {
    const domains = listAt(directory, 'emailDomains');
    const path = ['directories', at, 'emailDomains'];
    if (domains.length === 0) {
      const message =
        'missing; with several directories, list the domains whose emails this one may vouch for';
      return [{ path, message }];
    }
    return domains.flatMap((domain, position) => {
      const owner = owners.get(fold(domain)) ?? at;
      owners.set(fold(domain), owner);
      const message = `belongs to directories[${owner}] already; name a domain in one directory only`;
      return owner === at ? [] : [{ path: [...path, position], message }];
    });
  });
}

/** Emails that are made of the login name would all be those of a foreign domain. */
function madeEmailFaults(directory: unknown, at: number): Fault[] {
  const made = textAt(directory, 'emailDomain');
  const own = listAt(directory, 'emailDomains').map(fold);
  if (made === undefined || own.length === 0 || own.includes(fold(made))) return [];
  const message = 'not among emailDomains, so that nobody would have an email; name it there too';
  return [{ path: ['directories', at, 'emailDomain'], message }];
}

/** The default tells people apart by itself. */
const DEFAULT_FORM = '{username}@{directory}';

/** What gateways call people must tell apart two of one login name. */
function nameFaults(directories: readonly unknown[]): Fault[] {
  const forms = directories.map((directory) => textAt(directory, 'remoteUser') ?? DEFAULT_FORM);
  const ends = directories.map((one, at) => endsOf(forms[at] ?? '', textAt(one, 'id') ?? ''));
  const isPlain = forms.map((form) => !form.includes('{directory}'));
  const plain = isPlain.indexOf(true);
  return directories.flatMap((_directory, at) => {
    const path = ['directories', at, 'remoteUser'];
    if (isPlain[at]) {
      const message = `has no {directory}, like directories[${plain}]; write such as ${DEFAULT_FORM}`;
      return at === plain ? [] : [{ path, message }];
    }
    const other = ends.findIndex(
      (one, before) => before < at && !isPlain[before] && mayBeOne(one, ends[at] ?? one),
    );
    const message = `may name somebody as directories[${other}] does; write such as ${DEFAULT_FORM}`;
    return other === -1 ? [] : [{ path, message }];
  });
}

type Ends = readonly [start: string, end: string];

/** What stands before the first `{username}` and after the last one. */
function endsOf(form: string, id: string): Ends {
  const parts = form.replaceAll('{directory}', id).split('{username}');
  return [parts.at(0) ?? '', parts.at(-1) ?? ''];
}

/** Whether some name could begin and end as both say. */
function mayBeOne([start, end]: Ends, [otherStart, otherEnd]: Ends): boolean {
  const isStart = start.startsWith(otherStart) || otherStart.startsWith(start);
  return isStart && (end.endsWith(otherEnd) || otherEnd.endsWith(end));
}

function textAt(directory: unknown, setting: string): string | undefined {
  const value = valueAt(directory, [setting]);
  return isText(value) ? value : undefined;
}

function listAt(directory: unknown, setting: string): string[] {
  return textsIn(valueAt(directory, [setting]));
}

function fold(domain: string): string {
  return domain.normalize('NFC').toLowerCase();
}
