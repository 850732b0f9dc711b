/** What comes into a batch that no caller asks: the clock's look, a limit that keeps somebody, what other servers say. */
import { isRefused, type Refused, type TradeView } from "../../core/protocol/protocol.ts";
import type { Taking } from "../../core/trade/trade.ts";
import { done, type Outcome, refusal } from "../engine/engine.ts";
import {
  book,
  catchUp,
  clockAct,
  complete,
  decideAndApply,
  heardOfDue,
  type Request,
  type Result,
  type Rules,
  settleAlarm,
  type World,
} from "../steps/steps.ts";
import { viewOf } from "./view.ts";

/** What a request came to: what its caller is told, and what there is to wait for. */
export interface Answer {
  /** Undefined where nobody asked but the clock or another server. */
  outcome?: Outcome<TradeView>;
  /** The trade that waits for another server: the outcome says no more than how it stands, and there is more to come. */
  waits?: bigint;
  /** With `waits`, the instruction whose answer this request waits for, where the step is its own. */
  instruction?: string;
  /** The trade in whose way an earlier step stands that still waits; nothing was done. */
  busy?: bigint;
  /** The wait that the answer of another server has ended. */
  ended?: EndedWait;
  /** Why what was paid at an institution is not booked. */
  collected?: Refused;
}

/** A step whose wait is over. It may not be the one that a caller waits for. */
export interface EndedWait {
  number: bigint;
  instruction: string;
  /** What the caller who asked for the step is told; undefined where it was the clock. */
  outcome: Outcome<TradeView> | undefined;
}

/** A trade as its caller is shown it. */
export function shown(
  rules: Rules,
  { trade, role, status, waits }: Exclude<Result, Refused>,
): Outcome<TradeView> {
  return done(waits === true ? 202 : status, viewOf(trade, role, rules));
}

/** The clock looks at a trade: does what is due, and sets the next look. */
export function wake(world: World, number: bigint): Answer {
  const trade = world.trades.get(number);
  if (trade === undefined) return {};
  const woken = catchUp(world, trade);
  settleAlarm(world, woken);
  return woken.pending === null ? {} : { waits: number };
}

/** The server keeps somebody from acting: where a clock runs against them, it is prolonged. */
export function hindered(world: World, { number, who, for: length }: Request & { do: "hindered" }): Answer {
  const found = world.trades.get(number);
  if (found === undefined) return {};
  const trade = catchUp(world, found);
  if (trade.pending !== null) return { busy: number };
  const { applied } = decideAndApply(
    world,
    trade,
    { do: "hinder", who, for: length },
    clockAct(world, trade),
  );
  settleAlarm(world, applied?.how === "done" ? applied.trade : trade);
  return {};
}

/**
 * The step goes on waiting, for a person and perhaps for days: the caller is told so at once, and whoever looks at the trade
 * sees for whom it waits.
 */
export function awaited(
  rules: Rules,
  world: World,
  { number, instruction }: Request & { do: "awaited" },
): Answer {
  const trade = world.trades.get(number);
  const pending = trade?.pending ?? null;
  if (trade === undefined || pending?.instruction !== instruction || pending.awaits !== undefined) return {};
  const told: typeof trade = { ...trade, pending: { ...pending, awaits: "account_holder" } };
  world.trades.set(number, told);
  world.updated.add(number);
  const { answer: asker } = pending;
  if (asker === null) return { ended: { number, instruction, outcome: undefined } };
  const { caller, key, role, status } = asker;
  const outcome = shown(rules, { status, trade: told, role, waits: true });
  if (key !== null) world.answers.replace({ caller, key }, outcome);
  return { ended: { number, instruction, outcome } };
}

/** Another server has answered. The caller who asked for the step is told in the words that they would have got at once. */
export function answered(rules: Rules, world: World, request: Request & { do: "answered" }): Answer {
  const { number, refused, collection } = request;
  world.answered.add(request.instruction);
  const trade = world.trades.get(number);
  if (trade === undefined) return {};
  const completed = complete(world, trade, request.instruction, { refused, collection });
  if (completed === undefined) {
    const taking = heardOfDue(world, trade, request.instruction, { refused, collection });
    return taking === undefined ? {} : taken(rules, world, number, taking);
  }
  // It has asked once more, and whoever waits for the first answer waits for the next one.
  if (completed.waits === true) return {};
  const { began: instruction = request.instruction, answer: asker } = completed.step;
  if (asker === null) return { ended: { number, instruction, outcome: undefined } };
  const { caller, key, role, status } = asker;
  const outcome =
    completed.refused === undefined
      ? shown(rules, { status, trade: completed.trade, role })
      : refusal(completed.refused, number);
  if (key !== null) world.answers.replace({ caller, key }, outcome);
  return { ended: { number, instruction, outcome } };
}

/** It is known what became of what was taken at the door: whoever said so hears of it. */
function taken(
  rules: Rules,
  world: World,
  number: bigint,
  { instruction = "", answer: asker }: Taking,
): Answer {
  const trade = world.trades.get(number);
  if (asker === undefined || trade === undefined)
    return { ended: { number, instruction, outcome: undefined } };
  const { caller, key, role, status } = asker;
  const outcome = shown(rules, { status, trade, role });
  if (key !== null) world.answers.replace({ caller, key }, outcome);
  return { ended: { number, instruction, outcome } };
}

/**
 * An institution has been paid for a trade; what it said before of that it has said again. Nobody's word counts but that of
 * the institution at which the trade is paid.
 */
export function collected(world: World, request: Request & { do: "collected" }): Answer {
  const { number, institution, currency, paid } = request;
  const found = world.trades.get(number);
  if (found?.progress.guarantee?.collector !== institution) return { collected: { refused: "not_found" } };
  if (found.currency !== currency) return { collected: { refused: "currency_mismatch" } };
  const trade = catchUp(world, found);
  // It is paid whatever else comes: with the answer that the step waits for, or a moment later.
  if (trade.pending !== null) return { collected: { refused: "trade_busy" } };
  const booked = book(world, trade, paid);
  return isRefused(booked) ? { collected: booked } : {};
}
