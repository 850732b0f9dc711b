/** The buyer's approval of a proposal (S504; paragraphs 0065-0067). */
import {
  type Act,
  type AgreedPayment,
  type Decision,
  draftOf,
  paymentFor,
  type RevisionAsked,
  speakerOf,
  type Trade,
} from "../../core/trade/trade.ts";
import { waitsForLook } from "../../core/earmarks/earmarks.ts";
import { decide, standingRevision, transitions } from "../../core/machine/machine.ts";
import { isRefused, type Refused } from "../../core/protocol/protocol.ts";
import type { Approve } from "../../core/protocol/schemas.ts";
import { apply, type KeptTrade, type Result, resultOf, type Rules, type World } from "../steps/steps.ts";
import { ownWord, tradingShop } from "./proposal.ts";
import { reserveOrRefuse } from "./reserving.ts";

/** The buyer agrees and chooses how to pay; the amount is frozen. Where the trade has no buyer, the person who approves becomes it. */
export function approveTrade(rules: Rules, world: World, trade: KeptTrade, body: Approve, act: Act): Result {
  const refuse = (refused: Refused): Result => ({ ...refused, trade: trade.number });
  const speaker = speakerOf(act);
  if (speaker !== "buyer" && speaker !== "operator") return refuse({ refused: "not_allowed" });
  const asked = standingRevision(trade);
  if (asked === undefined && waitsForLook(trade, world.now)) return agreeToOrder(world, trade, body, act);
  const cell = transitions[trade.state].reserve;
  if (asked === undefined && typeof cell === "string")
    return refuse({ refused: cell, detail: `The trade is ${trade.state}.` });
  if (body.version !== undefined && body.version !== trade.version)
    return refuse({ refused: "trade_changed" });
  const shop = tradingShop(world, trade.shop);
  if (isRefused(shop)) return refuse(shop);
  const word = ownWord(shop, body.acceptors ?? []);
  if (word !== undefined) return refuse(word);
  if (body.shopWord === true && !shop.standing.word)
    return refuse({ refused: "not_allowed", detail: "An operator does not let this shop's own word count." });
  const bought = withBuyer(world, trade, act);
  if (isRefused(bought)) return refuse(bought);
  const missing = body.acceptors?.find(
    (role) => (role === "carrier" || role === "provider") && trade[role] === null,
  );
  if (missing !== undefined)
    return refuse({ refused: "invalid_field", detail: `The trade names no ${missing}.` });
  const payment = body.payment && paymentFor(body.payment, rules, world.now);
  if (payment !== undefined && isRefused(payment)) return refuse(payment);
  if (asked !== undefined) return approveRevision(world, trade, asked, { ...body, payment }, act);
  const agreed: Decision = { next: bought, effects: [], events: [] };
  const { method, acceptors, shopWord } = body;
  return reserveOrRefuse(world, trade, agreed, {
    mandate: undefined,
    operator: act.role === "operator",
    method,
    payment,
    acceptors,
    shopAgreed: false,
    shopWord,
    act,
  });
}

/** The buyer agrees to the other terms that the shop has asked for: the new reservation takes the place of the old in one step. */
function approveRevision(
  world: World,
  trade: KeptTrade,
  asked: RevisionAsked,
  body: Omit<Approve, "payment"> & { payment: AgreedPayment | undefined },
  act: Act,
): Result {
  if (new Date(asked.until) <= world.now)
    return {
      refused: "offer_over",
      detail: "The shop's wish was for a time that is over.",
      trade: trade.number,
    };
  const { lines, payment } = asked;
  const agreed = decide(trade, { do: "revise", lines, payment, order: asked.order }, act);
  if (isRefused(agreed)) return { ...agreed, trade: trade.number };
  return reserveOrRefuse(world, trade, agreed, {
    mandate: undefined,
    operator: act.role === "operator",
    method: body.method ?? trade.method ?? undefined,
    payment: body.payment,
    acceptors: body.acceptors ?? trade.terms.acceptance.by,
    shopAgreed: true,
    shopWord: body.shopWord ?? trade.terms.acceptance.shopWord,
    act,
  });
}

/** The order that came under an earmark is the buyer's own: it need not wait for their time to look. */
function agreeToOrder(world: World, trade: KeptTrade, { version, ...said }: Approve, act: Act): Result {
  const refuse = (refused: Refused): Result => ({ ...refused, trade: trade.number });
  if (version !== undefined && version !== trade.version) return refuse({ refused: "trade_changed" });
  const { method, payment, acceptors, shopWord } = said;
  if ([method, payment, acceptors, shopWord].some((each) => each !== undefined))
    return refuse({
      refused: "invalid_field",
      detail: "The order is within what was reserved: nothing is to be chosen.",
    });
  const seen = decide(trade, { do: "revise", seen: true }, act);
  if (isRefused(seen)) return refuse(seen);
  return resultOf(apply(world, trade, [seen], act, "revise"), { status: 200, role: act.role }, trade.number);
}

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
