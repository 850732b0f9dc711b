import type { Act, AdvanceUse, Decision, Effect } from "../../core/machine/machine.ts";
import type { ActorRole, ProblemCode } from "../../core/protocol/protocol.ts";
import { countsAtOnce } from "../advances/advances.ts";
import type { MoneyEffect } from "../rails/rails.ts";
import type { KeptTrade } from "./kept-trade.ts";
import { park } from "./pending-steps.ts";
import { changeAdvance } from "./trade-advances.ts";
import { changeRoom, keep, type Result, type World } from "./world.ts";

/**
 * What became of a step: it is true with the batch; it waits for another server's answer, and `trade` is what stands
 * meanwhile; or the rail said no, and nothing has changed.
 */
export type Applied =
  | { how: "done"; trade: KeptTrade }
  | { how: "asked"; trade: KeptTrade }
  | { how: "refused"; code: ProblemCode };

/** What the caller of a step is told of it; `trade` is the number of the trade where it was refused. */
export function resultOf(applied: Applied, told: { status: number; role: ActorRole }, trade: bigint): Result {
  if (applied.how === "refused") return { refused: applied.code, trade };
  return { ...told, trade: applied.trade, waits: applied.how === "asked" };
}

/**
 * Makes one or more decisions about a trade true in the batch: all of them, or, where the rail says no, none. They become
 * one row of the record. `step` names the move for those who see it wait.
 */
export function apply(
  world: World,
  before: KeptTrade | undefined,
  decisions: Decisions,
  act: Act,
  step: string,
): Applied {
  const { next: last } = decisions.at(-1) ?? decisions[0];
  const effects = decisions.flatMap((decision) => decision.effects);
  const room = roomOf(effects);
  const taken = room.filter(({ amount }) => amount > 0n);
  const given = room.filter(({ amount }) => amount < 0n);
  const code = takeRoom(world, taken);
  if (code !== undefined) return { how: "refused", code };
  const advances = effects.filter(isAdvance);
  const counted = advances.filter(countsAtOnce);
  const later = advances.filter((use) => !countsAtOnce(use));
  for (const use of counted) changeAdvance(world, use);
  const posted = world.rail.post(before ?? last, effects.filter(isMoney), world.now, last);
  if (posted.how === "refused") {
    for (const { mandate, amount } of taken) changeRoom(world, mandate, -amount);
    for (const use of counted) changeAdvance(world, use, true);
    return posted;
  }
  if (posted.how === "asked") {
    const mandates = { taken: taken.map(wordsOf), given: given.map(wordsOf) };
    const bought = { taken: counted.map(shareOf), given: later.map(shareOf) };
    const uses = advances.length === 0 ? {} : { advances: bought };
    const asked = { instruction: posted.instruction, step, mandates, ...uses };
    return { how: "asked", trade: park(world, before, decisions, act, asked) };
  }
  for (const { mandate, amount } of given) changeRoom(world, mandate, amount);
  for (const use of later) changeAdvance(world, use);
  return { how: "done", trade: keep(world, before, last, decisions, act) };
}

/** The decisions of one step, in their order. */
export type Decisions = readonly [Decision, ...Decision[]];

const isMoney = (effect: Effect): effect is MoneyEffect =>
  effect.do !== "use mandate" && effect.do !== "use advance";
const isAdvance = (effect: Effect): effect is AdvanceUse => effect.do === "use advance";
const shareOf = ({ shop, currency, change, amount }: AdvanceUse) => ({
  shop,
  currency,
  change,
  amount: String(amount),
});

interface Room {
  mandate: string;
  amount: bigint;
}

const wordsOf = ({ mandate, amount }: Room) => ({ id: mandate, amount: String(amount) });

/** What the effects come to for each mandate: what one gives back, another may take again. */
function roomOf(effects: readonly Effect[]): Room[] {
  const sums = new Map<string, bigint>();
  for (const effect of effects) {
    if (effect.do === "use mandate")
      sums.set(effect.mandate, (sums.get(effect.mandate) ?? 0n) + effect.amount);
  }
  return [...sums].map(([mandate, amount]) => ({ mandate, amount }));
}

function takeRoom(world: World, wished: readonly Room[]): ProblemCode | undefined {
  for (const { mandate: id, amount } of wished) {
    const mandate = world.mandates.get(id);
    if (mandate === undefined) return "mandate_not_valid";
    if (mandate.used + amount > mandate.limit) return "mandate_limit_exceeded";
  }
  for (const { mandate, amount } of wished) changeRoom(world, mandate, amount);
  return undefined;
}
