import { readGeneralizedTime } from '../people/generalized-time.ts';
import { generalizedTime } from './server-time.ts';

const CURSOR = /^modifyTimestamp (\d{14}Z) (\d+)$/;

/** How far the server's changes have been told. */
export interface TimestampCursor {
  /** By the server's clock, in milliseconds. */
  readonly until: number;
  /** Tells cursors of the same second apart. */
  readonly number: number;
}

/** What a cursor says; `undefined`: there is none, or it is another kind of watch's. */
export function readCursor(cursor: string | undefined): TimestampCursor | undefined {
  const [, time, number] = CURSOR.exec(cursor ?? '') ?? [];
  const until = time === undefined ? undefined : readGeneralizedTime(time);
  return until === undefined ? undefined : { until, number: Number(number) };
}

/** The cursor of a time; its fraction of a second is lost. */
export function writeCursor({ until, number }: TimestampCursor): string {
  return `modifyTimestamp ${generalizedTime(until)} ${number}`;
}
