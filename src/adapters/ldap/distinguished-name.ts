/** What RFC 4514, 2.4 wants escaped, by place where it matters; and `=`, which it allows there, and all controls. */
const TO_ESCAPE = /["+,;<>\\=\p{Cc}]|^[ #]| $/gu;
const CONTROL = /\p{Cc}/u;

/**
 * Escape an attribute value for a distinguished name (RFC 4514, 2.4). Of our own, since ldapts quotes as
 * RFC 1779 did and lets NUL and line feeds through.
 */
export function escapeDnValue(value: string): string {
  return value.replace(TO_ESCAPE, (character) =>
    CONTROL.test(character) ? hexPairs(character) : `\\${character}`,
  );
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
