import { countsAtOnce } from "../advances/advances.ts";
import type { MoneyEffect } from "../rails/rails.ts";
import type { ProblemCode } from "../../core/protocol/protocol.ts";
import { changeAdvance } from "./trade-advances.ts";
import { changeRoom, keep, park } from "./pending-steps.ts";
import type { World } from "./world.ts";
import type { Act, AdvanceUse, Decision, Effect, Trade } from "../../core/machine/machine.ts";

/**
 * What became of a step: it is true with the batch; it waits for another server's answer, and `trade` is what stands
 * meanwhile; or the means of payment said no, and nothing has changed.
 */
export type Applied =
  | { how: "done" }
  | { how: "asked"; trade: Trade }
  | { how: "refused"; code: ProblemCode };

/**
 * Makes one or more decisions about a trade true in the batch: all of them, or, where the means of payment
 * says no, none. They become one row of the record. `step` names the move for those who see it wait.
 */
export function apply(
  world: World,
  before: Trade | undefined,
  decisions: readonly Decision[],
  act: Act,
  step: string,
): Applied {
  const last = decisions.at(-1)?.next;
  if (last === undefined) return { how: "done" };
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
  keep(world, before, last, decisions, act);
  return posted;
}

const isMoney = (effect: Effect): effect is MoneyEffect =>
  effect.do !== "use mandate" && effect.do !== "use advance";
const isAdvance = (effect: Effect): effect is AdvanceUse => effect.do === "use advance";
const shareOf = ({ shop, currency, change, amount }: AdvanceUse) => ({
  ...{ shop, currency, change },
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
