/** What somebody may do to a trade, by their part in it and by its state. */
import type { ActorRole, TradeView } from "../../core/protocol/protocol.ts";
import { openQuantity } from "../parts/parts.ts";

export const tradeActs = [
  "accept",
  "reject",
  "deliver",
  "at-door",
  "return",
  "dispute",
  "cancel",
  "extend",
  "refund",
] as const;

export type TradeAct = (typeof tradeActs)[number];

/** Whether somebody in this role sees neither price nor payer; their pages speak of goods only. */
export function goodsOnly(role: ActorRole): boolean {
  return role === "carrier" || role === "provider" || role === "recipient";
}

/** Whose acceptance somebody else may type, with the code that they give. */
export const isGiver = (role: ActorRole): boolean => role === "buyer" || role === "recipient";

/** Whether something was paid that can come back; where amounts are not known, whether something was accepted. */
function isPaid({ lines, settled = 0, refunded }: TradeView): boolean {
  return settled === null ? lines.some(({ accepted }) => accepted > 0) : settled > (refunded ?? 0);
}

/**
 * The acts a page offers to somebody in this role. An operator's acts have to say who asked for them, and so have no
 * form here. The server decides anew when one is pressed.
 */
export function actsOffered(trade: TradeView, role: ActorRole): (TradeAct | "approve")[] {
  const { state, acceptance, deadlines } = trade;
  const coming = state === "reserved" || state === "delivered";
  const left = trade.lines.length === 0 || trade.lines.some((line) => openQuantity(line) > 0);
  // While a step waits for its answer, every other one would be refused.
  if (role === "operator" || trade.pending !== null) return [];
  const buyer = role === "buyer";
  const brings = role === "carrier" || role === "provider";
  // Those who bring it say first that it is there.
  const accepts =
    coming &&
    left &&
    acceptance.by.some((acceptor) => acceptor === role) &&
    !(brings && state === "reserved");
  const offered: Record<TradeAct | "approve", boolean> = {
    approve: buyer && (state === "proposed" || state === "refused"),
    accept: accepts,
    reject: accepts && trade.lines.length > 0,
    deliver: state === "reserved" && (brings || role === "shop"),
    "at-door": brings && coming && left && acceptance.by.some(isGiver),
    return:
      (role === "carrier" || role === "shop") &&
      (coming || state === "rejected") &&
      trade.lines.some(({ rejected, returned }) => rejected > returned),
    dispute: (buyer || role === "shop") && (coming || state === "rejected"),
    cancel:
      (buyer && (state === "proposed" || state === "refused" || state === "reserved")) ||
      (role === "shop" && (state === "proposed" || state === "refused" || coming)),
    extend: (buyer || role === "shop") && coming,
    refund: buyer && deadlines.coolingOffUntil !== null && isPaid(trade),
  };
  return (["approve", ...tradeActs] as const).filter((act) => offered[act]);
}
