/** One attribute of a DN's RDN; the DNs of these tests have one in each. */
export type Rdn = { readonly type: string; readonly value: Buffer };

/** Reads the value that `text` begins with, up to an unescaped comma (RFC 4514, 3). */
function readValue(text: string): { value: Buffer; rest: string | undefined } {
  const bytes: Buffer[] = [];
  let at = 0;
  // Spaces and a number sign at the edges would be escaped if they were the value's.
  if (/^[ #]/.test(text)) throw new Error(`unescaped at the beginning: ${text}`);
  while (at < text.length && text[at] !== ',') {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (character === '\\') {
      const pair = /^[0-9a-fA-F]{2}/.exec(text.slice(at + 1))?.[0];
      const escaped = /^[ "#+,;<=>\\]/.exec(text.slice(at + 1))?.[0];
      if (pair !== undefined) bytes.push(Buffer.from(pair, 'hex'));
      else if (escaped !== undefined) bytes.push(Buffer.from(escaped));
      else throw new Error(`a backslash that escapes nothing: ${text.slice(at)}`);
      at += pair === undefined ? 2 : 3;
      continue;
    }
    if (/["+;<>\0]/.test(character)) throw new Error(`unescaped: ${character}`);
    const isLast = at + 1 === text.length || text[at + 1] === ',';
    if (character === ' ' && isLast) throw new Error('an unescaped space at the end');
    bytes.push(Buffer.from(character));
    at += character.length;
  }
  return { value: Buffer.concat(bytes), rest: text[at] === ',' ? text.slice(at + 1) : undefined };
}

/** Reads a DN strictly by the grammar of RFC 4514, 3; throws where it is none. */
export function parseDn(dn: string): Rdn[] {
  const rdns: Rdn[] = [];
  let left: string | undefined = dn;
  while (left !== undefined) {
    const type: string | undefined = /^([a-z]+)=/.exec(left)?.[1];
    if (type === undefined) throw new Error(`no attribute type: ${left}`);
    const { value, rest } = readValue(left.slice(type.length + 1));
    rdns.push({ type, value });
    left = rest;
  }
  return rdns;
}
