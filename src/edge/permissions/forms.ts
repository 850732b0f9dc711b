/** What the forms of permissions say: sums and last days as they are typed, and who may accept. */
import { parseMoney } from "../../core/money/money.ts";
import { type AcceptorRole, endOfDay, isDay, lastDayBefore } from "../../core/protocol/protocol.ts";
import type { Fields } from "../pages/pages.ts";
import { say, type Sentence } from "../words/words.ts";

/** Who may accept beside the buyer; an operator does so for one of them, and is nobody whom a member allows it beforehand. */
export const others = ["recipient", "carrier", "provider", "shop"] as const satisfies AcceptorRole[];

export interface Limits {
  limit: bigint;
  until: Date;
}

/**
 * The sum and the last day of a form, or what is wrong with them. A day that is left as it was leaves the end as it was, which
 * programs may have set to the second.
 */
export function limitsOf(
  { limit = "", until = "" }: Fields,
  currency: string,
  { timeZone, before }: { timeZone: string; before?: Date },
): Limits | { errors: Record<string, Sentence> } {
  const errors: Record<string, Sentence> = {};
  const sum = parseMoney(limit, currency);
  if (sum === undefined || sum === 0n || sum > BigInt(Number.MAX_SAFE_INTEGER))
    errors["limit"] = limit.trim() === "" ? say("mistake.missing") : say("mistake.amount");
  const day = until.normalize("NFKC").trim();
  if (!isDay(day)) errors["until"] = day === "" ? say("mistake.missing") : say("mistake.date");
  if (sum === undefined || Object.keys(errors).length > 0) return { errors };
  const kept = before !== undefined && lastDayBefore(before, timeZone) === day;
  return { limit: sum, until: kept ? before : endOfDay(day, timeZone) };
}

export function acceptorsOf(fields: Fields): AcceptorRole[] {
  return ["buyer", ...others.filter((role) => fields[role] === "yes")];
}
