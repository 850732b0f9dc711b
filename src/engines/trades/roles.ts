/** In which role somebody meets a trade. */
import type { Trade } from "../../core/machine/machine.ts";
import type { ActorRole } from "../../core/protocol/protocol.ts";
import type { Actor } from "../steps/steps.ts";

/** The role in which somebody may move a trade; undefined where the trade is none of theirs. */
export function roleIn(trade: Trade, actor: Actor): ActorRole | undefined {
  if (actor.kind === "operator") return "operator";
  if (actor.kind === "person") {
    if (trade.buyer === actor.id) return "buyer";
    return trade.buyer === null && actor.opens === String(trade.number) ? "buyer" : undefined;
  }
  if (actor.kind === "recipient") {
    // Once the recipient is forgotten, and where the buyer has chosen other acceptors, the link opens nothing.
    const receives = trade.terms.acceptance.by.includes("recipient") && !trade.progress.erased;
    return receives && actor.opens === String(trade.number) ? "recipient" : undefined;
  }
  return trade[actor.kind] === actor.id ? actor.kind : undefined;
}

/** The role in which somebody may read a trade: the head of a chain reads also what a store of it has taken. */
export function readerOf(trade: Trade, actor: Actor): ActorRole | undefined {
  return roleIn(trade, actor) ?? (actor.kind === "shop" && trade.chain === actor.id ? "shop" : undefined);
}
