/** What may be done to a trade whose order is still to follow, and how the order comes under it. Pure, as every move of the machine. */
import {
  type Act,
  after,
  decided,
  type Decision,
  draftOf,
  type RevisionAsked,
  sideOf,
  speakerOf,
  type Terms,
  type Trade,
} from "../trade/trade.ts";
import type { Refused } from "../protocol/protocol.ts";

/** What the shop says with the order that it puts under an earmark: its own number of it, and who brings the goods. */
export type NewOrder = NonNullable<RevisionAsked["order"]>;

/** How long the buyer has to look at an order before it can be sent, unless they say that it is theirs. */
const lookFor = "P1D";

/** `open`: the order is still to follow. `ordered`: the shop has put its order under the number. */
type EarmarkState = "open" | "ordered";

/** Whether the order of a trade is still to follow. */
export const hasEarmark = ({ terms }: { terms: Pick<Terms, "earmark"> }): boolean => terms.earmark === true;

/** How it stands; undefined of a trade that began with its order. */
export function earmarkState(trade: Trade): EarmarkState | undefined {
  if (hasEarmark(trade)) return "open";
  return trade.progress.ordered === undefined ? undefined : "ordered";
}

/**
 * Until when an order waits for its buyer's look, of the instant that stands with it, RFC 3339; undefined where it can be sent.
 * What is refused and what pages offer both ask it.
 */
export function lookUntil(objectBy: string | null | undefined, now: Date): string | undefined {
  return objectBy != null && new Date(objectBy) > now ? objectBy : undefined;
}

/** Whether the buyer can still object before anything is sent. */
export function waitsForLook({ progress: { ordered } }: Pick<Trade, "progress">, now: Date): boolean {
  return lookUntil(ordered?.objectBy, now) !== undefined;
}

/** Moves of a trade that has no goods yet. What the clock has to do it does. */
const withoutOrder: ReadonlySet<string> = new Set(["reserve", "refuse", "revise", "cancel"]);
/** Moves by which goods leave the shop, are paid for, or are argued about. */
const withGoods: ReadonlySet<string> = new Set([
  "ship",
  "deliver",
  "at-door",
  "accept",
  "reject",
  "dispute",
  "advance",
]);

/** Why a move has to wait for the order, or for the buyer's look at it. The buyer's own word is a look. */
export function orderInstead(trade: Trade, move: string, act: Act): Refused | undefined {
  if (act.role === "clock") return undefined;
  if (hasEarmark(trade)) {
    const moves = withoutOrder.has(move) || (move === "extend" && speakerOf(act) !== "shop");
    return moves ? undefined : { refused: "order_to_follow" };
  }
  const { ordered } = trade.progress;
  if (!waitsForLook(trade, act.now) || !withGoods.has(move) || sideOf(act) === "buyer") return undefined;
  return {
    refused: "order_to_be_seen",
    detail: `The buyer has until ${ordered?.objectBy} to look at the order, unless they say before that it is theirs.`,
  };
}

/**
 * What a revision comes to where there is an earmark: lines by the shop, or lines that the buyer agrees to, are the order. A later
 * revision leaves the buyer's time to look as it was.
 */
export function placed(trade: Trade, revised: Decision, order: NewOrder | undefined, act: Act): Decision {
  const { next, events } = revised;
  if (!hasEarmark(trade)) {
    if (trade.progress.ordered !== undefined) next.progress.ordered = trade.progress.ordered;
    return revised;
  }
  if (order === undefined) return revised;
  // A wish for more than was reserved: it is the order once the buyer agrees.
  if (next.progress.revisionAsked !== undefined) {
    next.progress.revisionAsked.order = order;
    return revised;
  }
  const { reference, carrier, independent } = order;
  const { earmark: _, ...terms } = next.terms;
  next.carrier = carrier ?? null;
  next.terms = {
    ...terms,
    reference: reference ?? null,
    independent: independent === true ? ["carrier"] : [],
  };
  const isSeen = sideOf(act) === "buyer" || speakerOf(act) === "operator";
  next.progress.ordered = isSeen ? {} : { objectBy: after(act.now, lookFor).toISOString() };
  for (const event of events) if (event.type === "trade.revised") event.type = "trade.ordered";
  return revised;
}

/** The buyer says that the order is theirs: it can be sent. */
export function seeOrder(trade: Trade, act: Act): Refused | Decision {
  if (!waitsForLook(trade, act.now)) return { refused: "already_reserved" };
  const next = draftOf(trade);
  next.progress.ordered = {};
  const decision = decided(next);
  decision.events.push({ type: "trade.order_seen", data: { by: speakerOf(act) } });
  return decision;
}
