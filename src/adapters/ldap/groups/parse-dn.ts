/** One attribute of a relative distinguished name: its type as written, its value unescaped. */
export interface NamePart {
  readonly type: string;
  readonly value: string;
}

/** A relative distinguished name: one attribute, or several that are joined by `+`. */
export type Rdn = readonly NamePart[];

const TYPE = / *([A-Za-z][\w-]*|\d+(?:\.\d+)*) *= */y;
/** RFC 4514, 3, and unescaped what is allowed in the middle of a value; the last space is not the value's. */
const STRING = /(?:\\[0-9A-Fa-f]{2}|\\[^0-9A-Fa-f]|[^\\",;+])*/uy;
/** RFC 2253, 4 (what LDAPv2 wrote): still to be met in settings. */
const QUOTED = /"((?:\\[0-9A-Fa-f]{2}|\\[^0-9A-Fa-f]|[^\\"])*)" */uy;
const HEX = /#((?:[0-9A-Fa-f]{2})+) */y;

/**
 * Read a distinguished name (RFC 4514, 3; RFC 2253's quotes and semicolons are understood too).
 * @returns its RDNs, the entry's own first; none for the empty DN
 * @throws {Error} where the text is no DN
 */
export function parseDn(text: string): readonly Rdn[] {
  if (/^ *$/.test(text)) return [];
  const rdns: Rdn[] = [];
  let rdn: NamePart[] = [];
  for (let at = 0; ; at += 1) {
    const { end, ...part } = readPart(text, at);
    rdn.push(part);
    at = end;
    if (text[at] === '+') continue;
    rdns.push(rdn);
    rdn = [];
    if (at === text.length) return rdns;
    if (text[at] !== ',' && text[at] !== ';') throw fault(text);
  }
}

function readPart(text: string, start: number): NamePart & { readonly end: number } {
  const [type, at] = match(TYPE, text, start) ?? [];
  if (type === undefined || at === undefined) throw fault(text);
  const [hex, afterHex] = match(HEX, text, at) ?? [];
  if (hex !== undefined && afterHex !== undefined) return { type, value: berText(text, hex), end: afterHex };
  const [quoted, afterQuoted] = match(QUOTED, text, at) ?? [];
  if (quoted !== undefined && afterQuoted !== undefined) {
    return { type, value: withoutEscapes(quoted), end: afterQuoted };
  }
  const [plain, end] = match(STRING, text, at) ?? ['', at];
  return { type, value: withoutEscapes(withoutPadding(plain)), end };
}

/** What the expression takes at this place (its group, where it has one) and where that ends. */
function match(expression: RegExp, text: string, at: number): [string, number] | undefined {
  expression.lastIndex = at;
  const found = expression.exec(text);
  return found ? [found[1] ?? found[0], expression.lastIndex] : undefined;
}

/** Without the spaces at the end that no backslash makes the value's. */
function withoutPadding(value: string): string {
  const trimmed = value.replace(/ +$/, '');
  const backslashes = /\\*$/.exec(trimmed)?.[0].length ?? 0;
  return backslashes % 2 === 1 && trimmed.length < value.length ? `${trimmed} ` : trimmed;
}

function withoutEscapes(value: string): string {
  return value.replace(/(?:\\[0-9A-Fa-f]{2})+|\\([^0-9A-Fa-f])/gu, (escaped, character?: string) =>
    character === undefined ? Buffer.from(escaped.replaceAll('\\', ''), 'hex').toString() : character,
  );
}

/** The text within a BER string of less than 128 octets (RFC 4514, 2.4). */
function berText(text: string, hex: string): string {
  const octets = Buffer.from(hex, 'hex');
  if (octets.length < 2 || octets[1] !== octets.length - 2) throw fault(text);
  return octets.subarray(2).toString();
}

function fault(text: string): Error {
  return new Error(`${JSON.stringify(text)} is no DN; write such as cn=staff,ou=groups,dc=example,dc=org`);
}
