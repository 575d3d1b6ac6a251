/** What RFC 4514, 2.4 wants behind a backslash wherever it stands, and `=`, which it allows there. */
const SPECIAL = /["+,;<>\\=]/;
const CONTROL = /\p{Cc}/u;

/**
 * Escape an attribute value for a distinguished name (RFC 4514, 2.4). Of our own, since ldapts quotes as
 * RFC 1779 did and lets NUL and line feeds through.
 */
export function escapeDnValue(value: string): string {
  const characters = [...value];
  const last = characters.length - 1;
  return characters
    .map((character, at) => {
      if (CONTROL.test(character)) return hexPairs(character);
      const isAtEdge = (character === ' ' && (at === 0 || at === last)) || (character === '#' && at === 0);
      return isAtEdge || SPECIAL.test(character) ? `\\${character}` : character;
    })
    .join('');
}

/**
 * Put a username into a DN template, escaped.
 * @param template a DN in which `{username}` stands for an attribute value or a part of one
 */
export function fillDnTemplate(template: string, username: string): string {
  return template.replaceAll('{username}', () => escapeDnValue(username));
}

function hexPairs(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
}
