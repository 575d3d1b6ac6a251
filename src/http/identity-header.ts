/**
 * A value as an identity header carries it: UTF-8, with every byte outside printable ASCII, and `%`,
 * percent-encoded. What a directory holds can thus neither break the header nor be misread.
 */
export function identityHeader(value: string): string {
  return /^[ -$&-~]*$/.test(value) ? value : [...Buffer.from(value)].map(encodeByte).join('');
}

/** The names of groups, comma-joined; a comma inside a name is percent-encoded too. */
export function groupsHeader(names: readonly string[]): string {
  return names.map((name) => identityHeader(name).replaceAll(',', '%2C')).join(',');
}

function encodeByte(byte: number): string {
  const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
  return isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
