/** What a shop's people can do with an order at the desk: the acts of the pages of trades, and those that only this desk has. */
import type { TradeView } from "../../core/protocol/protocol.ts";
import { hasLeft, isOver, lookUntilOf, type Now } from "../parts/parts.ts";
import { actsOffered } from "../trade-views/trade-views.ts";

/** The most likely first, as the page shows them. */
export const deskActs = [
  "accept-offer",
  "answer",
  "ship",
  "return",
  "contest",
  "deliver",
  "accept",
  "release",
  "claim",
  "say",
  "offer",
  "refund",
  "revise",
  "extend",
  "advance",
  "dispute",
  "cancel",
] as const;
export type DeskAct = (typeof deskActs)[number];

/** A trade with what this server does beside it. */
export interface DeskTrade {
  trade: TradeView;
  now: Now;
  /** The server pays shops early. */
  early: boolean;
}

/** What the desk alone offers, and when. */
const own: Partial<Record<DeskAct, (of: DeskTrade) => boolean>> = {
  contest: ({ trade, trade: { lots, state }, now }) =>
    state !== "disputed" &&
    lookUntilOf(trade, now) === undefined &&
    lots.some(({ at }) => at === "rejected" || at === "withdrawn"),
  revise: ({ trade }) =>
    trade.amount != null &&
    ((trade.state === "reserved" && !hasLeft(trade)) ||
      trade.state === "proposed" ||
      trade.state === "refused"),
  advance: ({ trade, now, early }) =>
    early &&
    lookUntilOf(trade, now) === undefined &&
    trade.advance == null &&
    trade.frozen != null &&
    trade.frozen > 0 &&
    ["reserved", "delivered", "accepted"].includes(trade.state),
  release: ({ trade: { guarantee, settled, state } }) =>
    guarantee !== undefined && guarantee.state === "open" && (settled ?? 0) > 0 && state !== "disputed",
  claim: ({ trade: { guarantee }, now }) =>
    guarantee !== undefined && guarantee.due > 0 && isOver(guarantee.claimFrom, now),
};

/** All that can be done now. The server decides anew when it is asked. */
export function deskOffers(of: DeskTrade): DeskAct[] {
  if (of.trade.pending !== null) return [];
  const common = actsOffered(of.trade, "shop", of.now);
  const waits = of.trade.earmark?.state === "open";
  return deskActs.filter((act) => {
    const alone = own[act];
    if (alone !== undefined) return alone(of) && (!waits || act === "revise");
    return common.some((each) => each === act);
  });
}
