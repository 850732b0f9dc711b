/** On which days banks in Japan move money, and when a schedule comes next. */
import holidays from "@holiday-jp/holiday_jp";
import { daysAfter } from "../protocol/protocol.ts";

/** Whose days those of banks are. */
export const bankZone = "Asia/Tokyo";

/** The law closes banks on these days too (銀行法施行令 第五条). */
const closed = /-(12-31|01-0[1-3])$/;

const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** Whether banks are open on a day, YYYY-MM-DD. */
export function isBankDay(day: string): boolean {
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6 && !closed.test(day) && !Object.hasOwn(holidays.holidays, day);
}

/** The day itself where banks are open on it, else the first one after it on which they are. */
export function bankDayFrom(day: string): string {
  let found = day;
  while (!isBankDay(found)) found = daysAfter(found, 1);
  return found;
}

export const rhythms = ["day", "week", "month"] as const;
export type Rhythm = (typeof rhythms)[number];

/** `on`: of a week 1 (Monday) to 5, of a month 1 to 31, where the last day stands for those that a month does not have. */
export interface Schedule {
  every: Rhythm;
  on: number;
}

/** Whether there is such a schedule. */
export function isSchedule({ every, on }: Schedule): boolean {
  const most = { day: 1, week: 5, month: 31 }[every];
  return Number.isInteger(on) && on >= 1 && on <= most;
}

/** Whether a day is the one that a schedule names, before holidays are looked at. */
function isNamed({ every, on }: Schedule, day: string): boolean {
  if (every === "day") return true;
  if (every === "week") return weekdayOf(day) === on;
  const [ofMonth, isLast] = [Number(day.slice(8)), daysAfter(day, 1).endsWith("-01")];
  return ofMonth === on || (isLast && ofMonth < on);
}

/** The first bank day after `after` on which a schedule is due: what falls on a holiday is due when banks open again. */
export function dueAfter(schedule: Schedule, after: string): string {
  for (let day = after; ; day = daysAfter(day, 1)) {
    // A day before may have been moved to one that is still to come.
    if (isNamed(schedule, day) && bankDayFrom(day) > after) return bankDayFrom(day);
  }
}
