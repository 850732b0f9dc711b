/**
 * Steps that wait for another server. What a step comes to is kept with the trade as the difference it makes; when the
 * means of payment has answered, the trade becomes that, or stays as it was (docs/decisions/0013-pending-steps.md).
 */
import type { ProblemCode } from "../../core/protocol/protocol.ts";
import { changeAdvance } from "./trade-advances.ts";
import type { World } from "./world.ts";
import {
  type Act,
  type Decision,
  finish,
  type PendingStep,
  refuse,
  type Trade,
} from "../../core/machine/machine.ts";

/** Leaves a step waiting for an answer, and answers the trade as it stands meanwhile. */
export function park(
  world: World,
  before: Trade | undefined,
  decisions: readonly Decision[],
  act: Act,
  asked: Pick<PendingStep, "instruction" | "step" | "mandates" | "advances">,
): Trade {
  // A trade that is new is proposed for good, whatever becomes of its reservation.
  const [first] = decisions;
  if (first === undefined) throw new Error("Nothing was decided that could wait.");
  if (before === undefined) keep(world, undefined, first.next, [first], act);
  const base = before ?? first.next;
  const rest = before === undefined ? decisions.slice(1) : decisions;
  const done = {
    changes: differenceOf(base, rest.at(-1)?.next ?? base),
    events: rest.flatMap(({ events }) => events),
  };
  const { role, actor, now, operator } = act;
  const who = { role, actor, at: now.toISOString(), ...(operator === undefined ? {} : { operator }) };
  const parked: Trade = { ...base, pending: { ...asked, act: who, done, refused: null, answer: null } };
  world.trades.set(parked.number, parked);
  world.updated.add(parked.number);
  return parked;
}

/** Says what a trade becomes where the reservation it waits for is refused: `chosen`, and then refused. */
export function refusedAs(
  parked: Trade,
  chosen: Trade,
  events: Decision["events"],
  tried: { method: string | null; mandate: string | null },
): void {
  if (parked.pending === null) throw new Error(`Trade ${parked.number} waits for nothing.`);
  // The trade itself is new in this batch or was copied by `park`: nobody else holds what changes here.
  parked.pending.refused = { changes: differenceOf(parked, chosen), events, ...tried };
}

/** What a step came to, for whoever asked for it. */
export interface Completed {
  trade: Trade;
  step: PendingStep;
  refused: ProblemCode | undefined;
}

/** How long a deadline waits that the means of payment has refused to carry out. */
const deadlineAgainMs = 3_600_000;

/**
 * The means of payment has answered. Undefined where the trade does not wait for this answer: it has had it already.
 */
export function complete(
  world: World,
  trade: Trade,
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
  return { trade: next, step, refused };
}

function finished(world: World, trade: Trade, step: PendingStep, act: Act): Trade {
  for (const { id, amount } of step.mandates.given) changeRoom(world, id, BigInt(amount));
  for (const { amount, ...use } of step.advances?.given ?? [])
    changeAdvance(world, { ...use, amount: BigInt(amount) });
  const next = withChanges(trade, step.done.changes);
  const answered = { instruction: step.instruction, answeredAt: world.now.toISOString() };
  const events = step.done.events.map((event, index, all) =>
    index === all.length - 1 ? { ...event, data: { ...event.data, ...answered } } : event,
  );
  keep(world, trade, next, [{ events }], act);
  return next;
}

function dropped(world: World, trade: Trade, step: PendingStep, act: Act, code: ProblemCode): Trade {
  for (const { id, amount } of step.mandates.taken) changeRoom(world, id, -BigInt(amount));
  for (const { amount, ...use } of step.advances?.taken ?? [])
    changeAdvance(world, { ...use, amount: BigInt(amount) }, true);
  if (step.refused !== null) {
    const { changes, events, method, mandate } = step.refused;
    const chosen = withChanges(trade, changes);
    const decision = finish(chosen, refuse(chosen, code, { method, mandate }), act);
    keep(world, trade, decision.next, [{ events }, decision], act);
    return decision.next;
  }
  // A deadline that was refused comes again, but not at once: something has to be put right first.
  const later = new Date(world.now.getTime() + deadlineAgainMs);
  const next = { ...trade, pending: null, wakeAt: act.role === "clock" ? later : trade.wakeAt };
  world.trades.set(next.number, next);
  world.updated.add(next.number);
  return next;
}

const isSame = (left: unknown, right: unknown): boolean =>
  left instanceof Date && right instanceof Date ? left.getTime() === right.getTime() : left === right;

/** The fields in which `next` differs, as JSON. `pending` is none of them: it says that there is more to come. */
function differenceOf(before: Trade, next: Trade): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const name of Object.keys(next) as (keyof Trade)[]) {
    if (name !== "pending" && !isSame(before[name], next[name])) changes[name] = stored(next[name]);
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

function withChanges(trade: Trade, changes: Record<string, unknown>): Trade {
  const restoredChanges = Object.entries(changes).map(([name, value]) => [name, restored(value)] as const);
  return { ...trade, ...Object.fromEntries(restoredChanges), pending: null };
}

/** Changes how much of a mandate is used; a mandate that has gone has nothing to get back. */
export function changeRoom(world: World, id: string, amount: bigint): void {
  const mandate = world.mandates.get(id);
  if (mandate === undefined) return;
  const used = mandate.used + amount;
  mandate.used = used < 0n ? 0n : used;
  world.usedMandates.add(id);
}

function isAgreedAnew(before: Trade, next: Trade): boolean {
  return (
    before.terms !== next.terms ||
    before.hold !== next.hold ||
    before.method !== next.method ||
    before.mandate !== next.mandate ||
    before.approveBy !== next.approveBy ||
    before.paymentDate !== next.paymentDate
  );
}

/** Keeps what a step comes to, with its events in one row of the record. */
export function keep(
  world: World,
  before: Trade | undefined,
  next: Trade,
  decisions: readonly Pick<Decision, "events">[],
  act: Act,
): void {
  world.trades.set(next.number, next);
  if (before === undefined) world.inserted.add(next.number);
  else world.updated.add(next.number);
  if (before !== undefined && isAgreedAnew(before, next)) world.agreed.add(next.number);
  const events = decisions.flatMap((decision) => decision.events);
  if (events.length === 0) return;
  const data = events.map(({ data = {} }) => data);
  if (act.operator !== undefined) data[0] = { ...data[0], operator: act.operator };
  world.events.push({
    number: next.number,
    trade: next.id,
    seq: (before?.version ?? 0) + 1,
    types: events.map(({ type }) => type),
    at: act.now,
    role: act.role,
    actor: act.actor,
    data,
  });
}
