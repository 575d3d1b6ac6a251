import {
  createLdapDirectory,
  type LdapDirectoryOptions,
} from '../../../../src/adapters/ldap/ldap-directory.ts';
import type { Principal } from '../../../../src/ports/principal.ts';
import type { LdapRequest } from '../../../support/ldap-message.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { startRecordingRelay } from '../../../support/recording-relay.ts';
import { ldapOptions } from '../options.ts';

/** What came of finding somebody and asking about a password, and what that cost the directory. */
export type SignedIn = {
  readonly principal?: Principal;
  readonly isDisabled?: true;
  readonly refusal?: string;
  /** What was bound as, but for the service account, in order. */
  readonly binds: readonly string[];
  /** The requests of each connection. */
  readonly requests: readonly (readonly LdapRequest[])[];
};

/** Find somebody and ask about the password as the domain does, over a directory and a relay of its own. */
export async function signInOver(
  server: { readonly port: number },
  options: Partial<LdapDirectoryOptions>,
  username: string,
  password: string,
): Promise<SignedIn> {
  await using relay = await startRecordingRelay(server);
  const all = ldapOptions({ urls: [`ldap://127.0.0.1:${relay.port}`], ...options });
  await using directory = createLdapDirectory(all, recordingLog());
  const told = (outcome: object): SignedIn => ({
    ...outcome,
    binds: relay.binds().filter((name) => name !== all.bindDn),
    requests: relay.connections().map((connection) => [...connection]),
  });
  const found = await directory.find(username);
  if ('refusal' in found) return told(found);
  const person = 'unread' in found ? found.unread : found.principal;
  const verified = await directory.verifyPassword(person, password);
  return told(
    'principal' in verified && 'isDisabled' in found ? { ...verified, isDisabled: true } : verified,
  );
}
