import type { Directory, Found } from '../../ports/directory.ts';
import type { CheckedDirectory } from '../directory/check-directory.ts';
import { reasonOf } from '../reason.ts';
import type { Look, Walk } from '../step.ts';
import { type KnownPerson, lookForPerson } from './look-for-person.ts';

/**
 * Look for somebody in each directory that can be searched, then in all of them as the service does.
 * @param asOne all directories as one
 * @returns `undefined` where the name is nobody's
 */
export async function findAmong(
  walk: Walk,
  directories: readonly CheckedDirectory[],
  asOne: Directory,
  username: string,
): Promise<KnownPerson | undefined> {
  const isOnly = directories.length === 1;
  const found: KnownPerson[] = [];
  for (const { opened: one, isReached, namingContexts } of directories) {
    const place = { directory: one.id };
    if (!isReached) walk.skip('search', place, 'no server of the directory can be used');
    else {
      const here = await walk.step('search', place, () =>
        lookForPerson(one, username, { isOnly, namingContexts }),
      );
      if (here) found.push(here);
    }
  }
  if (isOnly) return found[0];
  return walk.step('which directory', {}, async () => {
    try {
      return whichOf(await asOne.find(username));
    } catch (failure) {
      return {
        status: 'failed',
        seen: reasonOf(failure),
        fix: 'the person may be in the directory that does not answer: see its steps',
      };
    }
  });
}

function whichOf(found: Found): Look<KnownPerson> {
  if (!('refusal' in found)) {
    const { directoryId } = 'principal' in found ? found.principal : found.unread;
    return { status: 'ok', seen: `the person is that of ${directoryId}`, value: found };
  }
  return {
    status: 'failed',
    seen: found.refusal,
    fix:
      found.refusal === 'ambiguous'
        ? 'emailDomains: a domain for each directory, so that an email decides; a login name that two directories know is nobody’s'
        : 'no directory knows the name; userFilter (LDAP_USER_FILTER), userBase (LDAP_USER_BASE) of the one that should',
  };
}
