import { apply } from "./effects.ts";
import { debtOf } from "./trade-advances.ts";
import type { KeptTrade } from "./kept-trade.ts";
import { keepQuietly, type World } from "./world.ts";
import { type Act, decide, draftOf, nextDeadline } from "../../core/machine/machine.ts";
import { isRefused } from "../../core/protocol/protocol.ts";

/** More deadlines than a trade can have: to reach this number is a fault. */
const deadlinesMost = 8;

/**
 * Does what the clock owes to a trade before anybody else does anything to it, so that a deadline holds to
 * the instant, however late the sweeper is.
 */
export function catchUp(world: World, trade: KeptTrade): KeptTrade {
  let current = trade;
  for (let turn = 0; turn < deadlinesMost; turn += 1) {
    // What waits for an answer stands still; with the answer the clock looks again.
    if (current.pending !== null) return current;
    const deadline = nextDeadline(current);
    if (deadline === undefined || deadline.at > world.now) return current;
    current = deadline.move === "erase" ? forget(world, current) : clockMove(world, current, deadline.move);
  }
  throw new Error(`Trade ${trade.number} does not come to rest.`);
}

function clockMove(world: World, trade: KeptTrade, move: "expire" | "autoAccept" | "pay"): KeptTrade {
  const { now } = world;
  const act: Act = {
    role: "clock",
    actor: null,
    now,
    id: world.newId(),
    debt: world.advances && debtOf(world.advances, trade),
  };
  const decision = decide(trade, { do: move }, act);
  if (isRefused(decision))
    throw new Error(`The clock's ${move} on trade ${trade.number} was refused: ${decision.refused}.`);
  const applied = apply(world, trade, [decision], act, move);
  if (applied.how === "refused")
    throw new Error(`The books refused the clock's ${move} on trade ${trade.number}: ${applied.code}.`);
  return applied.trade;
}

/** The trade has ended and can no longer be undone: who the guest or the recipient was is erased (paragraph 0064). */
function forget(world: World, trade: KeptTrade): KeptTrade {
  const next: KeptTrade = { ...draftOf(trade), pending: trade.pending };
  next.progress.erased = true;
  world.forgottenTrades.add(trade.id);
  if (trade.terms.guest && trade.buyer !== null) world.forgottenPeople.add(trade.buyer);
  return keepQuietly(world, next);
}

/** Sets when the clock has to look again, or that it need not. */
export function settleAlarm(world: World, trade: KeptTrade): void {
  if (trade.pending !== null) return;
  const at = nextDeadline(trade)?.at ?? null;
  if (at?.getTime() === trade.wakeAt?.getTime()) return;
  keepQuietly(world, { ...trade, wakeAt: at });
}
