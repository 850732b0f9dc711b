/** Other limits of a consent to pay, and another end: less at once, more as if it were given anew. */
import { fromWire, parseMoney } from "../../core/money/money.ts";
import { endOfDay, isDay, lastDayBefore, refuse } from "../../core/protocol/protocol.ts";
import { type Client, readClock } from "../../storage/database/database.ts";
import * as members from "../../storage/members/members.ts";
import {
  limitConsent,
  type Limits,
  lockConsents,
  monthRuns,
  readConsents,
  spentOf,
  type StandingConsent,
} from "../../engines/reservations/reservations.ts";
import type { ProvenAct } from "../../edge/moments/moments.ts";
import { refuseWhileHeld } from "../../edge/api/api.ts";
import type { Fields } from "../../edge/pages/pages.ts";
import { say, type Sentence } from "../../edge/words/words.ts";
import { checkEnd } from "./consents.ts";

/** A sum as it is typed; undefined where it is none. */
export function sumIn(text: string, currency: string): bigint | undefined {
  const amount = parseMoney(text, currency);
  return amount === undefined || amount > fromWire(Number.MAX_SAFE_INTEGER) ? undefined : amount;
}

/**
 * The limits in a form, or what is wrong with them by its fields. A limit for one order may be left empty; one for a month is
 * there or not for good, since what was spent is counted only where there is one.
 */
export function limitsIn(
  fields: Fields,
  { id, currency, limitPerMonth: monthly, until: before }: StandingConsent,
  timeZone: string,
): Limits | { errors: Record<string, Sentence> } {
  const errors: Record<string, Sentence> = {};
  const read = (name: "limitPerTrade" | "limitPerMonth"): bigint | null => {
    const text = fields[name]?.trim() ?? "";
    if (text === "" && name === "limitPerTrade") return null;
    const sum = sumIn(text, currency);
    if (sum === undefined || sum === 0n) errors[name] = say("mistake.amount");
    return sum ?? null;
  };
  const limitPerTrade = read("limitPerTrade");
  const limitPerMonth = monthly === null ? null : read("limitPerMonth");
  const day = fields["until"]?.normalize("NFKC").trim() ?? "";
  if (!isDay(day)) errors["until"] = say("mistake.date");
  if (Object.keys(errors).length > 0) return { errors };
  // A day that is left as it was leaves the end as it was, which programs may have set to the second.
  const kept = before !== null && lastDayBefore(before, timeZone) === day;
  return { id, limitPerTrade, limitPerMonth, until: kept ? before : endOfDay(day, timeZone) };
}

const beyond = (wish: bigint | null, before: bigint | null): boolean =>
  before !== null && (wish === null || wish > before);

const isMore = (wish: Limits, { limitPerTrade, limitPerMonth, until }: Omit<Limits, "id">): boolean =>
  beyond(wish.limitPerTrade, limitPerTrade) ||
  beyond(wish.limitPerMonth, limitPerMonth) ||
  (until !== null && (wish.until === null || wish.until > until));

/** What is to be proved of other limits; nothing of less. As much as in a month goes by them, as with a new consent. */
export function toLimits(
  consent: Omit<Limits, "id"> & { currency: string },
  wish: Limits,
): ProvenAct | undefined {
  if (!isMore(wish, consent)) return undefined;
  return { act: "consent.limits", of: wish.id, amount: wish.limitPerMonth, currency: consent.currency };
}

/**
 * Sets other limits. `proven`: the owner has signed in just now, and wants more than they have read of. Less holds from the commit on: what a batch reserves waits for
 * the lock of the consent. No limit for a month is less than what was spent in it.
 */
export async function changeLimits(
  client: Client,
  person: string,
  wish: Limits,
  { proven }: { proven: boolean },
): Promise<void> {
  const [consent] = await readConsents(client, [wish.id]);
  if (consent === undefined || consent.owner !== person || consent.purpose !== "pay")
    return refuse("not_found");
  const [standing] = await lockConsents(client, [wish.id]);
  if (standing === undefined || standing.revokedAt !== null)
    return refuse("consent_not_valid", "You have taken this consent back.");
  const now = await readClock(client);
  const { limitPerMonth, until } = standing;
  if ((limitPerMonth === null) !== (wish.limitPerMonth === null) || wish.until === null)
    return refuse("invalid_field", "A limit for a month is there or not for good, and there is an end.");
  if (isMore(wish, standing)) await refuseMore(client, person, proven);
  if (wish.until.getTime() !== until?.getTime()) checkEnd(now, wish.until);
  if (wish.limitPerMonth !== null && wish.limitPerMonth < spentOf(standing, now))
    refuse("consent_limit_exceeded", "More than this was used of it this month.");
  await limitConsent(client, wish, monthRuns(standing, now));
}

/** All that is asked of whoever gives a consent is asked of who wants more of one. */
async function refuseMore(client: Client, person: string, proven: boolean): Promise<void> {
  if (!proven) refuse("not_allowed", "Sign in anew, and set more within a quarter of an hour of it.");
  await refuseWhileHeld(client, person);
  const [member] = await members.readPeopleById(client, [person]);
  if (member?.state !== "active") refuse("member_not_approved");
}
