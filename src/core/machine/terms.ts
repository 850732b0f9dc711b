import { isCurrency } from "../money/money.ts";
import type { Propose } from "../protocol/schemas.ts";
import { type AcceptorRole, addDuration, parseDuration, type Refused } from "../protocol/protocol.ts";
import { isPayable, paymentDateRefused } from "./decision.ts";
import { type TermLine, type Terms, totalOf } from "./trade.ts";

/** What a server fills in for fields that a proposal leaves out. Durations after ISO 8601. */
export interface Defaults {
  reserveFor: string;
  coolingOff: string;
  /** Null: nothing is ever accepted by silence. */
  autoAfter: string | null;
}

/** The one line of a trade that was proposed by its amount alone. */
const wholeTrade = "Total";

type Priced = Pick<Propose, "lines" | "amount" | "private">;

/**
 * The lines of a trade, from the lines, the amount, or both where they agree. In a private trade each piece counts as
 * one unit.
 */
export function linesOf(body: Priced): Refused | TermLine[] {
  if (body.private === true) return piecesOf(body);
  const { amount } = body;
  const lines = body.lines?.flatMap(({ name, quantity, unitAmount }) =>
    unitAmount === undefined ? [] : [{ name, quantity, unitAmount }],
  );
  if (lines?.length !== body.lines?.length)
    return { refused: "invalid_field", detail: "Each line has a `unitAmount`, unless the trade is private." };
  if (lines === undefined) {
    if (amount === undefined)
      return { refused: "invalid_field", detail: "Lines or an amount must be given." };
    return [{ name: wholeTrade, quantity: 1, unitAmount: amount }];
  }
  const total = totalOf(lines);
  if (total > BigInt(Number.MAX_SAFE_INTEGER))
    return { refused: "invalid_field", detail: "The lines come to more than 2^53-1." };
  if (amount !== undefined && BigInt(amount) !== total) {
    return { refused: "amount_mismatch", detail: `The lines come to ${total}, the amount says ${amount}.` };
  }
  return lines;
}

function piecesOf({ lines, amount }: Priced): Refused | TermLine[] {
  if (amount !== undefined || lines?.some(({ unitAmount }) => unitAmount !== undefined) === true)
    return {
      refused: "invalid_field",
      detail: "A private trade has no amounts: the shop tells them elsewhere.",
    };
  if (lines === undefined) return { refused: "invalid_field", detail: "A private trade has lines." };
  return lines.map(({ name, quantity }) => ({ name, quantity, unitAmount: 1 }));
}

/** Reads the terms out of a proposal. The engine fills in the accounts and the fee. */
export function termsOf(
  body: Propose,
  defaults: Defaults,
  now: Date,
): Refused | Omit<Terms, "shopName" | "shopAccount" | "feeAccount" | "fee"> {
  if (!isCurrency(body.currency))
    return { refused: "unknown_currency", detail: `${body.currency} is not an ISO 4217 code.` };
  const lines = linesOf(body);
  if ("refused" in lines) return lines;
  const acceptance = acceptanceOf(body, defaults);
  if ("refused" in acceptance) return acceptance;
  const reserveFor = body.reserveFor ?? defaults.reserveFor;
  const shipWithin = body.shipWithin ?? null;
  const coolingOff = body.coolingOff ?? defaults.coolingOff;
  for (const duration of [reserveFor, shipWithin, acceptance.autoAfter]) {
    if (duration !== null && !isSensible(duration, now)) return outOfRange(duration);
  }
  if (!isSensible(coolingOff, now, 0)) return outOfRange(coolingOff);
  const payment = body.payment ?? { on: "acceptance" };
  if (!isPayable(payment, now)) return paymentDateRefused;
  return {
    reference: body.reference ?? null,
    lines,
    payment,
    acceptance,
    reserveFor,
    shipWithin,
    coolingOff,
    personal: body.recipient !== undefined || isGuest(body),
    guest: isGuest(body),
    ...(body.private === true ? { private: true as const } : {}),
  };
}

function isGuest(body: Propose): boolean {
  return body.buyer !== undefined && "guest" in body.buyer;
}

function outOfRange(duration: string): Refused {
  return { refused: "date_out_of_range", detail: `${duration} is not between a second and 366 days.` };
}

function isSensible(duration: string, now: Date, leastMs = 1000): boolean {
  const parsed = parseDuration(duration);
  if (parsed === undefined) return false;
  const length = addDuration(now, parsed).getTime() - now.getTime();
  return length >= leastMs && length <= 366 * 86_400_000;
}

function acceptanceOf(body: Propose, defaults: Defaults): Refused | Terms["acceptance"] {
  const asked = body.acceptance ?? {};
  const by: AcceptorRole[] = asked.by ?? ["buyer"];
  const need = asked.need === "all" ? by.length : asked.need === "any" ? 1 : (asked.need ?? 1);
  const able = by.filter(
    (role) =>
      !(role === "carrier" || role === "provider" || role === "recipient") || body[role] !== undefined,
  );
  if (need > able.length) {
    return {
      refused: "invalid_field",
      detail: `${need} acceptors are needed, and ${able.length} of those named are there.`,
    };
  }
  const autoAfter = asked.autoAfter === undefined ? defaults.autoAfter : asked.autoAfter;
  return { by, need, autoAfter, place: asked.place ?? null };
}
