/** Shops as those who are paid. */
import { isCurrency } from "../../core/money/money.ts";
import type { Terms } from "../../core/machine/machine.ts";
import type { Refused } from "../../core/protocol/protocol.ts";
import type { ShopAccount, ShopRow } from "../../storage/parties/parties.ts";
import type { World } from "../steps/steps.ts";

/** A shop that may open trades and have money frozen for them. */
export function tradingShop(world: World, id: string): Refused | ShopRow {
  const shop = world.shops.get(id);
  if (shop === undefined) return { refused: "not_found", detail: "There is no such shop." };
  if (shop.state === "applied") return { refused: "shop_not_approved" };
  return shop.state === "suspended" ? { refused: "shop_suspended" } : shop;
}

/** How a shop is paid in a currency, and what it pays for that. */
export function payeeOf(
  shop: ShopRow,
  currency: string,
): Refused | Pick<Terms, "shopName" | "shopAccount" | "fee"> {
  const account = shop.accounts.find((each) => each.currency === currency);
  if (account === undefined || !isCurrency(currency))
    return { refused: "currency_mismatch", detail: `The shop has no account in ${currency}.` };
  return { shopName: shop.name, shopAccount: account.account, fee: feeOf(account) };
}

function feeOf(account: ShopAccount): Terms["fee"] {
  return {
    fixed: Number(account.feeFixed),
    basisPoints: account.feeBasisPoints,
    roundTo: account.feeRoundTo,
  };
}
