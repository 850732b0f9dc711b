/** ISO 8601 durations as they stand in messages: `P7D`, `PT30M`, `P1M`, `P1Y2M3DT4H5M6S`, `P2W`. */
export interface Duration {
  months: number;
  milliseconds: number;
}

const form =
  /^P(?=[0-9T])(?:([0-9]{1,3})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,9})S)?)?$/;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Reads a duration, or returns undefined where the text is not one. Fractions are not taken. */
export function parseDuration(text: string): Duration | undefined {
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  return {
    months: (years ?? 0) * 12 + (months ?? 0),
    milliseconds:
      (weeks ?? 0) * 7 * day +
      (days ?? 0) * day +
      (hours ?? 0) * hour +
      (minutes ?? 0) * minute +
      (seconds ?? 0) * second,
  };
}

/** The instant a duration after another one. A month that lacks the day ends on its last day. */
export function addDuration(from: Date, duration: Duration): Date {
  const moved = new Date(from.getTime());
  if (duration.months !== 0) {
    const dayOfMonth = moved.getUTCDate();
    moved.setUTCDate(1);
    moved.setUTCMonth(moved.getUTCMonth() + duration.months);
    const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
    moved.setUTCDate(Math.min(dayOfMonth, lastDay));
  }
  return new Date(moved.getTime() + duration.milliseconds);
}
