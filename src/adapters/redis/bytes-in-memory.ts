/** Header, padding, and the slot that points to it. */
const STRING_BYTES = 32;
/** Two bytes where a string has a character outside Latin-1, and never less. */
const CHARACTER_BYTES = 2;
/** A number that does not fit its slot, and the slot. */
const NUMBER_BYTES = 24;
/** Headers of an array or object and of its list of elements, and room for fields that it does not have yet. */
const OBJECT_BYTES = 72;

/** What a value of JSON takes in V8's heap, in bytes: rather too many than too few. Names of fields are shared. */
export function bytesInMemory(value: unknown): number {
  if (typeof value === 'string') return STRING_BYTES + CHARACTER_BYTES * value.length;
  if (typeof value !== 'object' || value === null) return NUMBER_BYTES;
  return Object.values(value).reduce<number>((sum, part) => sum + bytesInMemory(part), OBJECT_BYTES);
}
