import { fillDnTemplate } from '../distinguished-name.ts';
import { isBelow, normalDn } from '../groups/normal-dn.ts';

/** How a template turns login names into what is bound as. */
export interface BindNames {
  /** Whether they are DNs: then the entry can be read there. Else it has to be searched for. */
  readonly areDns: boolean;
  /** What a person of this login name is bound as; `undefined`: nobody can have such a login name. */
  readonly of: (login: string) => string | undefined;
  /** Whether a DN is that of some login name. Throws where the text is no DN. */
  readonly isOne: (dn: string) => boolean;
}

const PLACEHOLDER = '{username}';
const UPN = /^\{username\}@[^@\\/\s]+$/;
const DOWN_LEVEL = /^[^@\\/\s]+\\\{username\}$/;

/** Of a DN as `normalDn` writes it. */
const PART_OF_VALUE = '(?:\\\\.|[^\\\\,+])+';

/**
 * What would make another form of name of it: Active Directory tries a text as a DN, as `user@domain`, as
 * `DOMAIN\user`, as a canonical name (with `/` and line feeds) and more ([MS-ADTS] 5.1.1.1.1), and it cuts a
 * name at a NUL.
 */
const SEPARATOR = /[@\\/\p{Cc}]/u;

/**
 * Read a template of bind names: a DN below the base, or `{username}@corp.example` or `CORP\{username}` as
 * Active Directory takes them.
 * @throws {Error} where it is none of these, or its DN is not below `userBase`
 */
export function createBindNames(template: string, userBase: string): BindNames {
  if (UPN.test(template) || DOWN_LEVEL.test(template)) {
    return {
      areDns: false,
      of: (login) => (isPlain(login) ? template.replace(PLACEHOLDER, () => login) : undefined),
      isOne: () => false,
    };
  }
  if (!isDnBelow(template, userBase)) {
    throw fault(`no DN below userBase; write such as uid=${PLACEHOLDER},${userBase}`);
  }
  return {
    areDns: true,
    of: (login) => (login === '' ? undefined : fillDnTemplate(template, login)),
    isOne: createIsFilled(template),
  };
}

/** Make what tells whether a DN is the template with any one value in the place of each `{username}`. */
function createIsFilled(template: string): (dn: string) => boolean {
  const [before = '', ...behind] = normalDn(template).split(PLACEHOLDER).map(literally);
  const filled = new RegExp(`^${before}(?<login>${PART_OF_VALUE})${behind.join('\\k<login>')}$`);
  return (dn) => filled.test(normalDn(dn));
}

/** @throws {Error} where the service account makes a template of this form useless */
export function demandDns(names: BindNames | undefined): void {
  if (!names || names.areDns) return;
  throw fault(
    `names that are no DNs are for binding without a service account, which this directory has: leave it away, or write a DN such as uid=${PLACEHOLDER},ou=people,dc=example,dc=org`,
  );
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** In any form that the directory might take for it: NFKC makes separators of their wide and small forms. */
function isPlain(login: string): boolean {
  return login !== '' && !SEPARATOR.test(login.normalize('NFKC'));
}

function isDnBelow(template: string, userBase: string): boolean {
  if (!template.includes(PLACEHOLDER)) return false;
  try {
    return isBelow(template, userBase);
  } catch (cause) {
    throw fault(
      `it and userBase must be DNs; write such as uid=${PLACEHOLDER},ou=people,dc=example,dc=org`,
      cause,
    );
  }
}

function fault(message: string, cause?: unknown): Error {
  return new Error(`userDnTemplate (LDAP_USER_DN_TEMPLATE): ${message}`, { cause });
}
