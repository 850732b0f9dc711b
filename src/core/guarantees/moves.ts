/** How a guarantee ends: what was due is collected and then freed, or it is claimed. Pure, as every move of the machine. */
import {
  type Act,
  decided,
  type Decision,
  draftOf,
  heldOf,
  keepHeldUntil,
  noteCollected,
  owed,
  payOwed,
  settleUp,
  takePaid,
  type Trade,
} from "../trade/trade.ts";
import type { Refused } from "../protocol/protocol.ts";

/** What an institution has taken for a trade in all, minor units. */
export interface Collected {
  total: number;
}

/** A move of a guarantee: by the collector, the shop, or the clock. */
export function moveGuarantee(
  trade: Trade,
  command: { do: "release" | "claim" } | ({ do: "collect" } & Collected),
  act: Act,
): Refused | Decision {
  switch (command.do) {
    case "collect":
      return collect(trade, command, act);
    case "release":
      return freeCollected(trade, act);
    case "claim":
      return claim(trade, act);
  }
}

const notGuaranteed: Refused = { refused: "trade_not_open", detail: "Nobody stands for this trade." };

/**
 * The collecting institution says what has been paid in all. What it said before changes nothing; what nobody owes it does not
 * take, and so it is not booked either.
 */
function collect(trade: Trade, { total }: Collected, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const { guarantee } = next.progress;
  if (guarantee === undefined) return notGuaranteed;
  const decision = decided(next);
  const amount = BigInt(total) - BigInt(guarantee.collected);
  if (amount <= 0n) return decision;
  const due = owed(next);
  if (amount > due)
    return { refused: "amount_exceeds_due", detail: `${due} is due, and ${amount} more was paid.` };
  takePaid(decision, amount);
  const releaseBy = noteCollected(next, BigInt(total), act.now);
  keepHeldUntil(decision, releaseBy);
  settleUp(decision, act);
  return decision;
}

/** The shop has been paid, or has had the time to say that it was not: the hold for what was collected ends. */
function freeCollected(trade: Trade, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const { guarantee } = next.progress;
  if (guarantee === undefined || next.hold === null) return notGuaranteed;
  const amount = heldOf(next) - next.frozen;
  if (amount <= 0n) return { refused: "nothing_to_release" };
  const { releaseBy: _, ...kept } = guarantee;
  next.progress.guarantee = { ...kept, freed: guarantee.collected };
  const decision = decided(next);
  decision.effects.push({ do: "free", hold: next.hold, amount });
  decision.events.push({ type: "guarantee.released", data: { by: act.role, amount: Number(amount) } });
  return decision;
}

/** Nobody has paid what is due, and the time for it is over: the guarantor pays, and the buyer owes it. */
function claim(trade: Trade, act: Act): Refused | Decision {
  const next = draftOf(trade);
  const { guarantee, feeTaken } = next.progress;
  const amount = owed(next);
  if (guarantee === undefined || amount <= 0n) return { refused: "nothing_to_claim" };
  const { claimFrom } = guarantee;
  if (claimFrom === undefined || new Date(claimFrom) > act.now)
    return {
      refused: "not_due_yet",
      detail: `The buyer has time to pay; it can be claimed from ${claimFrom} on.`,
    };
  const decision = decided(next);
  decision.events.push({ type: "guarantee.claimed", data: { by: act.role, amount: Number(amount) } });
  payOwed(decision);
  const claimedFee = guarantee.claimedFee + next.progress.feeTaken - feeTaken;
  next.progress.guarantee = { ...guarantee, claimed: guarantee.claimed + Number(amount), claimedFee };
  settleUp(decision, act);
  return decision;
}
