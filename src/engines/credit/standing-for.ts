/**
 * How much a guarantor stands for at most (paragraphs 0081, 0085): of one member at a time, over all their credit lines, and
 * for one shop anew on a day. It is decided under the locks of the accounts, and of a row for each shop and day.
 */
import type { Refused } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { lockDays, type MayStand, readStandLimits, writeDays } from "./stand-store.ts";

/** What the configuration lets everybody have, minor units by currency; nothing is said of a currency without end. */
export interface StandLimits {
  /** Of one member at a time. */
  member: Readonly<Record<string, bigint>>;
  /** For one shop anew on a day. */
  shopDay: Readonly<Record<string, bigint>>;
}

/** What a batch knows of limits, and what it has come to stand for. */
export interface StandingFor {
  readonly limits: StandLimits;
  readonly day: string;
  /** Limits that operators have set, by who and currency. */
  readonly set: ReadonlyMap<string, bigint>;
  /** What was stood for on this day, by shop and currency, of shops that have a limit. */
  readonly days: Map<string, bigint>;
  readonly changed: Set<string>;
}

/** Something that is to be stood for: what the member has in use apart from this trade, and how the trade's own part changes. */
export interface Wanted {
  shop: string;
  member: string | null;
  currency: string;
  /** In use on the member's credit lines for everything else. */
  elsewhere: bigint;
  before: bigint;
  after: bigint;
  /** What of it comes to be stood for anew on the shop's day: nothing without an order, and all of the first order. */
  anew: bigint;
}

const keyOf = (subject: string, currency: string): string => `${subject} ${currency}`;

/** Reads limits, and locks the days of shops that have one. All statements are sent before the first wait. */
export async function openStandingFor(
  client: Client,
  limits: StandLimits,
  {
    day,
    shops,
    members,
  }: { day: string; shops: readonly Omit<MayStand, "usual">[]; members: readonly string[] },
): Promise<StandingFor> {
  if (shops.length === 0) return { limits, day, set: new Map(), days: new Map(), changed: new Set() };
  const may = shops.map((each) => ({ ...each, usual: limits.shopDay[each.currency] ?? null }));
  const [set, days] = await Promise.all([
    readStandLimits(client, [...new Set([...shops.map(({ shop }) => shop), ...members])]),
    lockDays(client, day, may),
  ]);
  return {
    limits,
    day,
    set: new Map(set.map(({ subject, currency, most }) => [keyOf(subject, currency), most])),
    days: new Map(days.map(({ shop, currency, amount }) => [keyOf(shop, currency), amount])),
    changed: new Set(),
  };
}

/** Why no more is stood for; undefined where it is. */
export function beyondStanding(standing: StandingFor, wanted: Wanted): Refused | undefined {
  const { shop, member, currency, elsewhere, before, after, anew } = wanted;
  const { limits, set, days } = standing;
  const ofMember = member === null ? undefined : set.get(keyOf(member, currency));
  const most = ofMember ?? limits.member[currency];
  if (after > before && most !== undefined && elsewhere + after > most) {
    const detail = `At most ${most} is stood for of this member at a time, in minor units of ${currency}.`;
    return { refused: "member_limit_exceeded", detail };
  }
  const aDay = mostOnADay(standing, shop, currency);
  const today = days.get(keyOf(shop, currency));
  if (anew <= 0n || aDay === undefined || today === undefined || today + anew <= aDay) return undefined;
  const detail = `At most ${aDay} is stood for anew for this shop on a day, in minor units of ${currency}.`;
  return { refused: "day_limit_exceeded", detail };
}

const mostOnADay = ({ limits, set }: StandingFor, shop: string, currency: string): bigint | undefined =>
  set.get(keyOf(shop, currency)) ?? limits.shopDay[currency];

/** Counts what has come to be stood for. What ends on the same day gives nothing back: a drain takes more than one turn. */
export function countStanding(
  { days, changed }: StandingFor,
  { shop, currency, anew }: Pick<Wanted, "shop" | "currency" | "anew">,
): void {
  const key = keyOf(shop, currency);
  const today = days.get(key);
  if (today === undefined || anew <= 0n) return;
  days.set(key, today + anew);
  changed.add(key);
}

/** Sends what this batch has come to stand for. */
export function writeStanding(client: Client, standing: StandingFor): Promise<unknown>[] {
  const { day, days, changed } = standing;
  const rows = [...changed].flatMap((key) => {
    const [shop = "", currency = ""] = key.split(" ");
    const most = mostOnADay(standing, shop, currency);
    return most === undefined ? [] : [{ shop, currency, amount: days.get(key) ?? 0n, most }];
  });
  return rows.length === 0 ? [] : [writeDays(client, day, rows)];
}
