import { Attribute, Change, Client, ResultCodeError } from 'ldapts';
import type { OpenLdap } from '../support/open-ldap.ts';
import { loadName } from '../support/people.ts';
import { type Person, STAFF } from './people.ts';
import { persist } from './persist.ts';

/** What an administrator of the directory does. Each is done again until the server, which may be away, has done it. */
export interface DirectoryChanges {
  disable(person: Person, isDisabled: boolean): Promise<void>;
  /** Put somebody into the required group, or take them out. */
  belong(person: Person, isMember: boolean): Promise<void>;
  /** Give somebody another login name, and the email that goes with it. */
  rename(person: Person, name: string): Promise<void>;
}

/** Results that say that it was done the time before: attributeOrValueExists, noSuchAttribute. */
const DONE = new Set([20, 16]);

/** Make changes as the administrator, past the proxies. */
export function createDirectoryChanges({ url, adminDn, adminPassword }: OpenLdap): DirectoryChanges {
  const modify = async (dn: string, ...changes: Change[]) => {
    const client = new Client({ url, connectTimeout: 2_000, timeout: 2_000 });
    try {
      await client.bind(adminDn, adminPassword);
      await client.modify(dn, changes);
    } catch (failure) {
      if (!(failure instanceof ResultCodeError && DONE.has(failure.code))) throw failure;
    } finally {
      await client.unbind().catch(() => {});
    }
  };
  const change = (operation: Change['operation'], type: string, ...values: string[]) =>
    new Change({ operation, modification: new Attribute({ type, values }) });
  return {
    disable: ({ dn }, isDisabled) =>
      persist('disable somebody', () =>
        modify(dn, change('replace', 'shadowExpire', ...(isDisabled ? ['1'] : []))),
      ),
    belong: ({ dn }, isMember) =>
      persist('change a group', () => modify(STAFF, change(isMember ? 'add' : 'delete', 'member', dn))),
    rename: ({ dn }, name) =>
      persist('rename somebody', () =>
        modify(dn, change('replace', 'uid', name), change('replace', 'mail', `${name}@example.org`)),
      ),
  };
}

/** Another name of somebody, and the first one again. */
export function otherName({ dn, name }: Person): string {
  const number = Number(/\d+/.exec(dn)?.[0]);
  return name === loadName(number) ? `renamed${number}` : loadName(number);
}
