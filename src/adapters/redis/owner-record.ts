import type { Owner } from '../../ports/account-store.ts';
import { parseJson } from './parse-json.ts';

/**
 * An owner as it is kept: a JSON list in ASCII, so that it may be cut anywhere. Names of fields, and the email a second
 * time, would take a third of an account's room.
 */
export function ownerText(owner: Owner): string {
  const { username, email, emailIsShared, emails, fullName, groups, formerNames } = owner;
  const at = emails.indexOf(email);
  const parts = [username, at < 0 ? email : at, fullName, emails, groups, formerNames];
  return inAscii(JSON.stringify(emailIsShared ? [...parts, true] : parts));
}

/** The owner of a text that `ownerText` gave; `undefined`: it gave none such. */
export function readOwner(text: string): Owner | undefined {
  const value = parseJson(text);
  if (!Array.isArray(value)) return undefined;
  const [username, at, fullName, emails, groups, formerNames, emailIsShared]: unknown[] = value;
  if (!isText(username) || !isText(fullName) || !isList(emails) || !isList(groups) || !isList(formerNames))
    return undefined;
  const email = typeof at === 'number' ? emails[at] : at;
  if (!isText(email) || !(emailIsShared === undefined || emailIsShared === true)) return undefined;
  const owner = { username, email, emails, fullName, groups, formerNames };
  return emailIsShared ? { ...owner, emailIsShared } : owner;
}

function inAscii(json: string): string {
  return json.replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}
