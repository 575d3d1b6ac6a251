import { NoSuchObjectError } from 'ldapts';
import type { Log } from '../../../ports/log.ts';
import type { GroupSearch } from './group-look-up.ts';

/** Logs that the group is not there. Never throws: the decision does not depend on it. */
export type TellMissing = (directory: string, dn: string) => Promise<void>;

/** Make what looks, when first somebody is refused for not being in a group, whether there is such a group. */
export function createTellMissing(search: GroupSearch, log: Log): TellMissing {
  let isAsked = false;
  return async (directory, group) => {
    if (isAsked) return;
    isAsked = true;
    try {
      await search(group, { scope: 'base', attributes: ['1.1'] });
    } catch (failure) {
      isAsked = failure instanceof NoSuchObjectError;
      if (!isAsked) return;
      log.warn(
        { directory, group },
        'the group of requiredGroup does not exist, or the service account may not read it: everybody is refused',
      );
    }
  };
}
