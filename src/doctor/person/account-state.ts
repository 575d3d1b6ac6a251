import { hasEmail } from '../../auth/has-email.ts';
import type { LdapSettings } from '../../open-directory.ts';
import type { Directory } from '../../ports/directory.ts';
import type { Principal } from '../../ports/principal.ts';
import { reasonOf } from '../reason.ts';
import type { Look } from '../step.ts';

/** What the settings demand of a person's emails. */
export interface EmailRules {
  readonly allowSharedEmails: boolean;
  readonly requireEmailFormatUsernames: boolean;
}

/** Whether the entry says that its person is out. */
export function lookAtState(isDisabled: boolean, settings: LdapSettings | undefined): Look<true> {
  const rules = Object.entries(settings?.disabledBy ?? {}).flatMap(([name, rule]) =>
    rule === 'none' ? [] : [name],
  );
  const by = rules.length > 0 ? ` (disabledBy: ${rules.join(', ')})` : '';
  if (!isDisabled) return { status: 'ok', seen: `not disabled${by}`, value: true };
  return {
    status: 'failed',
    seen: `disabled or expired${by}`,
    fix: 'enable the account in the directory; disabledBy, where its rule reads the attribute wrongly',
  };
}

/**
 * Whether the person has an email that an account can carry.
 * @param directory all directories as one
 * @param typed the name as it was typed
 */
export async function lookAtEmails(
  directory: Pick<Directory, 'countByEmail'>,
  principal: Principal,
  typed: string,
  { allowSharedEmails, requireEmailFormatUsernames }: EmailRules,
): Promise<Look<true>> {
  const [email] = principal.emails;
  if (email === undefined) {
    return {
      status: 'failed',
      seen: 'no email that this directory may vouch for, and nobody comes in without one',
      fix: 'emailAttribute (LDAP_EMAIL_ATTRIBUTE): the attribute that holds it; emailDomain (LDAP_EMAIL_DOMAIN): the domain, where it is login name and domain; emailDomains, where it leaves the email’s domain out',
    };
  }
  if (requireEmailFormatUsernames && !hasEmail(principal, typed)) {
    return {
      status: 'failed',
      seen: `${typed} is no email of this person, and emails alone are taken for usernames`,
      fix: `sign in as ${email}, or requireEmailFormatUsernames (REQUIRE_EMAIL_FORMAT_USERNAMES) false`,
    };
  }
  try {
    const isShared = (await directory.countByEmail(email)) > 1;
    if (!isShared) return { status: 'ok', seen: `${email} is this person’s alone`, value: true };
    const seen = `${email} is another entry’s too`;
    const fix =
      'give each entry an email of its own; allowSharedEmails: true lets them in, without an email for gateways';
    return allowSharedEmails
      ? { status: 'warning', seen, fix, value: true }
      : { status: 'failed', seen, fix };
  } catch (failure) {
    return {
      status: 'failed',
      seen: reasonOf(failure),
      fix: 'every directory must answer before an email is known to be one person’s alone',
    };
  }
}
