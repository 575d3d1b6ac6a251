import { timingSafeEqual } from 'node:crypto';

/** Whether two texts are the same, in a time that tells nothing of them. */
export type IsSameText = (a: string, b: string) => boolean;

/**
 * Compare texts of `length` characters, a byte each, in buffers that are kept: for texts as short as these, making new
 * ones costs more than comparing. What was compared last stays in memory, so it must be no secret.
 * @throws {RangeError} where one has another length
 */
export function createIsSameText(length: number): IsSameText {
  const one = Buffer.alloc(length);
  const other = Buffer.alloc(length);
  return (a, b) => {
    if (a.length !== length || b.length !== length) throw new RangeError(`texts have ${length} characters`);
    one.write(a, 'latin1');
    other.write(b, 'latin1');
    return timingSafeEqual(one, other);
  };
}
