import type { Account } from '../ports/account-store.ts';

/** What a gateway is told as the name of an account's owner, before it is written as a header. */
export type RemoteUser = (account: Pick<Account, 'directoryId' | 'owner'>) => string;

/** A form that tells the people of all directories apart, since no directory's id has an `@`. */
const WITH_DIRECTORY = '{username}@{directory}';

/**
 * Fill in the template of the account's directory. An account of a directory that is no longer configured gets
 * `{username}@{directory}`, so that it never passes for one of those that are.
 *
 * Where a template has no `{directory}`, a login name could be spelled as another directory's people are
 * called; then that form is used for it, too.
 * @param templates by directory id, every configured directory; with `{username}`, and `{directory}` for its
 * id; `undefined`: `{username}` for a single directory, else `{username}@{directory}`
 */
export function createRemoteUser(templates: ReadonlyMap<string, string | undefined>): RemoteUser {
  const isSingle = templates.size === 1;
  const forms = new Map(
    [...templates].map(([id, template]) => {
      const form = template ?? (isSingle ? '{username}' : WITH_DIRECTORY);
      return [id, { form, isPlain: !form.includes('{directory}') }] as const;
    }),
  );
  const reserved = [...forms].filter(([, { isPlain }]) => !isPlain).map(([id, { form }]) => endsOf(form, id));
  return ({ directoryId, owner: { username } }) => {
    const { form, isPlain } = forms.get(directoryId) ?? { form: WITH_DIRECTORY, isPlain: false };
    const name = fill(form, username, directoryId);
    const isTaken = isPlain && reserved.some(([start, end]) => name.startsWith(start) && name.endsWith(end));
    return isTaken ? fill(WITH_DIRECTORY, username, directoryId) : name;
  };
}

/** Both at once, so that a login name with braces is never a template itself. */
function fill(form: string, username: string, directory: string): string {
  if (form === '{username}') return username;
  return form.replace(/\{(username|directory)\}/g, (_all, name) =>
    name === 'username' ? username : directory,
  );
}

/** What stands before the first `{username}` and after the last one. */
function endsOf(form: string, id: string): readonly [string, string] {
  const filled = form.replaceAll('{directory}', id).split('{username}');
  return [filled.at(0) ?? '', filled.at(-1) ?? ''];
}
