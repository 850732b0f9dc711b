/**
 * What a step comes to, a party's or the clock's. It is true with the batch, or it waits for another server: then it is
 * kept with the trade as the difference it makes, and when the rail has answered, the trade becomes that, or stays as it
 * was (docs/decisions/0013-pending-steps.md).
 */
import {
  type Act,
  type AdvanceUse,
  type Decision,
  draftOf,
  type Effect,
  type Trade,
} from "../../core/trade/trade.ts";
import { type ClockMove, type Command, decide, nextDeadline } from "../../core/machine/machine.ts";
import { type ActorRole, isRefused, type ProblemCode, type Refused } from "../../core/protocol/protocol.ts";
import { begun, countsAtOnce, countsWhenPaid } from "../advances/advances.ts";
import type { MoneyEffect } from "../rails/rails.ts";
import { differenceOf, type KeptTrade, type PendingStep, stepIn } from "./kept-trade.ts";
import { changeAdvance, debtOf } from "./trade-advances.ts";
import { changeRoom, keep, keepQuietly, type Result, type World } from "./world.ts";

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
  const { status, role } = told;
  return { status, role, trade: applied.trade, waits: applied.how === "asked" };
}

/**
 * Makes one or more decisions about a trade true in the batch: all of them, or, where the rail says no, none. They become
 * one row of the record. `step` names the move for those who see it wait; `otherwise` is what it comes to where another
 * server finds that the shop's account is short; `command` is what is decided anew where the rail has to be asked first;
 * `more`: another step of the trade follows at once.
 */
export function apply(
  world: World,
  before: KeptTrade | undefined,
  decisions: Decisions,
  act: Act,
  step: string,
  { otherwise, command, more }: { otherwise?: Decision | undefined; command?: Command; more?: boolean } = {},
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
  for (const use of counted) changeAdvance(world, last, begun(use));
  const posted = world.rail.post(before ?? last, effects.filter(isMoney), world.now, last, more);
  if (posted.how === "refused" || posted.how === "withdrawing") {
    for (const { mandate, amount } of taken) changeRoom(world, mandate, -amount);
    for (const use of counted) changeAdvance(world, last, begun(use), true);
    if (posted.how === "refused") return posted;
    if (before === undefined || command === undefined)
      throw new Error(`What is due falls by a ${step}, which is no command.`);
    return { how: "asked", trade: parkCommand(world, before, command, act, posted.instruction) };
  }
  if (posted.how === "asked") {
    const mandates = { taken: taken.map(wordsOf), given: given.map(wordsOf) };
    const later = advances.filter((use) => !countsAtOnce(use));
    const bought = { taken: counted.map(shareOf), given: later.map(shareOf) };
    const uses = advances.length === 0 ? {} : { advances: bought };
    const asked = { instruction: posted.instruction, step, mandates, ...uses };
    const parked = park(world, before, decisions, act, asked);
    const waiting = stepIn(parked.pending);
    if (otherwise !== undefined && waiting !== undefined)
      waiting.short = { changes: differenceOf(parked, otherwise.next), events: otherwise.events };
    return { how: "asked", trade: parked };
  }
  for (const { mandate, amount } of given) changeRoom(world, mandate, amount);
  for (const use of advances.filter(countsWhenPaid)) changeAdvance(world, last, use);
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
export const usesOf = ({ advances }: PendingStep, side: "taken" | "given"): Omit<AdvanceUse, "do">[] =>
  (advances?.[side] ?? []).map(({ amount, ...use }) => ({ ...use, amount: BigInt(amount) }));

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

/** Leaves a step waiting for an answer, and answers the trade as it stands meanwhile. */
function park(
  world: World,
  before: KeptTrade | undefined,
  decisions: readonly [Decision, ...Decision[]],
  act: Act,
  asked: Pick<PendingStep, "instruction" | "step" | "mandates" | "advances">,
): KeptTrade {
  // A trade that is new is proposed for good, whatever becomes of its reservation.
  const [first] = decisions;
  const base = before ?? keep(world, undefined, first.next, [first], act);
  const rest = before === undefined ? decisions.slice(1) : decisions;
  const done = {
    changes: differenceOf(base, rest.at(-1)?.next ?? base),
    events: rest.flatMap(({ events }) => events),
  };
  const pending = { act: whoActs(act), done, refused: null, answer: null, ...asked };
  return keepQuietly(world, { ...base, pending });
}

function whoActs({ role, actor, now, operator }: Act): PendingStep["act"] {
  return { role, actor, at: now.toISOString(), ...(operator === undefined ? {} : { operator }) };
}

/** Leaves a command waiting that is decided with the word of another server, and answers the trade as it stands. */
function parkCommand(
  world: World,
  before: KeptTrade,
  command: Command,
  act: Act,
  instruction: string,
): KeptTrade {
  const who = act.standsFor === undefined ? whoActs(act) : { ...whoActs(act), standsFor: act.standsFor };
  const pending = { instruction, step: command.do, command, act: who, answer: null };
  return keepQuietly(world, { ...before, pending });
}

/** Says what a trade becomes where the reservation it waits for is refused: `chosen`, and then refused. */
export function refusedAs(
  parked: KeptTrade,
  chosen: Trade,
  events: Decision["events"],
  tried: { method: string | null; mandate: string | null },
): void {
  const waiting = stepIn(parked.pending);
  if (waiting === undefined) throw new Error(`Trade ${parked.number} waits for nothing.`);
  // The trade itself is new in this batch or was copied by `park`: nobody else holds what changes here.
  waiting.refused = { changes: differenceOf(parked, chosen), events, ...tried };
}

/** More deadlines than a trade can have: to reach this number is a fault. */
const deadlinesMost = 40;

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
    if (deadline === undefined || deadline.at > world.now || isPutOff(world, current)) return current;
    current = deadline.move === "erase" ? forget(world, current) : clockMove(world, current, deadline.move);
  }
  throw new Error(`Trade ${trade.number} does not come to rest.`);
}

/**
 * A deadline that the rail has refused waits for its next try: else whatever anybody says would find it in the way, tried again
 * and not answered yet.
 */
function isPutOff({ now }: World, { wakeAt }: KeptTrade): boolean {
  return wakeAt !== null && wakeAt > now;
}

/** The act of nobody but the server. */
export function clockAct(world: World, trade: KeptTrade): Act {
  return {
    role: "clock",
    actor: null,
    now: world.now,
    id: world.newId(),
    debt: debtOf(world, trade),
    told: world.told.get(trade.number),
  };
}

function clockMove(world: World, trade: KeptTrade, move: ClockMove): KeptTrade {
  const { applied, refused } = decideAndApply(world, trade, { do: move }, clockAct(world, trade));
  if (refused !== undefined)
    throw new Error(`The clock's ${move} on trade ${trade.number} was refused: ${refused.refused}.`);
  if (applied.how === "refused")
    throw new Error(`The books refused the clock's ${move} on trade ${trade.number}: ${applied.code}.`);
  return applied.trade;
}

/**
 * Decides a command and makes it true. Where it gives money back that the shop's account does not hold, it is decided
 * again, and the refund stands as due.
 */
export function decideAndApply(
  world: World,
  trade: KeptTrade,
  command: Command,
  act: Act,
  { check, more = false }: { check?: (decision: Decision) => Refused | undefined; more?: boolean } = {},
): { applied: Applied; refused?: undefined } | { applied?: undefined; refused: Refused } {
  const decision = decide(trade, command, act);
  if (isRefused(decision)) return { refused: decision };
  const beyond = check?.(decision);
  if (beyond !== undefined) return { refused: beyond };
  const short = givesBack(decision) ? decide(trade, command, { ...act, payeeShort: true }) : undefined;
  const otherwise = short === undefined || isRefused(short) ? undefined : short;
  const applied = apply(world, trade, [decision], act, command.do, { otherwise, command, more });
  if (applied.how !== "refused" || otherwise === undefined) return { applied };
  // A party is told that there is nobody to refund to; the clock has nobody to tell, and the refund stands as due.
  const isDue =
    applied.code === "payee_insufficient_funds" ||
    (applied.code === "account_closed" && act.role === "clock");
  if (!isDue) return { applied };
  return { applied: apply(world, trade, [otherwise], act, command.do) };
}

const givesBack = ({ effects }: Decision): boolean =>
  effects.some((effect) => effect.do === "refund" || effect.do === "reimburse");

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
