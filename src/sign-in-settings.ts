import type { Config } from './config/config.ts';
import { type CanonicalName, createCanonicalName } from './keys/canonical-name.ts';
import type { Budget } from './ports/attempt-counter.ts';

/** The budget of failed sign-ins of one person, and its part for familiar addresses. */
export function personBudget({ limits }: Config): Budget {
  const { perUsername, familiar } = limits;
  return {
    ...budgetOf(perUsername),
    familiar: { attempts: familiar.attempts, rememberMs: familiar.remember },
  };
}

/** The budget of failed sign-ins from one client address. */
export function addressBudget({ limits }: Config): Budget {
  return budgetOf(limits.perAddress);
}

function budgetOf({ attempts, window }: Config['limits']['perAddress']): Budget {
  return { attempts, windowMs: window };
}

/** What all spellings of a name share, by the email and login domains of the directories. */
export function canonicalName({ directories }: Config): CanonicalName {
  return createCanonicalName(
    directories.flatMap((one) =>
      one.kind === 'ldap' ? [...one.loginDomains, ...(one.emailDomain ? [one.emailDomain] : [])] : [],
    ),
  );
}
