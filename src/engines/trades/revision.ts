/** The buyer's approval of a proposal, and revisions of what was agreed (S504-S506; paragraphs 0065-0067). */
import type { MandateRow } from "../../storage/members/members.ts";
import type { Approve, Revise } from "../../core/protocol/schemas.ts";
import {
  beyondMandate,
  checkMandate,
  mandateOfPrivate,
  payeeOf,
  reserveOrRefuse,
  tradingShop,
} from "./proposal.ts";
import { apply } from "./effects.ts";
import { actOf, type Request, type Result, type World } from "./world.ts";
import { catchUp } from "./deadlines.ts";
import {
  type Act,
  decide,
  type Decision,
  draftOf,
  isReduction,
  isRefused,
  linesOf,
  type Refused,
  type Revision,
  type TermLine,
  type Trade,
} from "../../core/machine/machine.ts";

/** The buyer agrees and chooses how to pay; the amount is frozen. Whoever approves a trade without a buyer becomes it. */
export function approveTrade(world: World, trade: Trade, body: Approve, act: Act): Result {
  const refuse = (refused: Refused): Result => ({ ...refused, trade: trade.number });
  if (act.role !== "buyer" && act.role !== "operator") return refuse({ refused: "not_allowed" });
  if (trade.state !== "proposed" && trade.state !== "refused") {
    const told = decide(
      trade,
      { do: "reserve", chosen: noMethod, shopAgreed: false },
      { ...act, role: "buyer" },
    );
    return refuse(isRefused(told) ? told : { refused: "trade_not_open" });
  }
  if (body.version !== undefined && body.version !== trade.version)
    return refuse({ refused: "trade_changed" });
  const shop = tradingShop(world, trade.shop);
  if (isRefused(shop)) return refuse(shop);
  const bought = withBuyer(world, trade, act);
  if (isRefused(bought)) return refuse(bought);
  const missing = body.acceptors?.find(
    (role) => (role === "carrier" || role === "provider") && trade[role] === null,
  );
  if (missing !== undefined)
    return refuse({ refused: "invalid_field", detail: `The trade names no ${missing}.` });
  const agreed: Decision = { next: bought, effects: [], events: [] };
  const { method, payment, acceptors } = body;
  return reserveOrRefuse(world, trade, agreed, {
    mandate: undefined,
    operator: act.role === "operator",
    method,
    payment,
    acceptors,
    shopAgreed: false,
    act,
  });
}

const noMethod = { method: "", account: "", mandate: null };

function withBuyer(world: World, trade: Trade, act: Act): Refused | Trade {
  if (trade.buyer !== null) {
    const person = world.people.get(trade.buyer);
    return person !== undefined && person.state !== "active" ? { refused: "member_not_approved" } : trade;
  }
  const person = act.actor === null ? undefined : world.people.get(act.actor);
  if (act.role !== "buyer" || person === undefined) {
    return { refused: "approval_required", detail: "The trade has no buyer yet: the buyer opens its link." };
  }
  if (person.state !== "active") return { refused: "member_not_approved" };
  const next = draftOf(trade);
  next.buyer = person.id;
  next.member = person.number;
  const guest = person.kind === "guest";
  next.terms = { ...next.terms, guest, personal: next.terms.personal || guest };
  return next;
}

/**
 * Changes a trade before anything was delivered, and reserves it again where somebody's consent covers the
 * new terms; else the buyer is asked again.
 */
export function reviseTrade(world: World, trade: Trade, body: Revise, act: Act): Result {
  const refuse = (refused: Refused): Result => ({ ...refused, trade: trade.number });
  const revision = revisionOf(trade, body);
  if (isRefused(revision)) return refuse(revision);
  if (act.role === "buyer") {
    const beyond = beyondBuyer(trade, revision.lines);
    if (beyond !== undefined) return refuse(beyond);
  }
  const revised = decide(trade, { do: "revise", ...revision }, act);
  if (isRefused(revised)) return refuse(revised);
  const shop = tradingShop(world, trade.shop);
  if (isRefused(shop)) return refuse(shop);
  const consent = consentTo(world, trade, revision.lines, body, act);
  if (isRefused(consent)) return refuse(consent);
  if (consent.how === "none") {
    const applied = apply(world, trade, [revised], act, "revise");
    if (applied.how === "refused") return refuse({ refused: applied.code });
    return applied.how === "asked"
      ? { status: 200, trade: applied.trade, role: act.role, waits: true }
      : { status: 200, trade: revised.next, role: act.role };
  }
  // What the buyer agreed to about acceptors stands; before anybody has agreed, the shop is not one of them.
  const agreed = trade.method !== null || consent.mandate !== undefined;
  return reserveOrRefuse(world, trade, revised, {
    mandate: consent.mandate,
    operator: act.role === "operator",
    method: body.method ?? consent.method,
    payment: body.payment,
    acceptors: agreed ? trade.terms.acceptance.by : undefined,
    shopAgreed: agreed,
    act,
  });
}

function revisionOf(trade: Trade, body: Revise): Refused | Revision {
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
  if (body.lines === undefined && body.amount === undefined) return { payment: body.payment };
  if (trade.terms.private === true) return { refused: "invalid_field", detail: privateLines };
  const lines = linesOf({
    ...(body.lines === undefined ? {} : { lines: body.lines }),
    ...(body.amount === undefined ? {} : { amount: body.amount }),
  });
  return isRefused(lines) ? lines : { lines, payment: body.payment };
}

const privateLines =
  "The trade is private, and what it costs was told for these lines: cancel it and propose another.";

/** A buyer may ask for less before it is reserved; more, or other goods, is for the shop to offer. */
function beyondBuyer(trade: Trade, lines: TermLine[] | undefined): Refused | undefined {
  if (lines === undefined) return undefined;
  if (trade.state === "reserved") {
    return {
      refused: "not_allowed",
      detail: "The shop may be sending the goods already; ask it to change the order.",
    };
  }
  return isReduction(trade.terms.lines, lines)
    ? undefined
    : {
        refused: "not_allowed",
        detail: "A buyer can take less of what was offered, not more and not something else.",
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
    const beyond = beyondMandate(mandate, trade.terms.acceptance.by);
    if (beyond !== undefined) return beyond;
    return { how: "given", mandate, method: undefined };
  }
  const method = trade.method ?? undefined;
  if (act.role === "operator")
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
    method !== undefined &&
    isReduction(trade.terms.lines, lines ?? trade.terms.lines) &&
    body.payment === undefined;
  return covered ? { how: "given", mandate: undefined, method } : { how: "none" };
}

/** A store takes an order of its chain's head: it becomes the shop of the trade. Taking what one has is no new step. */
export function assignTrade(world: World, request: Request & { do: "assign" }): Result {
  const found = world.trades.get(request.number);
  if (found === undefined) return { refused: "not_found" };
  const trade = catchUp(world, found);
  const { actor, head } = request;
  const refuse = (refused: Refused): Result => ({ ...refused, trade: trade.number });
  if (trade.shop === actor.id && trade.chain === head) return { status: 200, trade, role: "shop" };
  if (trade.pending !== null) return refuse({ refused: "trade_busy" });
  if (trade.shop !== head) return refuse({ refused: "offer_over" });
  const shop = tradingShop(world, actor.id);
  if (isRefused(shop)) return refuse(shop);
  const payee = payeeOf(shop, trade.currency);
  if (isRefused(payee)) return refuse(payee);
  const act = actOf(world, "shop", actor);
  const decision = decide(trade, { do: "assign", store: shop.id, ...payee }, act);
  if (isRefused(decision)) return refuse(decision);
  const applied = apply(world, trade, [decision], act, "assign");
  if (applied.how === "refused") return refuse({ refused: applied.code });
  return applied.how === "asked"
    ? { status: 200, trade: applied.trade, role: "shop", waits: true }
    : { status: 200, trade: decision.next, role: "shop" };
}
