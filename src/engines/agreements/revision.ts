/** Revisions of what was agreed (paragraphs 0065-0067). */
import {
  endOfReservation,
  type Act,
  type AgreedPayment,
  paymentFor,
  isPart,
  isReduction,
  linesOf,
  speakerOf,
  type TermLine,
  totalOf,
  type Trade,
} from "../../core/trade/trade.ts";
import { hasEarmark, type NewOrder } from "../../core/earmarks/earmarks.ts";
import { decide, linesLeft, type Revision } from "../../core/machine/machine.ts";
import { isRefused, type Refused } from "../../core/protocol/protocol.ts";
import type { Revise } from "../../core/protocol/schemas.ts";
import type { MandateRow } from "../../storage/members/members.ts";
import {
  apply,
  type KeptTrade,
  referenceKey,
  type Result,
  resultOf,
  type Rules,
  type World,
} from "../steps/steps.ts";
import { beyondMandate, checkMandate, mandateOfPrivate, reserveOrRefuse } from "./reserving.ts";
import { checkParties, independentOf, tradingShop } from "./proposal.ts";

/**
 * Changes a trade before anything was delivered, and reserves it again where somebody's consent covers the
 * new terms; else the buyer is asked, and what is reserved stands until they agree.
 */
export function reviseTrade(rules: Rules, world: World, trade: KeptTrade, body: Revise, act: Act): Result {
  const result = revisedTrade(rules, world, trade, body, act);
  if (!isRefused(result) && body.reference !== undefined) takeReference(world, trade, body.reference);
  return result;
}

/** Of a shop that uses each of its references once. */
function takeReference(world: World, { shop, number }: Trade, reference: string): void {
  const key = referenceKey(shop, reference);
  if (world.shops.get(shop)?.uniqueReferences !== true || world.references.has(key)) return;
  world.references.set(key, number);
  world.takenReferences.push({ shop, reference, number });
}

function revisedTrade(rules: Rules, world: World, trade: KeptTrade, body: Revise, act: Act): Result {
  const refuse = (refused: Refused): Result => ({ ...refused, trade: trade.number });
  const payment = body.payment && paymentFor(body.payment, rules, world.now);
  if (payment !== undefined && isRefused(payment)) return refuse(payment);
  const revision = revisionOf(trade, body, payment);
  if (isRefused(revision)) return refuse(revision);
  if (revision.decline === true) {
    if (speakerOf(act) === "shop")
      return refuse({
        refused: "not_allowed",
        detail: "A shop takes a wish back by revising to what was agreed.",
      });
    const declined = decide(trade, { do: "revise", ...revision }, act);
    if (isRefused(declined)) return refuse(declined);
    const applied = apply(world, trade, [declined], act, "revise");
    return resultOf(applied, { status: 200, role: act.role }, trade.number);
  }
  const beyond = speakerOf(act) === "shop" ? undefined : beyondBuyer(trade, revision.lines);
  if (beyond !== undefined) return refuse(beyond);
  const shop = tradingShop(world, trade.shop);
  if (isRefused(shop)) return refuse(shop);
  const order = orderIn(world, trade, revision.lines, body, act);
  if (order !== undefined && isRefused(order)) return refuse(order);
  const consent = consentTo(rules, world, trade, revision.lines, body, act);
  if (isRefused(consent)) return refuse(consent);
  const asks = consent.how === "none" ? (true as const) : undefined;
  const revised = decide(trade, { do: "revise", ...revision, asks, order }, act);
  if (isRefused(revised)) return refuse(revised);
  if (consent.how === "none") {
    const applied = apply(world, trade, [revised], act, "revise");
    return resultOf(applied, { status: 200, role: act.role }, trade.number);
  }
  const asShop = speakerOf(act) === "shop";
  // What the buyer agreed to about acceptors stands; before anybody has agreed, the shop is not one of them.
  const agreed = trade.method !== null || consent.mandate !== undefined;
  return reserveOrRefuse(world, trade, revised, {
    mandate: consent.mandate,
    operator: act.role === "operator" && !asShop,
    method: body.method ?? consent.method,
    payment,
    acceptors: agreed ? trade.terms.acceptance.by : undefined,
    shopAgreed: agreed,
    // A revision that the buyer was not asked about freezes no money for longer.
    notAfter: asShop ? (endOfReservation(trade) ?? undefined) : undefined,
    shipBefore: asShop ? (trade.shipBy ?? undefined) : undefined,
    act,
  });
}

/** `payment`: what the body says of it, as it would be agreed. */
function revisionOf(trade: Trade, body: Revise, payment: AgreedPayment | undefined): Refused | Revision {
  if (body.decline === true) {
    const { decline, operator: _, ...more } = body;
    return Object.keys(more).some((name) => name !== "do" && name !== "version")
      ? { refused: "invalid_field", detail: "What is declined is not revised at the same time." }
      : { decline };
  }
  if (
    body.lines === undefined &&
    body.amount === undefined &&
    body.payment === undefined &&
    body.method === undefined &&
    body.approval === undefined
  ) {
    return { refused: "invalid_field", detail: "The revision changes nothing." };
  }
  if (trade.terms.private === true && body.approval !== undefined) return mandateOfPrivate;
  if (body.lines === undefined && body.amount === undefined) return { payment };
  if (trade.terms.private === true) return { refused: "invalid_field", detail: privateLines };
  const lines = linesOf({
    ...(body.lines === undefined ? {} : { lines: body.lines }),
    ...(body.amount === undefined ? {} : { amount: body.amount }),
  });
  return isRefused(lines) ? lines : { lines, payment };
}

const privateLines =
  "The trade is private, and what it costs was told for these lines: cancel it and propose another.";

/** A buyer may take less before it is reserved; more, other goods, and another price are for the shop to offer. */
function beyondBuyer(trade: Trade, lines: TermLine[] | undefined): Refused | undefined {
  if (lines === undefined) return undefined;
  if (trade.state === "reserved") {
    return {
      refused: "not_allowed",
      detail: "The shop may be sending the goods already; ask it to change the order.",
    };
  }
  return isPart(trade.terms.lines, lines)
    ? undefined
    : {
        refused: "not_allowed",
        detail: "A buyer can take less of what was offered, at its price, not more and not something else.",
      };
}

type ConsentFound =
  | { how: "none" }
  | { how: "given"; mandate: MandateRow | undefined; method: string | undefined };

/**
 * Who has agreed to the new terms: the buyer or an operator who makes the revision, a mandate, or the buyer's
 * earlier approval, as far as the shop asks for no more than it covered.
 */
function consentTo(
  rules: Rules,
  world: World,
  trade: Trade,
  lines: TermLine[] | undefined,
  body: Revise,
  act: Act,
): Refused | ConsentFound {
  // The buyer has let the head of a chain reserve; a store that has taken the order goes on under that.
  if (body.approval !== undefined) {
    const mandate = checkMandate(world, body.approval.mandate, trade.chain ?? trade.shop, trade.currency);
    if (isRefused(mandate)) return mandate;
    if (trade.buyer !== null && mandate.person !== trade.buyer) {
      return { refused: "mandate_not_valid", detail: "The mandate is another member's." };
    }
    const beyond = beyondMandate(rules, mandate, trade.terms, world.now);
    if (beyond !== undefined) return beyond;
    return { how: "given", mandate, method: undefined };
  }
  const method = trade.method ?? undefined;
  // An operator who passes on the shop's word has not asked the buyer.
  if (act.role === "operator" && speakerOf(act) !== "shop")
    return trade.buyer === null ? { how: "none" } : { how: "given", mandate: undefined, method };
  if (act.role === "buyer") {
    return method === undefined && body.method === undefined
      ? { how: "none" }
      : { how: "given", mandate: undefined, method };
  }
  if (body.method !== undefined)
    return { refused: "not_allowed", detail: "How to pay is for the buyer to choose." };
  if (trade.mandate !== null) {
    const mandate = checkMandate(world, trade.mandate, trade.chain ?? trade.shop, trade.currency);
    return isRefused(mandate) ? { how: "none" } : { how: "given", mandate, method };
  }
  const covered =
    method !== undefined && (lines === undefined || isCovered(trade, lines)) && body.payment === undefined;
  return covered ? { how: "given", mandate: undefined, method } : { how: "none" };
}

/** Whether the buyer has agreed to as much: fewer goods at no higher price, or an order within what was reserved for it. */
function isCovered(trade: Trade, lines: TermLine[]): boolean {
  return hasEarmark(trade) ? totalOf(lines) <= trade.amount : isReduction(linesLeft(trade), lines);
}

/** The order in a revision, where an earmark waits for one; undefined where it is a revision of an order. */
function orderIn(
  world: World,
  trade: Trade,
  lines: TermLine[] | undefined,
  body: Revise,
  act: Act,
): Refused | NewOrder | undefined {
  const { reference, carrier } = body;
  const said = reference !== undefined || carrier !== undefined;
  if (!hasEarmark(trade)) return said ? { refused: "invalid_field", detail: withOrder } : undefined;
  if (speakerOf(act) === "buyer") return said ? { refused: "not_allowed" } : undefined;
  if (lines === undefined) return { refused: "order_to_follow" };
  // The buyer has agreed to nothing that was refused to them.
  if (trade.state === "proposed" || trade.state === "refused") return { refused: "trade_not_open" };
  if (body.lines === undefined) return { refused: "invalid_field", detail: "An order names its lines." };
  const other =
    reference === undefined ? undefined : world.references.get(referenceKey(trade.shop, reference));
  if (other !== undefined && other !== trade.number) return { refused: "reference_in_use" };
  const refused = checkParties(world, body);
  if (refused !== undefined) return refused;
  const order: NewOrder = reference === undefined ? {} : { reference };
  if (carrier !== undefined) order.carrier = carrier;
  if (independentOf(world, body).includes("carrier")) order.independent = true;
  return order;
}

const withOrder = "Reference and carrier are named with the order, and stay.";
