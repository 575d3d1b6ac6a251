const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** What each digit stands for, by its code. */
const VALUES = Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));

/** Every two digits, by their value: the fewer steps, the faster. */
const PAIRS = [...DIGITS].flatMap((high) => [...DIGITS].map((low) => high + low));
const PAIR = 62 ** 2;
/** Four digits' values are whole numbers to the processor, not floating-point ones. */
const FOUR = 62 ** 4;
/** 62^8 is the largest power below 2^53: eight digits at a time are taken in plain numbers. */
const EIGHT = 62n ** 8n;

/**
 * The `width` least significant base62 digits of a number in hex digits, the most significant first, padded
 * with `0`. Taken from the low end because there every digit is uniform when the hex digits are.
 */
export function base62(hex: string, width: number): string {
  let rest = BigInt(`0x${hex}`);
  let text = '';
  while (text.length < width) {
    const eight = Number(rest % EIGHT);
    const high = Math.floor(eight / FOUR);
    text = fourDigits(high) + fourDigits(eight - high * FOUR) + text;
    rest /= EIGHT;
  }
  return text.slice(-width);
}

/** Bytes of a hash. */
const HASH_BYTES = 32;
/** What each of them counts for, modulo 62^4. Their sum stays a safe integer. */
const WEIGHTS = Array.from({ length: HASH_BYTES }, (_, at) =>
  Number(256n ** BigInt(HASH_BYTES - 1 - at) % BigInt(FOUR)),
);

/**
 * The same for the four digits that a tag has, which every forged key costs, with no big integer.
 * @param bytes a hash, a character for each byte
 */
export function base62OfHash(bytes: string): string {
  let sum = 0;
  for (let at = 0; at < HASH_BYTES; at++) sum += bytes.charCodeAt(at) * (WEIGHTS[at] as number);
  return fourDigits(sum % FOUR);
}

/** @param value from 0 to 62^4 − 1 */
function fourDigits(value: number): string {
  const high = Math.floor(value / PAIR);
  return `${PAIRS[high]}${PAIRS[value - high * PAIR]}`;
}

/**
 * `value` in exactly `width` base62 digits.
 * @throws {RangeError} where it is no integer from 0 to 62^width − 1
 */
export function base62Integer(value: number, width: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('base62 takes integers from 0');
  let rest = value;
  let text = '';
  for (let digit = 0; digit < width; digit++) {
    text = DIGITS.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  if (rest > 0) throw new RangeError(`base62 value does not fit ${width} digits`);
  return text;
}

/** The integer that base62 digits stand for; `undefined` where a character is no digit. */
export function parseBase62(text: string): number | undefined {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const next = VALUES[text.charCodeAt(at)] ?? -1;
    if (next < 0) return undefined;
    value = value * 62 + next;
  }
  return value;
}
