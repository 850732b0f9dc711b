/** The shop's account in the world: what the trade has brought it, what it may take away, and what it owes the server. */
import { type Act, type Decision, keptBack, type Trade } from "../../core/trade/trade.ts";
import type { Setting } from "./setting.ts";
import type { State } from "./state.ts";

/** At what price the server pays a shop early, in hundredths of a percent, and from where. */
export const earlyTerms = {
  from: "server",
  into: "server",
  acceptedBasisPoints: 100,
  reservedBasisPoints: 300,
} as const;

/** Minor units in the shop's account: the search takes no fee. */
export function balanceOf({ trade, world }: State): number {
  const { advance } = trade.progress;
  const paid = Number(trade.settled) - world.covered - (advance?.recovered ?? 0) + (advance?.paid ?? 0);
  return paid - Number(trade.refunded) - world.taken;
}

/** What the shop may take away: all but what the buyer can still ask back. */
export function payableOf(state: State): number {
  const kept = keptBack(state.trade);
  const isOver = kept === undefined || (kept.until !== null && kept.until.getTime() <= state.now);
  return Math.max(0, balanceOf(state) - (isOver ? 0 : Number(kept.amount)));
}

/** What the shop owes the server from before. */
export function debtIn({ debt = 0 }: Setting, { covered }: State["world"]): Act["debt"] {
  return debt > covered ? { account: earlyTerms.into, amount: BigInt(debt - covered) } : undefined;
}

/** What a decision takes back out of the shop's account, and what it pays of its debt. */
export function flowsOf({ effects }: Decision): { refund: number; covered: number } {
  const flows = { refund: 0, covered: 0 };
  for (const effect of effects) {
    if (effect.do === "refund") flows.refund += Number(effect.amount);
    if (effect.do === "use advance" && effect.change === "covered") flows.covered += Number(effect.amount);
  }
  return flows;
}

/** What the server has paid early and does not know to be repaid or owed: nothing, once a trade is over. */
export function lostIn({ progress }: Trade): number {
  const { advance } = progress;
  return advance === undefined ? 0 : advance.amount - advance.recovered - advance.owed;
}
