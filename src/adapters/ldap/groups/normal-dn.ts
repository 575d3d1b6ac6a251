import { attributeName } from '../attribute-name.ts';
import { escapeDnValue } from '../distinguished-name.ts';
import { parseDn, type Rdn } from './parse-dn.ts';

/** The types that the top of a directory's tree is made of (RFC 4519: dc, o, c). */
const SUFFIX_TYPES = new Set(['dc', 'o', 'c']);

/**
 * One spelling for all that stand for the same DN: without a difference of case, escaping, spaces, the names of attributes
 * or the order within an RDN (as caseIgnoreMatch of RFC 4517, 4.2.11 and RFC 4518, 2.6.1 compare). It is a DN itself.
 * @throws {Error} where the text is no DN
 */
export function normalDn(text: string): string {
  return normalRdns(text).join(',');
}

/**
 * Whether a DN is below a base, or the base itself.
 * @throws {Error} where one of them is no DN
 */
export function isBelow(dn: string, base: string): boolean {
  return createIsBelow(base)(dn);
}

/**
 * Make what tells whether DNs are below a base, or the base itself: reads the base once for many.
 * @throws {Error} where one of them is no DN
 */
export function createIsBelow(base: string): (dn: string) => boolean {
  const ancestors = normalRdns(base);
  return (dn) => {
    const rdns = normalRdns(dn);
    return (
      ancestors.length <= rdns.length &&
      ancestors.every((rdn, at) => rdn === rdns[rdns.length - ancestors.length + at])
    );
  };
}

/**
 * The top of the tree that a DN is in: its last RDNs, as far as they are of dc, o or c. `undefined`: it has none.
 * @throws {Error} where the text is no DN
 */
export function suffixOf(dn: string): string | undefined {
  const rdns = parseDn(dn);
  const isTop = (rdn: Rdn) => rdn.every(({ type }) => SUFFIX_TYPES.has(attributeName(type)));
  const suffix = rdns.slice(rdns.findLastIndex((rdn) => !isTop(rdn)) + 1);
  return suffix.length === 0 ? undefined : suffix.map(normalRdn).join(',');
}

/**
 * The value of this attribute in a DN's first RDN; `undefined` where that is made of others.
 * @throws {Error} where the text is no DN
 */
export function rdnValue(dn: string, attribute: string): string | undefined {
  const [rdn] = parseDn(dn);
  return rdn?.find(({ type }) => attributeName(type) === attributeName(attribute))?.value;
}

function normalRdns(text: string): string[] {
  return parseDn(text).map(normalRdn);
}

function normalRdn(rdn: Rdn): string {
  return rdn
    .map(({ type, value }) => `${attributeName(type)}=${escapeDnValue(folded(value))}`)
    .sort()
    .join('+');
}

function folded(value: string): string {
  return value.normalize('NFC').toLowerCase().normalize('NFC').replace(/ +/g, ' ').replace(/^ | $/g, '');
}
