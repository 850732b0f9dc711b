import { usualAhead } from "./ahead.ts";
import { agreedPayment, isPayable, paymentDateRefused } from "./decision.ts";
import { checkTerms, follows, type TermLine, totalOf, withWorths } from "./lines.ts";
import type { AgreedPayment, Terms } from "./record.ts";
import { isCurrency } from "../money/money.ts";
import type { PaymentWish, Propose } from "../protocol/schemas.ts";
import {
  type AcceptanceTerms,
  type AcceptorRole,
  addDuration,
  type CoolingOff,
  isRefused,
  parseDuration,
  type Refused,
} from "../protocol/protocol.ts";

/** The durations of a trade that a server keeps within bounds. ISO 8601. */
export const boundedTerms = [
  "approveWithin",
  "reserveFor",
  "autoAfter",
  "deliverWithin",
  "returnWithin",
  "inspectWithin",
] as const;
export type BoundedTerm = (typeof boundedTerms)[number];
export type Bounds = Record<BoundedTerm, { least: string; most: string }>;

/** What a server fills in for fields that a proposal leaves out, and within what bounds it takes them. */
export interface Defaults {
  approveWithin: string;
  reserveFor: string;
  /** Null: a trade has a cooling-off period only where the shop grants one. */
  coolingOff: CoolingOff | null;
  /** Null: nothing is ever accepted by silence. */
  autoAfter: string | null;
  deliverWithin: string;
  returnWithin: string;
  inspectWithin: string;
  /** At a guarantor: how long after acceptance the buyer has to pay at a collector. Null: this server's rail pays. */
  collectWithin: string | null;
  /** How long before a deadline it is told of, the longest first. */
  tellAhead: readonly string[];
  bounds: Bounds;
}

/** The terms of a server that its operators have not set otherwise. Goods take no longer than the carriers' longest way. */
export const usualTerms: Defaults = {
  approveWithin: "P14D",
  reserveFor: "P30D",
  coolingOff: null,
  autoAfter: "P7D",
  deliverWithin: "P14D",
  returnWithin: "P10D",
  inspectWithin: "P5D",
  collectWithin: null,
  tellAhead: usualAhead,
  bounds: {
    approveWithin: { least: "PT1M", most: "P90D" },
    reserveFor: { least: "PT1H", most: "P366D" },
    autoAfter: { least: "P3D", most: "P30D" },
    deliverWithin: { least: "P3D", most: "P60D" },
    returnWithin: { least: "P5D", most: "P60D" },
    inspectWithin: { least: "P2D", most: "P30D" },
  },
};

/** The one line of a trade that was proposed by its amount alone. */
const wholeTrade = "Total";

type Priced = Pick<Propose, "lines" | "amount" | "private">;

/**
 * The lines of a trade, from the lines, the amount, or both where they agree. In a private trade each piece counts as
 * one unit.
 */
export function linesOf(body: Priced): Refused | TermLine[] {
  if (body.private === true) return privateLines(body);
  const { amount, lines: proposed } = body;
  if (proposed === undefined) {
    if (amount === undefined)
      return { refused: "invalid_field", detail: "Lines or an amount must be given." };
    return [{ name: wholeTrade, quantity: 1, unitAmount: amount }];
  }
  const refused = checkTerms(proposed);
  if (refused !== undefined) return refused;
  const total = totalOf(proposed);
  if (amount !== undefined && BigInt(amount) !== total) {
    return { refused: "amount_mismatch", detail: `The lines come to ${total}, the amount says ${amount}.` };
  }
  return withWorths(proposed.map(kept));
}

/** A line without what it would be anyway: plain lines are kept as they always were. */
function kept({ kind, ...line }: TermLine): TermLine {
  return kind === undefined || kind === "goods" ? line : { ...line, kind };
}

function privateLines({ lines, amount }: Priced): Refused | TermLine[] {
  const isPriced = ({ unitAmount, amount: all, taxRate }: TermLine) =>
    unitAmount !== undefined || all !== undefined || taxRate !== undefined;
  if (amount !== undefined || lines?.some(isPriced) === true)
    return {
      refused: "invalid_field",
      detail: "A private trade has no amounts: the shop tells them elsewhere.",
    };
  if (lines === undefined) return { refused: "invalid_field", detail: "A private trade has lines." };
  const pieces = lines.map((line) => kept({ ...line, unitAmount: 1 }));
  if (pieces.some(follows))
    return {
      refused: "invalid_field",
      detail: "A private trade has goods and services only: what else is paid is part of their price.",
    };
  return checkTerms(pieces) ?? pieces;
}

/** What the engine fills in: who is paid, and who of the named parties is independent. */
type FilledIn = "shopName" | "shopAccount" | "feeAccount" | "fee" | "independent" | "settleAfter";

/** Reads the terms out of a proposal, whose dates are those of a time zone. */
export function termsOf(
  body: Propose,
  { defaults, timeZone }: { defaults: Defaults; timeZone: string },
  now: Date,
): Refused | Omit<Terms, FilledIn> {
  if (!isCurrency(body.currency))
    return { refused: "unknown_currency", detail: `${body.currency} is not an ISO 4217 code.` };
  const lines = linesOf(body);
  if ("refused" in lines) return lines;
  const acceptance = acceptanceOf(body, defaults);
  if ("refused" in acceptance) return acceptance;
  const approveWithin = body.approveWithin ?? defaults.approveWithin;
  const reserveFor = body.reserveFor ?? defaults.reserveFor;
  const extendableTo = body.extendableTo ?? null;
  const shipWithin = body.shipWithin ?? null;
  const coolingOff = coolingOffOf(body.coolingOff ?? defaults.coolingOff, now);
  for (const duration of [extendableTo, shipWithin]) {
    if (duration !== null && !isSensible(duration, now)) return outOfRange(duration);
  }
  const beyond = beyondBounds({ approveWithin, reserveFor, ...acceptance }, defaults.bounds, now);
  if (beyond !== undefined) return beyond;
  if (coolingOff !== null && !isSensible(coolingOff.for, now)) return outOfRange(coolingOff.for);
  const payment = paymentFor(body.payment, { defaults, timeZone }, now);
  if (isRefused(payment)) return payment;
  if (!isPayable(payment, now)) return paymentDateRefused;
  return {
    reference: body.reference ?? null,
    lines,
    payment,
    acceptance,
    approveWithin,
    reserveFor,
    extendableTo,
    shipWithin,
    coolingOff,
    personal: body.recipient !== undefined || body.buyerHint !== undefined || namesGuest(body),
    guest: false,
    ...(body.private === true ? { private: true as const } : {}),
    ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
    ...(isUsualAhead(defaults) ? {} : { tellAhead: [...defaults.tellAhead] }),
    ...(body.returnUrl === undefined ? {} : { returnUrl: body.returnUrl }),
  };
}

/** The least and the most that a buyer has to pay at a collector. */
const collectBounds = { least: "P3D", most: "P60D" };

/** The payment as this server takes it: by its own rail at once or on a date, or at a guarantor by a collector. */
export function paymentFor(
  wish: PaymentWish | undefined,
  { defaults: { collectWithin }, timeZone }: { defaults: Defaults; timeZone: string },
  now: Date,
): Refused | AgreedPayment {
  if (collectWithin === null) {
    if (wish?.on === "collection") return otherPayment("Nothing is collected for trades of this server.");
    return agreedPayment(wish ?? { on: "acceptance" }, timeZone);
  }
  if (wish !== undefined && wish.on !== "collection")
    return otherPayment("What is accepted at a guarantor is paid at a collector.");
  const within = wish?.within ?? collectWithin;
  const length = lengthOf(within, now);
  const { least, most } = collectBounds;
  if (length === undefined || length < (lengthOf(least, now) ?? 0) || length > (lengthOf(most, now) ?? 0))
    return {
      refused: "date_out_of_range",
      detail: `within is ${within}; this server takes ${least} to ${most}.`,
    };
  return { on: "collection", within };
}

const otherPayment = (detail: string): Refused => ({ refused: "invalid_field", detail });

const isUsualAhead = ({ tellAhead }: Defaults): boolean => tellAhead.join() === usualAhead.join();

/** A bare duration means that withdrawn goods go back; one of no length, that there is no cooling-off. */
function coolingOffOf(asked: string | CoolingOff | null, now: Date): CoolingOff | null {
  const whole = typeof asked === "string" ? { for: asked, goods: "return" as const } : asked;
  return whole === null || lengthOf(whole.for, now) === 0 ? null : whole;
}

/** A guest is the buyer only once they have approved; until then the shop has said who it may be. */
function namesGuest(body: Propose): boolean {
  return body.buyer !== undefined && "guest" in body.buyer;
}

function outOfRange(duration: string): Refused {
  return { refused: "date_out_of_range", detail: `${duration} is not between a second and 366 days.` };
}

/** How long a duration is from an instant on, in milliseconds; undefined where it is none. */
function lengthOf(duration: string, now: Date): number | undefined {
  const parsed = parseDuration(duration);
  if (parsed === undefined || parsed.months === 0) return parsed?.milliseconds;
  return addDuration(now, parsed).getTime() - now.getTime();
}

function isSensible(duration: string, now: Date): boolean {
  const length = lengthOf(duration, now);
  return length !== undefined && length >= 1000 && length <= 366 * 86_400_000;
}

/** Refuses durations that the server does not take. */
function beyondBounds(
  asked: Record<Exclude<BoundedTerm, "autoAfter">, string> & { autoAfter: string | null },
  bounds: Bounds,
  now: Date,
): Refused | undefined {
  for (const term of boundedTerms) {
    const length = asked[term] === null ? undefined : lengthOf(asked[term], now);
    const { least, most } = bounds[term];
    if (length === undefined) {
      if (asked[term] === null) continue;
      return outOfRange(asked[term]);
    }
    if (length < (lengthOf(least, now) ?? 0) || length > (lengthOf(most, now) ?? 0))
      return {
        refused: "date_out_of_range",
        detail: `${term} is ${asked[term]}; this server takes ${least} to ${most}.`,
      };
  }
  return undefined;
}

function acceptanceOf(body: Propose, defaults: Defaults): Refused | AcceptanceTerms {
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
  return {
    by,
    need,
    autoAfter,
    place: asked.place ?? null,
    deliverWithin: asked.deliverWithin ?? defaults.deliverWithin,
    returnWithin: asked.returnWithin ?? defaults.returnWithin,
    inspectWithin: asked.inspectWithin ?? defaults.inspectWithin,
  };
}

/** What a member wants at least of a trade under a mandate. */
export type MandatedTerms = Partial<Record<Exclude<BoundedTerm, "approveWithin">, string>>;

/**
 * Says which term of a trade a mandate does not cover, in words: the money frozen for longer, or less time for the buyer
 * than they have agreed to. What the mandate leaves out is as the server has it by default.
 */
export function beyondMandated(
  terms: Pick<Terms, "reserveFor" | "extendableTo" | "acceptance">,
  mandated: MandatedTerms,
  defaults: Defaults,
  now: Date,
): string | undefined {
  const { acceptance, reserveFor, extendableTo } = terms;
  const longer = (left: string, right: string) => (lengthOf(left, now) ?? 0) > (lengthOf(right, now) ?? 0);
  const wished = { ...defaults, ...mandated };
  if (longer(reserveFor, wished.reserveFor)) return `reserveFor is longer than ${wished.reserveFor}`;
  if (extendableTo !== null && longer(extendableTo, wished.reserveFor))
    return `extendableTo is longer than ${wished.reserveFor}`;
  if (longer(acceptance.deliverWithin, wished.deliverWithin))
    return `deliverWithin is longer than ${wished.deliverWithin}`;
  if (longer(acceptance.inspectWithin, wished.inspectWithin))
    return `inspectWithin is longer than ${wished.inspectWithin}`;
  if (longer(wished.returnWithin, acceptance.returnWithin))
    return `returnWithin is shorter than ${wished.returnWithin}`;
  if (
    acceptance.autoAfter !== null &&
    wished.autoAfter !== null &&
    longer(wished.autoAfter, acceptance.autoAfter)
  )
    return `autoAfter is shorter than ${wished.autoAfter}`;
  return undefined;
}
