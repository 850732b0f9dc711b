/** What it costs to be paid early for an order, as the server at which it is paid says now. */
import { percentOf } from "../../core/money/money.ts";
import type { TradeView } from "../../core/protocol/protocol.ts";
import type { Shop } from "../shop-frame/shop-frame.ts";
import { type Order, tillOf } from "../shop-orders/shop-orders.ts";
import type { AdvancePrice } from "./ask-page.tsx";

/** What a form says of the price that it showed. */
export const priceSaid = (price: AdvancePrice | undefined): string => String(price?.price ?? "unknown");

/** Undefined where the server does not say: then nobody is told a price that may be wrong. */
export async function advancePrice(
  shop: Shop,
  order: Order,
  view: TradeView,
): Promise<AdvancePrice | undefined> {
  const told = await tillOf(shop, order)?.hurried.advances.accounts();
  const prices = told?.outcome === "done" ? told.prices : undefined;
  if (prices == null) return undefined;
  const basisPoints = view.state === "accepted" ? prices.acceptedBasisPoints : prices.reservedBasisPoints;
  const claim = BigInt(view.frozen ?? 0);
  return { basisPoints, claim, price: percentOf(claim, basisPoints, "up") };
}
