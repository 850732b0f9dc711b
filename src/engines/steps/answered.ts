/** A step has waited for another server, and that has answered: the step is true, or dropped, or decided with what it said. */
import { endTaking, keepTaking } from "../../core/guarantees/guarantees.ts";
import { type Act, draftOf, noteTold, owed, type Taking } from "../../core/trade/trade.ts";
import { finish, refuse } from "../../core/machine/machine.ts";
import { isRefused, type ProblemCode, type Refused } from "../../core/protocol/protocol.ts";
import { begun, countsWhenPaid } from "../advances/advances.ts";
import { clockAct, decideAndApply, usesOf } from "./effects.ts";
import { type KeptTrade, type PendingCommand, type PendingStep, withChanges } from "./kept-trade.ts";
import { changeAdvance, debtOf } from "./trade-advances.ts";
import { changeRoom, type CollectionWord, keep, keepQuietly, type World } from "./world.ts";

/** What a step came to, for the caller who asked for it; `waits`: it has to ask once more. */
export interface Completed {
  trade: KeptTrade;
  step: NonNullable<KeptTrade["pending"]>;
  refused: Refused | undefined;
  waits?: true;
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
  { refused, collection }: RailAnswer,
): Completed | undefined {
  const step = trade.pending;
  if (step?.instruction !== instruction) return undefined;
  if ("command" in step) return decideAnew(world, trade, step, { refused, collection });
  const act: Act = {
    role: step.act.role,
    actor: step.act.actor,
    now: new Date(step.act.at),
    id: instruction,
    ...(step.act.operator === undefined ? {} : { operator: step.act.operator }),
  };
  const done =
    refused === undefined ? finished(world, trade, step, act) : dropped(world, trade, step, act, refused);
  const kept = withTaking(world, trade, done);
  const next = follow(world, refused === undefined ? trade : kept, kept);
  const short = step.short !== undefined && refused === "payee_insufficient_funds";
  return {
    trade: afterWait(world, next, step, refused),
    step,
    refused: refused === undefined || short ? undefined : { refused },
  };
}

/** The step was decided before it was known what became of what was taken at the door. */
function withTaking(world: World, before: KeptTrade, kept: KeptTrade): KeptTrade {
  const { guarantee } = kept.progress;
  const known = guarantee && keepTaking(before, guarantee);
  if (known === undefined || known === guarantee) return kept;
  const draft: KeptTrade = { ...draftOf(kept), pending: kept.pending };
  draft.progress.guarantee = known;
  return keepQuietly(world, draft);
}

/** What another server has said: yes, or no with a code; and how a collection stands there, where it is about one. */
export interface RailAnswer {
  refused: ProblemCode | undefined;
  collection: CollectionWord | undefined;
}

/** Has the rail do what follows from the end of a wait. Only of guaranteed trades there is anything. */
function follow(world: World, before: KeptTrade, next: KeptTrade): KeptTrade {
  if (next.progress.guarantee === undefined) return next;
  const draft: KeptTrade = { ...draftOf(next), pending: next.pending };
  world.rail.follow(before, draft, world.now);
  return draft.progress.guarantee === next.progress.guarantee ? next : keepQuietly(world, draft);
}

/**
 * The institution has said what was paid before it took less for due. That is booked first, and then the command is decided as
 * if it came only now, by the same caller: what it comes to may be another thing, or a refusal, and then what was due is again.
 */
function decideAnew(
  world: World,
  trade: KeptTrade,
  step: PendingCommand,
  { refused, collection }: RailAnswer,
): Completed {
  const free: KeptTrade = { ...trade, pending: null };
  if (refused !== undefined || collection === undefined)
    return { trade: putOff(world, free, step), step, refused: { refused: refused ?? "institution_refused" } };
  const heard = hear(world, free, collection, true);
  if (isRefused(heard)) return { trade: putOff(world, free, step), step, refused: heard };
  const { applied, refused: no } = decideAndApply(world, heard, step.command, actAnew(world, heard, step));
  if (applied === undefined || applied.how === "refused") {
    const stands = follow(world, heard, heard);
    return { trade: stands, step, refused: no ?? { refused: applied.code } };
  }
  const { pending } = applied.trade;
  if (applied.how === "done" || pending === null) return { trade: applied.trade, step, refused: undefined };
  const began = step.began ?? step.instruction;
  const waiting = { ...applied.trade, pending: { ...pending, began, answer: step.answer } };
  world.trades.set(waiting.number, waiting);
  return { trade: waiting, step, refused: undefined, waits: true };
}

/** A deadline that cannot be carried out now comes again; what somebody asked for is for them to ask again. */
function putOff(world: World, trade: KeptTrade, { act }: PendingCommand): KeptTrade {
  const later = new Date(world.now.getTime() + deadlineAgainMs);
  return keepQuietly(world, act.role === "clock" ? { ...trade, wakeAt: later } : trade);
}

function actAnew(world: World, trade: KeptTrade, { act }: PendingCommand): Act {
  const { role, actor, operator, standsFor } = act;
  if (role === "clock") return clockAct(world, trade);
  const debt = debtOf(world, trade);
  return { role, actor, now: world.now, id: world.newId(), operator, standsFor, debt };
}

/**
 * Notes what an institution has said of a collection, and books what was paid there since it was heard last. `more`: a
 * decision about the same trade follows at once. Refused where it says what cannot be; then nothing has changed.
 */
function hear(world: World, trade: KeptTrade, word: CollectionWord, more: boolean): Refused | KeptTrade {
  const { guarantee } = trade.progress;
  if (guarantee === undefined) return { refused: "trade_not_open", detail: "Nothing is collected for it." };
  const draft: KeptTrade = { ...draftOf(trade), pending: null };
  if (word.version > (guarantee.told?.version ?? 0) || more) noteTold(draft, word);
  if (word.paid <= guarantee.collected)
    return draft.progress.guarantee === guarantee ? trade : keepQuietly(world, draft);
  return book(world, draft, word.paid, more);
}

/** Books what was paid at the institution in all. */
export function book(world: World, trade: KeptTrade, total: number, more = false): Refused | KeptTrade {
  const actor = trade.progress.guarantee?.collector ?? null;
  const act: Act = { role: "collector", actor, now: world.now, id: world.newId() };
  const { applied, refused } = decideAndApply(world, trade, { do: "collect", total }, act, { more });
  if (refused !== undefined) return refused;
  return applied.how === "refused" ? { refused: applied.code } : applied.trade;
}

/**
 * What is due was told to an institution and no step waited for that: it has taken it and says what was paid by then, or it has
 * not, and is told again with the next step of the trade. Answers what was taken at the door, where it has said what became of it.
 */
export function heardOfDue(
  world: World,
  trade: KeptTrade,
  instruction: string,
  { refused, collection }: RailAnswer,
): Taking | undefined {
  const how = refused === undefined ? collection?.taken : ({ state: "refused", code: refused } as const);
  const ended = how === undefined ? undefined : endTaking(trade, instruction, how);
  const now = ended === undefined ? trade : keepQuietly(world, ended.trade);
  if (collection !== undefined && now.pending === null) hear(world, now, collection, false);
  noteUntaken(world, now, instruction, refused);
  // What has become due meanwhile waited for this.
  const last = world.trades.get(trade.number);
  if (ended !== undefined && last?.pending === null) follow(world, last, last);
  return ended?.taking;
}

function noteUntaken(
  world: World,
  trade: KeptTrade,
  instruction: string,
  refused: ProblemCode | undefined,
): void {
  const { guarantee } = trade.progress;
  const { told } = guarantee ?? {};
  if (refused === undefined || guarantee === undefined || told?.instruction !== instruction) return;
  const draft: KeptTrade = { ...draftOf(trade), pending: trade.pending };
  draft.progress.guarantee = { ...guarantee, told: { ...told, refused: true } };
  keepQuietly(world, draft);
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
  for (const use of usesOf(step, "taken").filter(countsWhenPaid)) changeAdvance(world, trade, use);
  for (const use of usesOf(step, "given")) changeAdvance(world, trade, use);
  const next = withChanges(trade, step.done.changes);
  const answered = { instruction: step.instruction, answeredAt: world.now.toISOString() };
  const events = step.done.events.map((event, index, all) =>
    index === all.length - 1 ? { ...event, data: { ...event.data, ...answered } } : event,
  );
  return keep(world, trade, next, [{ events }], act);
}

function dropped(world: World, trade: KeptTrade, step: PendingStep, act: Act, code: ProblemCode): KeptTrade {
  for (const { id, amount } of step.mandates.taken) changeRoom(world, id, -BigInt(amount));
  for (const use of usesOf(step, "taken")) changeAdvance(world, trade, begun(use), true);
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
