/** A store that takes an order of the head of its chain (paragraph 0026). */
import { decide } from "../../core/machine/machine.ts";
import { isRefused, type Refused } from "../../core/protocol/protocol.ts";
import {
  actOf,
  apply,
  beyondFrozenLimit,
  catchUp,
  type Request,
  type Result,
  resultOf,
  type World,
} from "../steps/steps.ts";
import { delayOf, ownWord, payeeOf, tradingShop } from "./proposal.ts";

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
  const word = ownWord(shop, trade.terms.acceptance.by);
  if (word !== undefined) return refuse(word);
  const act = actOf(world, "shop", actor);
  const decision = decide(trade, { do: "assign", store: shop.id, ...payee }, act);
  if (isRefused(decision)) return refuse(decision);
  const { next } = decision;
  const { settleAfter: _, ...terms } = next.terms;
  // The buyer has trusted the head's word of a delivery; a store whose word does not count has no part in that.
  const { shopWord: __, ...untrusting } = terms.acceptance;
  const acceptance = shop.standing.word ? terms.acceptance : untrusting;
  next.terms = { ...terms, acceptance, ...delayOf(shop) };
  const beyond = beyondFrozenLimit(world, next);
  if (beyond !== undefined) return refuse(beyond);
  const applied = apply(world, trade, [decision], act, "assign");
  return resultOf(applied, { status: 200, role: "shop" }, trade.number);
}
