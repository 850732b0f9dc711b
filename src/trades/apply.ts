import type { Command as LedgerCommand } from "../ledger/ledger.ts";
import type { ProblemCode } from "../protocol/protocol.ts";
import { problemOfLedger } from "./refusals.ts";
import type { World } from "./world.ts";
import type { Act, Decision, Effect, Trade } from "../machine/machine.ts";

/**
 * Makes one or more decisions about a trade true in the batch: all of them, or, where the means of payment
 * says no, none. They become one row of the record.
 */
export function apply(
  world: World,
  before: Trade | undefined,
  decisions: readonly Decision[],
  act: Act,
): ProblemCode | undefined {
  const { books } = world;
  const mark = books.mark();
  const mandates: { id: string; used: bigint }[] = [];
  for (const effect of decisions.flatMap((decision) => decision.effects)) {
    const code = effect.do === "use mandate" ? useMandate(world, effect, mandates) : post(world, effect);
    if (code === undefined) continue;
    books.rollback(mark);
    for (const { id, used } of mandates.reverse()) {
      const mandate = world.mandates.get(id);
      if (mandate !== undefined) mandate.used = used;
    }
    return code;
  }
  for (const { id } of mandates) world.usedMandates.add(id);
  const last = decisions.at(-1)?.next;
  if (last !== undefined) keep(world, before, last, decisions, act);
  return undefined;
}

function useMandate(
  world: World,
  effect: Effect & { do: "use mandate" },
  changed: { id: string; used: bigint }[],
): ProblemCode | undefined {
  const mandate = world.mandates.get(effect.mandate);
  if (mandate === undefined) return "mandate_not_valid";
  const used = mandate.used + effect.amount;
  if (used > mandate.limit) return "mandate_limit_exceeded";
  changed.push({ id: mandate.id, used: mandate.used });
  mandate.used = used < 0n ? 0n : used;
  return undefined;
}

/** The hold moves that trade moves ask for, on the server's own books. */
function post(world: World, effect: Exclude<Effect, { do: "use mandate" }>): ProblemCode | undefined {
  const posted = world.books.post(ledgerCommand(world, effect), world.now);
  return "refused" in posted ? problemOfLedger[posted.refused] : undefined;
}

function ledgerCommand(world: World, effect: Exclude<Effect, { do: "use mandate" }>): LedgerCommand {
  if (effect.do !== "reserve") return { ...effect, id: world.newId() };
  const { account, currency, amount, until } = effect;
  return { do: "hold", id: effect.hold, account, currency, amount, until };
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

function keep(
  world: World,
  before: Trade | undefined,
  next: Trade,
  decisions: readonly Decision[],
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
    trade: next.id,
    seq: (before?.version ?? 0) + 1,
    types: events.map(({ type }) => type),
    at: act.now,
    role: act.role,
    actor: act.actor,
    data,
  });
}
