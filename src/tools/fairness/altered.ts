/** Around the machine: what it is asked is altered before, or what it answers after. */
import type { Act, Lot, Trade } from "../../core/trade/trade.ts";
import { isRefused } from "../../core/protocol/protocol.ts";
import { type Command } from "../../core/machine/machine.ts";
import type { Machine, Setting } from "../players/players.ts";

export interface Rule {
  name: string;
  /** What is so while the rule holds. */
  says: string;
  off?: (machine: Machine) => Machine;
  /** Where the rule is one about terms: the terms without it. */
  without?: (setting: Setting) => Setting;
  /** Where its story is looked for. */
  where: Setting[];
  /** Without it nobody wins: it is there for comfort, or to save time. */
  comfort?: true;
}

export interface Asked {
  trade: Trade;
  command: Command;
  act: Act;
}

/** The machine with what it is asked altered before, and what it answers altered after. */
export function altered(
  machine: Machine,
  before: (asked: Asked) => Asked | undefined,
  afterwards: (next: Trade, asked: Asked) => void = () => {},
): Machine {
  return {
    ...machine,
    decide: (trade, command, act) => {
      const asked = before({ trade, command, act });
      if (asked === undefined) return { refused: "not_allowed" };
      const result = machine.decide(asked.trade, asked.command, asked.act);
      if (!isRefused(result)) afterwards(result.next, { trade, command, act });
      return result;
    },
  };
}

export const same = (asked: Asked): Asked => asked;

export function withLots(trade: Trade, change: (lot: Lot) => Lot): Trade {
  return { ...trade, progress: { ...trade.progress, lots: trade.progress.lots.map(change) } };
}

/** A trade in which no clock makes this move. */
function unmoved(trade: Trade, move: string): Trade {
  const { progress } = trade;
  const clocks = { ...progress.clocks };
  if (move === "not-sent-back") delete clocks.returnBy;
  if (move === "not-inspected") delete clocks.inspectBy;
  if (progress.disputed === null) return { ...trade, progress: { ...progress, clocks } };
  const disputed = { ...progress.disputed };
  if (move === "not-answered") disputed.answerBy = null;
  if (move === "not-decided") disputed.decideBy = "2190-01-01T00:00:00.000Z";
  return { ...trade, progress: { ...progress, clocks, disputed } };
}

/** The machine without one move of the clock. */
export const without =
  (move: string) =>
  (machine: Machine): Machine => ({
    ...altered(
      machine,
      (asked) => (asked.act.role === "clock" ? { ...asked, trade: unmoved(asked.trade, move) } : asked),
      (next, { trade, act }) => {
        if (act.role !== "clock" || next.progress.lots.length === 0) return;
        next.progress.clocks = { ...trade.progress.clocks, ...next.progress.clocks };
        const [open, before] = [next.progress.disputed, trade.progress.disputed];
        if (open === null || before === null) return;
        if (move === "not-answered") next.progress.disputed = { ...open, answerBy: before.answerBy };
        if (move === "not-decided") next.progress.disputed = { ...open, decideBy: before.decideBy };
      },
    ),
    nextDeadline: (trade) => machine.nextDeadline(unmoved(trade, move)),
  });

/** A lot of which the delivery is denied, as if nobody had seen it. */
export function undelivered(lot: Lot): Lot {
  if (lot.home !== undefined || lot.seen !== "delivered") return lot;
  const { seen: _, ...rest } = lot;
  return rest;
}
