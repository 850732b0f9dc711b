/** Offers: one side says how it would divide the money, and the other side may take it. */
import {
  type Act,
  amountUnknown,
  decided,
  type Decision,
  draftOf,
  endDispute,
  settleUp,
  sideOf,
  stateOf,
  basisOf,
  isPaid,
  pick,
  type Picked,
  unmark,
  type Lot,
  type Offer as Made,
  type Trade,
  unaccepted,
  worthOf,
} from "../trade/trade.ts";
import type { Refused } from "../protocol/protocol.ts";
import type { AcceptOffer, Offer } from "../protocol/schemas.ts";
import { divide, waits } from "./verdict.ts";

/** One side says how it would divide all that is frozen and not accepted, and what it would give back of what is paid. */
export function offer(trade: Trade, command: Offer, act: Act): Refused | Decision {
  const by = sideOf(act);
  if (by === undefined)
    return { refused: "not_allowed", detail: "An operator says for which side they offer." };
  if (trade.terms.private === true) return amountUnknown;
  const { release: back, pay: toShop, refund = 0 } = command;
  const refused = checkOffer(trade, { release: back, pay: toShop, refund });
  if (refused !== undefined) return refused;
  const next = draftOf(trade);
  unmark(next);
  const version = trade.version + 1;
  const basis = basisOf(next, next.progress.lots);
  next.progress.offer = { by, release: back, pay: toShop, refund, version, of: "all", ...basis };
  const decision = decided(next);
  decision.events.push({ type: "trade.offered", data: { by, release: back, pay: toShop, refund, version } });
  return decision;
}

function checkOffer(
  trade: Trade,
  asked: { release: number; pay: number; refund: number },
): Refused | undefined {
  const frozen = unaccepted(trade);
  if (BigInt(asked.release) + BigInt(asked.pay) !== frozen)
    return {
      refused: "amount_mismatch",
      detail: `${frozen} is frozen and not accepted: release and pay come to that.`,
    };
  if (BigInt(asked.refund) > trade.settled - trade.refunded)
    return {
      refused: "amount_exceeds_settled",
      detail: `${trade.settled - trade.refunded} was settled and not yet refunded.`,
    };
  return frozen === 0n && asked.refund === 0
    ? { refused: "nothing_to_accept", detail: "There is nothing to divide." }
    : undefined;
}

/** The other side takes an offer: it is carried out, and what it is about is over. */
export function acceptOffer(trade: Trade, command: AcceptOffer, act: Act): Refused | Decision {
  const made = trade.progress.offer;
  if (made === undefined || made.version !== command.version) return { refused: "no_offer" };
  const side = sideOf(act);
  if (side === undefined || side === made.by)
    return { refused: "not_allowed", detail: "An offer is for the other side." };
  const next = draftOf(trade);
  delete next.progress.offer;
  const picked = goodsOfOffer(next, made);
  if ("refused" in picked) return picked;
  const decision = decided(next);
  const { release: back, pay: toShop, refund } = made;
  decision.events.push({ type: "trade.resolved", data: { by: "offer", release: back, pay: toShop, refund } });
  const refused = divide(decision, picked, BigInt(toShop), BigInt(refund), act.now);
  if (refused !== undefined) return refused;
  settleUp(decision, act);
  if (isAgreed(next, made, act.now)) {
    endDispute(decision, act.now);
    next.state = stateOf(next);
  }
  return decision;
}

/** True where goods and money are still those that the offer was made for; it does not come on top of what went back since. */
function isStill(next: Trade, made: Made, { lots, unshipped }: Picked): boolean {
  const frozen = lots.filter((lot) => !isPaid(lot));
  const { withdrawn, paidBack } = basisOf(next, lots);
  return (
    worthOf(next, [...frozen, ...unshipped]) === BigInt(made.release + made.pay) &&
    withdrawn === made.withdrawn &&
    paidBack === made.paidBack
  );
}

/** Takes the goods that an offer is about out of their lots. Refuses one that does not fit the trade any more. */
function goodsOfOffer(next: Trade, made: Made): Refused | Picked {
  const of = made.of === "all" ? () => true : (lot: Lot) => lot.offered === true;
  const picked = pick(next, { lines: undefined, ranks: [of], unshipped: made.of === "all" });
  if ("refused" in picked) return picked;
  if (isStill(next, made, picked)) return picked;
  return { refused: "no_offer", detail: "The trade has gone on since; the offer is about other goods." };
}

/** The offer that the other side can take; none where the trade has gone on since and it is about other goods. */
export function standingOffer(trade: Trade): Made | undefined {
  const { offer: made } = trade.progress;
  return made === undefined || "refused" in goodsOfOffer(draftOf(trade), made) ? undefined : made;
}

/**
 * True where the dispute was about the goods of this offer alone: it is not the buyer's own, and no other goods are contested
 * or have nobody left to wait for.
 */
function isAgreed(next: Trade, made: Made, now: Date): boolean {
  const { disputed, lots } = next.progress;
  if (disputed === null || made.of !== "offered" || disputed.by === "buyer") return false;
  const isStuck = (lot: Lot) =>
    lot.contested !== undefined ||
    ((lot.at === "rejected" || lot.at === "withdrawn") && !waits(next, lot, now));
  return !lots.some(isStuck);
}
