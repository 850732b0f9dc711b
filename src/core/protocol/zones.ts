/** Days and times of day in a time zone: what a date or a time on the clock is as an instant, and the other way round. */

/**
 * A name of the IANA time zone database, an area and a place: `Asia/Tokyo`. Bare names such as `IST` mean several zones, and
 * not the same to everybody.
 */
const zoneForm = /^(?:UTC|[A-Z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)+)$/;
const nameMost = 64;

/** Making one takes much longer than using it. There is one for each zone that a configuration names; strangers' are `zoneNamed`. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  clocks.set(timeZone, clock);
  return clock;
}

/** True for a time zone that is known here. */
export function isTimeZone(name: string): boolean {
  return zoneNamed(name) !== undefined;
}

/** The zone of this name as it is written; undefined where there is none. Nothing is kept of a name that a stranger sends. */
export function zoneNamed(name: string): string | undefined {
  if (name.length > nameMost || !zoneForm.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** What the clocks of a zone show at an instant, to the second, as if it were UTC; in milliseconds. */
function shownAt(at: number, timeZone: string): number {
  if (timeZone === "UTC") return Math.floor(at / 1000) * 1000;
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of clockOf(timeZone).formatToParts(at))
    if (type in parts) parts[type as keyof typeof parts] = Number(value);
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** By how much the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
const aheadAt = (at: number, timeZone: string): number =>
  shownAt(at, timeZone) - Math.floor(at / 1000) * 1000;

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a day of the calendar, YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && leap ? 29 : (daysOfMonth[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= last;
}

/** The calendar day on which an instant falls in a zone, YYYY-MM-DD. */
export function dayAt(at: Date | number, timeZone: string): string {
  return new Date(shownAt(Number(at), timeZone)).toISOString().slice(0, 10);
}

/** The minute of the day that the clocks of a zone show at an instant, from 0 to 1439. */
export function minuteOfDay(at: Date | number, timeZone: string): number {
  const shown = new Date(shownAt(Number(at), timeZone));
  return shown.getUTCHours() * 60 + shown.getUTCMinutes();
}

const dayMs = 86_400_000;

/** The day so many calendar days after another. */
export function daysAfter(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10);
}

/**
 * The first instant of a calendar day in a zone. Where the clocks are put forward over midnight that is not 0:00 but what
 * they are put to; a day that a zone has left out begins with the one after it.
 */
export function startOfDay(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // Nowhere do clocks differ from UTC by a day, or change twice within two.
  const [before, behind] = [midnight - dayMs, midnight + dayMs];
  const meant = [before, behind].map((at) => midnight - aheadAt(at, timeZone)).sort((one, two) => one - two);
  const found = meant.find((at) => shownAt(at, timeZone) === midnight);
  if (found !== undefined) return new Date(found);
  let [early, late] = [before, behind];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (shownAt(middle, timeZone) < midnight) early = middle;
    else late = middle;
  }
  return new Date(late);
}

/** The last second of a calendar day in a zone: who says "until that day" means all of it. */
export function endOfDay(day: string, timeZone: string): Date {
  return new Date(startOfDay(daysAfter(day, 1), timeZone).getTime() - 1000);
}

/** The last calendar day that is whole, or all but a second of it, before an instant in a zone: what {@link endOfDay} was made of. */
export const lastDayBefore = (until: Date, timeZone: string): string =>
  dayAt(new Date(until.getTime() - 1000), timeZone);
