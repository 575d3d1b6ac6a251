/** One of the seven promises of the product. */
export type PromiseNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Something that must never be seen, and the promise that it breaks. */
export interface Invariant<Seen> {
  readonly promise: PromiseNumber;
  /** What holds, as a sentence. */
  readonly holds: string;
  readonly isBroken: (seen: Seen) => boolean;
  /** Whether it may look broken while a replica does not ask the directory again, a second after it did not answer. */
  readonly isLate?: true;
}

/** A promise is broken. */
export class Violation extends Error {
  readonly isLate: boolean;

  constructor(
    { promise, holds, isLate = false }: Pick<Invariant<never>, 'promise' | 'holds'> & { isLate?: boolean },
    seen: string,
  ) {
    super(`promise ${promise} is broken: ${holds}\n  seen: ${seen}`);
    this.name = 'Violation';
    this.isLate = isLate;
  }
}

/** Throws where one of `invariants` is broken. @param say what was seen, in words */
export function hold<Seen>(invariants: readonly Invariant<Seen>[], seen: Seen, say: () => string): void {
  for (const invariant of invariants) if (invariant.isBroken(seen)) throw new Violation(invariant, say());
}
