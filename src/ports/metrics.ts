/** Counts an event by its outcome, one of a closed set. Waits for nothing, and never throws. */
export type Count<Outcome extends string> = (outcome: Outcome) => void;

/** The same for an event of a directory. One that is not configured is not counted: ids must not grow without end. */
export type CountOf<Outcome extends string> = (directoryId: string, outcome: Outcome) => void;

/** What was counted, and how things stand, for whoever collects it. */
export interface Exposition {
  /** Media type of the text. */
  readonly contentType: string;
  /** As of now. What cannot be told now is left out; whoever asks while it is being read gets the same text. */
  read(): Promise<string>;
}
