const GENERALIZED_TIME =
  /^(\d{4})(\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{2})?)?(?:[.,](\d+))?(?:Z|([+-])(\d{2})(\d{2})?)$/;

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * A GeneralizedTime (RFC 4517, 3.3.13) in milliseconds since 1970, cut to whole ones; `undefined` where the text is
 * none. A fraction is of the smallest unit that is written: of an hour, a minute or a second.
 */
export function readGeneralizedTime(text: string): number | undefined {
  const read = GENERALIZED_TIME.exec(text);
  if (!read) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHour, offsetMinute] = read;
  const midnight = dayOf(Number(year), Number(month), Number(day));
  const [hours, minutes, seconds] = [Number(hour), Number(minute ?? 0), Number(second ?? 0)];
  const [aheadHours, aheadMinutes] = [Number(offsetHour ?? 0), Number(offsetMinute ?? 0)];
  if (midnight === undefined || hours > 23 || minutes > 59 || seconds > 60) return undefined;
  if (aheadHours > 23 || aheadMinutes > 59) return undefined;
  const unit = second !== undefined ? SECOND_MS : minute !== undefined ? MINUTE_MS : HOUR_MS;
  const time = midnight + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
  const ahead = (sign === '-' ? -1 : 1) * (aheadHours * HOUR_MS + aheadMinutes * MINUTE_MS);
  return time + Math.floor(Number(`0.${fraction ?? 0}`) * unit) - ahead;
}

/** The first moment of a day; `undefined` where the calendar has no such day. */
function dayOf(year: number, month: number, day: number): number | undefined {
  // Date.UTC takes years below 100 for the twentieth century's.
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  const date = new Date(midnight);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? midnight : undefined;
}
