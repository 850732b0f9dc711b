/** The one word that a shop's order page shows of a trade. */
import type { TradeView } from "./wire-trades.ts";

/** All there are; a page has a sentence for each. */
export const standings = [
  "to_approve", // the buyer has still to agree
  "confirming", // the buyer has agreed, and whoever keeps the money has still to answer
  "payment_refused", // the means of payment said no: it can be tried again
  "to_ship", // the money is frozen: send the goods
  "partly_shipped",
  "shipped",
  "delivered", // something is with the buyer, and undecided
  "accepted", // all is decided, and paid on the payment date
  "paid",
  "coming_back", // goods are on their way back, or have to be sent back
  "returned", // nothing was kept, and nothing is frozen any more
  "refunded", // all that was paid has gone back
  "disputed",
  "cancelled",
  "expired",
] as const;
export type Standing = (typeof standings)[number];

/** How a trade stands, in one word of {@link standings}. Throws RangeError for a state that this version does not know. */
export function standing(trade: TradeView): Standing {
  const { state } = trade;
  const isComingBack = trade.lots.some(({ at }) => at === "rejected" || at === "withdrawn");
  switch (state) {
    case "proposed":
      return trade.pending === null ? "to_approve" : "confirming";
    case "refused":
      return trade.pending === null ? "payment_refused" : "confirming";
    case "reserved":
      return shipping(trade);
    case "delivered":
      return isComingBack ? "coming_back" : "delivered";
    case "accepted":
      return isComingBack ? "coming_back" : "accepted";
    case "settled":
      if (isComingBack) return "coming_back";
      return isAllBack(trade) ? "refunded" : "paid";
    case "rejected":
      return isComingBack ? "coming_back" : "returned";
    case "disputed":
    case "cancelled":
    case "expired":
      return state;
    default:
      throw new RangeError(`This version of the SDK does not know the state ${JSON.stringify(state)}.`);
  }
}

function shipping({ lines }: TradeView): Standing {
  if (lines.every(({ shipped }) => shipped === 0)) return "to_ship";
  const isAll = lines.every(({ quantity, shipped, ended }) => shipped + ended >= quantity);
  return isAll ? "shipped" : "partly_shipped";
}

/** Where amounts are not known, as in a private trade, what went back is not known either. */
function isAllBack({ settled, refunded }: TradeView): boolean {
  return typeof settled === "number" && settled > 0 && refunded === settled;
}
