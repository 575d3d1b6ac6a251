import type { Directory, Lockout } from '../../../ports/directory.ts';
import type { FindOptions, People } from './find-person.ts';
import { createLoginName, loginWithin } from './login-name.ts';
import { createPeopleSearch } from './search-people.ts';

/**
 * Make what stands for finding people where there is no service account: the template names them, and only they
 * may read their entries. It asks the directory nothing.
 *
 * Nobody can count whose an email is, so every email that the directory may vouch for counts as one person's:
 * `shared-email` is told of nobody, and the settings warn of it where emails come from an attribute. To count
 * anything else would refuse everybody.
 * @param lockout what the settings say about it: nobody may read what the directory says
 * @throws {Error} where the filter or the template is unusable, or there is no template
 */
export function createUnreadPeople(
  options: FindOptions,
  lockout?: Lockout,
): People & Pick<Directory, 'recheck'> {
  const { id: directoryId, emailDomain } = options;
  const { bindNames } = createPeopleSearch(options);
  if (!bindNames) {
    throw new Error('bindDn (LDAP_BIND_DN): without a service account, userDnTemplate has to name people');
  }
  const loginOf = createLoginName(options);
  return {
    async find(username) {
      const login = loginOf(username);
      const bindName = login === undefined ? undefined : bindNames.of(login);
      if (login === undefined || bindName === undefined) return { refusal: 'unknown-user' };
      return { unread: { directoryId, bindName, username: login }, ...(lockout && { lockout }) };
    },
    countByEmail: async (email) =>
      emailDomain === undefined || loginWithin(email, [emailDomain]) !== undefined ? 1 : 0,
    countByUsername: async () => 1,
    recheck: async () => 'cannot-tell',
    list: async () => [],
  };
}
