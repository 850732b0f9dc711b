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
  owed,
  type Trade,
  upgraded,
} from "../../core/trade/trade.ts";
import {
  type ClockMove,
  type Command,
  decide,
  finish,
  nextDeadline,
  refuse,
} from "../../core/machine/machine.ts";
import { type ActorRole, isRefused, type ProblemCode, type Refused } from "../../core/protocol/protocol.ts";
import { countsAtOnce } from "../advances/advances.ts";
import type { MoneyEffect } from "../rails/rails.ts";
import type { KeptTrade, PendingStep } from "./kept-trade.ts";
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
 * server finds that the shop's account is short.
 */
export function apply(
  world: World,
  before: KeptTrade | undefined,
  decisions: Decisions,
  act: Act,
  step: string,
  otherwise?: Decision,
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
  for (const use of counted) changeAdvance(world, last, use);
  const posted = world.rail.post(before ?? last, effects.filter(isMoney), world.now, last);
  if (posted.how === "refused") {
    for (const { mandate, amount } of taken) changeRoom(world, mandate, -amount);
    for (const use of counted) changeAdvance(world, last, use, true);
    return posted;
  }
  if (posted.how === "asked") {
    const mandates = { taken: taken.map(wordsOf), given: given.map(wordsOf) };
    const bought = { taken: counted.map(shareOf), given: later.map(shareOf) };
    const uses = advances.length === 0 ? {} : { advances: bought };
    const asked = { instruction: posted.instruction, step, mandates, ...uses };
    const parked = park(world, before, decisions, act, asked);
    if (otherwise !== undefined && parked.pending !== null)
      parked.pending.short = { changes: differenceOf(parked, otherwise.next), events: otherwise.events };
    return { how: "asked", trade: parked };
  }
  for (const { mandate, amount } of given) changeRoom(world, mandate, amount);
  for (const use of later) changeAdvance(world, last, use);
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
  const { role, actor, now, operator } = act;
  const who = { role, actor, at: now.toISOString(), ...(operator === undefined ? {} : { operator }) };
  const parked: KeptTrade = { ...base, pending: { ...asked, act: who, done, refused: null, answer: null } };
  world.trades.set(parked.number, parked);
  world.updated.add(parked.number);
  return parked;
}

/** Says what a trade becomes where the reservation it waits for is refused: `chosen`, and then refused. */
export function refusedAs(
  parked: KeptTrade,
  chosen: Trade,
  events: Decision["events"],
  tried: { method: string | null; mandate: string | null },
): void {
  if (parked.pending === null) throw new Error(`Trade ${parked.number} waits for nothing.`);
  // The trade itself is new in this batch or was copied by `park`: nobody else holds what changes here.
  parked.pending.refused = { changes: differenceOf(parked, chosen), events, ...tried };
}

/** What a step came to, for the caller who asked for it. */
export interface Completed {
  trade: KeptTrade;
  step: PendingStep;
  refused: ProblemCode | undefined;
}

/** How long a deadline waits that the rail has refused to carry out. */
const deadlineAgainMs = 3_600_000;

/**
 * The rail has answered. Undefined where the trade does not wait for this answer: it has had it already.
 */
export function complete(
  world: World,
  trade: KeptTrade,
  instruction: string,
  refused: ProblemCode | undefined,
): Completed | undefined {
  const step = trade.pending;
  if (step?.instruction !== instruction) return undefined;
  const act: Act = {
    role: step.act.role,
    actor: step.act.actor,
    now: new Date(step.act.at),
    id: instruction,
    ...(step.act.operator === undefined ? {} : { operator: step.act.operator }),
  };
  const next =
    refused === undefined ? finished(world, trade, step, act) : dropped(world, trade, step, act, refused);
  const short = step.short !== undefined && refused === "payee_insufficient_funds";
  return { trade: afterWait(world, next, step, refused), step, refused: short ? undefined : refused };
}

/**
 * Where the owner of the account was asked, or has refused it for good, what ran meanwhile gets its time back before the clock
 * looks at the trade again; a payment that was due and is not made becomes a dispute.
 */
function afterWait(
  world: World,
  trade: KeptTrade,
  step: PendingStep,
  code: ProblemCode | undefined,
): KeptTrade {
  const { role, at, operator } = step.act;
  const refused = code === "settlement_refused" && role === "clock";
  if (step.awaits === undefined && !refused) return trade;
  const own = role === "buyer" || role === "recipient" || operator?.as === "buyer";
  // Refused at once, nobody has waited.
  const since = step.awaits === undefined ? world.now.toISOString() : at;
  const { applied } = decideAndApply(
    world,
    trade,
    { do: "hinder", who: "holder", since, own, refused, onlyOwed: refused && paysOwed(trade, step) },
    clockAct(world, trade),
  );
  if (applied === undefined || applied.how === "refused") return trade;
  // A deadline that was refused is not tried again at once, whatever else has moved.
  const isSame = code !== undefined && role === "clock" && applied.trade.state === trade.state;
  return isSame ? keepQuietly(world, { ...applied.trade, wakeAt: trade.wakeAt }) : applied.trade;
}

/** Whether a step would have paid what is owed already, and nothing else. */
function paysOwed(trade: KeptTrade, { done }: PendingStep): boolean {
  return withChanges(trade, done.changes).settled - trade.settled === owed(trade);
}

function finished(world: World, trade: KeptTrade, step: PendingStep, act: Act): KeptTrade {
  for (const { id, amount } of step.mandates.given) changeRoom(world, id, BigInt(amount));
  for (const { amount, ...use } of step.advances?.given ?? [])
    changeAdvance(world, trade, { ...use, amount: BigInt(amount) });
  const next = withChanges(trade, step.done.changes);
  const answered = { instruction: step.instruction, answeredAt: world.now.toISOString() };
  const events = step.done.events.map((event, index, all) =>
    index === all.length - 1 ? { ...event, data: { ...event.data, ...answered } } : event,
  );
  return keep(world, trade, next, [{ events }], act);
}

function dropped(world: World, trade: KeptTrade, step: PendingStep, act: Act, code: ProblemCode): KeptTrade {
  for (const { id, amount } of step.mandates.taken) changeRoom(world, id, -BigInt(amount));
  for (const { amount, ...use } of step.advances?.taken ?? [])
    changeAdvance(world, trade, { ...use, amount: BigInt(amount) }, true);
  if (step.short !== undefined && code === "payee_insufficient_funds") {
    const { changes, events } = step.short;
    return keep(world, trade, withChanges(trade, changes), [{ events }], act);
  }
  if (step.refused !== null) {
    const { changes, events, method, mandate } = step.refused;
    const chosen = withChanges(trade, changes);
    const decision = finish(chosen, refuse(chosen, code, { method, mandate }), act);
    return keep(world, trade, decision.next, [{ events }, decision], act);
  }
  // A deadline that was refused comes again, but not at once: something has to be put right first.
  const later = new Date(world.now.getTime() + deadlineAgainMs);
  return keepQuietly(world, { ...trade, pending: null, wakeAt: act.role === "clock" ? later : trade.wakeAt });
}

const isSame = (left: unknown, right: unknown): boolean =>
  left instanceof Date && right instanceof Date ? left.getTime() === right.getTime() : left === right;

/** The fields in which `next` differs, as JSON. `pending` is none of them: it says that there is more to come. */
function differenceOf(before: Trade, next: Trade): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const name of Object.keys(next) as (keyof KeptTrade)[]) {
    if (name === "pending") continue;
    if (!isSame(before[name], next[name])) changes[name] = stored(next[name]);
  }
  return changes;
}

// JSON knows neither; a tag keeps an amount from passing for a quantity, and a time for a text.
function stored(value: Trade[keyof Trade]): unknown {
  if (typeof value === "bigint") return { integer: String(value) };
  return value instanceof Date ? { instant: value.toISOString() } : value;
}

function restored(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("integer" in value) return BigInt(String(value.integer));
  return "instant" in value ? new Date(String(value.instant)) : value;
}

function withChanges(trade: KeptTrade, changes: Record<string, unknown>): KeptTrade {
  const restoredChanges = Object.entries(changes).map(([name, value]) => [name, restored(value)] as const);
  return upgraded({ ...trade, ...Object.fromEntries(restoredChanges), pending: null });
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
  check: (decision: Decision) => Refused | undefined = () => undefined,
): { applied: Applied; refused?: undefined } | { applied?: undefined; refused: Refused } {
  const decision = decide(trade, command, act);
  if (isRefused(decision)) return { refused: decision };
  const beyond = check(decision);
  if (beyond !== undefined) return { refused: beyond };
  const short = givesBack(decision) ? decide(trade, command, { ...act, payeeShort: true }) : undefined;
  const otherwise = short === undefined || isRefused(short) ? undefined : short;
  const applied = apply(world, trade, [decision], act, command.do, otherwise);
  if (applied.how !== "refused" || otherwise === undefined) return { applied };
  // A party is told that there is nobody to refund to; the clock has nobody to tell, and the refund stands as due.
  const isDue =
    applied.code === "payee_insufficient_funds" ||
    (applied.code === "account_closed" && act.role === "clock");
  if (!isDue) return { applied };
  return { applied: apply(world, trade, [otherwise], act, command.do) };
}

const givesBack = ({ effects }: Decision): boolean => effects.some((effect) => effect.do === "refund");

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
