/**
 * Money that was taken at the door, on the word of the server that says what is due (paragraph 0070, cash on delivery): by the
 * consent of whoever took it, who owes it from then on. Booked with the due or not at all.
 */
import { fromWire } from "../../core/money/money.ts";
import { isRefused, type Refused } from "../../core/protocol/protocol.ts";
import type { CollectionInstruction, CollectionView } from "../../core/protocol/schemas.ts";
import type { Collecting, StandingConsent } from "../reservations/reservations.ts";
import { idFrom } from "../../storage/database/database.ts";
import { pay } from "./payments.ts";
import type { World } from "./world.ts";

type Due = Extract<CollectionInstruction, { do: "due" }>;

/** The one way in which money is taken by a consent. */
const channel = "cash_on_delivery";

/**
 * Books what an instruction says was taken, for exactly what is left to pay now; answers what became of it. The payment's
 * id is made of the instruction's: it is taken once, however often it is said, and stands in the way of none that its taker makes.
 */
export function bookTaken(
  world: World,
  peer: string,
  asked: Due,
): CollectionView["taken"] & (object | undefined) {
  if (asked.taken === undefined) return undefined;
  const refused = taking(world, peer, asked, asked.taken);
  return refused === undefined ? { state: "taken" } : { state: "refused", code: refused.refused };
}

function taking(
  world: World,
  peer: string,
  { id, tradeNumber, currency, bill }: Due,
  { consent: by, amount: said }: NonNullable<Due["taken"]>,
): Refused | undefined {
  // A bill goes to the server that sends it: it would pay itself by a word of its own.
  if (bill === true) return { refused: "consent_not_valid" };
  const amount = fromWire(said);
  const found = standing(world, peer, by, currency);
  if ("refused" in found) return found;
  const { consent, usage } = found;
  const today = world.house.today(world.now);
  // Where this server has moved to a zone in which it is still the day before, the day that has begun goes on.
  const isSame = usage.day !== null && usage.day >= today;
  const taken = (isSame ? usage.taken : 0n) + amount;
  if (taken > (usage.limitPerDay ?? 0n)) return { refused: "consent_limit_exceeded" };
  const nobody = { operator: null, confirmedBy: null, reason: null };
  const taker = { collector: consent.owner ?? "", ...nobody, consent: by };
  const payment = idFrom(`taken at the door, as ${peer} says in ${id}`);
  const wish = { id: payment, amount, currency, channel, reference: tradeNumber, taken: false } as const;
  const booked = pay(world, tradeNumber, taker, wish);
  if (isRefused(booked)) return booked;
  world.collecting.set(by, { ...usage, day: isSame ? usage.day : today, taken });
  world.taking.add(by);
  return undefined;
}

/** A consent to collect under which this server may say now that something was taken, as it is under its lock. */
function standing(
  world: World,
  peer: string,
  id: string,
  currency: string,
): Refused | { consent: StandingConsent; usage: Collecting } {
  const [consent, usage] = [world.consents.get(id), world.collecting.get(id)];
  if (consent?.peer !== peer || consent.purpose !== "collect" || usage === undefined)
    return { refused: "consent_not_valid" };
  const { revokedAt, until } = usage;
  if (revokedAt !== null || (until !== null && until <= world.now)) return { refused: "consent_not_valid" };
  if (consent.currency !== currency) return { refused: "currency_mismatch" };
  return consent.standing === "good" ? { consent, usage } : { refused: "not_allowed" };
}
