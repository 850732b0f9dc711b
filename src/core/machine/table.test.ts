/**
 * The table against the machine: every trade that can come of a small alphabet of steps is made, and every cell is
 * reached or refused as the table says.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readDocument, tableUnder } from "../../../test/support/tables/markdown.ts";
import * as steps from "../../../test/support/tables/trades.ts";
import { type Step, take, textOf } from "../../../test/support/tables/trades.ts";
import { actorRoles, isRefused, type TradeState, tradeStates } from "../protocol/protocol.ts";
import { type Command, decide, mayMove } from "./decide.ts";
import { nextDeadline } from "./deadlines.ts";
import type { Effect } from "./decision.ts";
import type { Terms, Trade } from "./trade.ts";
import { hasEnded, type Move, moves, transitions } from "./transitions.ts";

/** Days on which something is done: at once, after silence, after the payment date, after everything. */
const days = [0, 10, 25, 60];
const small = { lines: [{ name: "Tea set", quantity: 2, unitAmount: 100 }] };
const cup = { name: "Cup", quantity: 1, unitAmount: 25 };
const kinds: Partial<Terms>[] = [
  small,
  { ...small, ...steps.dated },
  { ...small, ...steps.silent },
  { ...small, ...steps.both },
  { lines: [cup, cup], ...steps.both },
];

/** One way to make each move, and a few more where a part makes a difference. Nobody's day is looked at here. */
const chosen = { method: "method", account: "account", mandate: "mandate" };
const alphabet: Step[] = [
  ["shop", { do: "reserve", chosen, shopAgreed: true }],
  steps.refused,
  ["shop", { do: "revise", lines: small.lines }],
  steps.deliver(),
  steps.deliver(1),
  steps.accept(),
  steps.accept(1),
  steps.final(1),
  steps.accept(1, "carrier"),
  steps.reject(),
  steps.reject(1),
  steps.back(),
  steps.back(1),
  steps.dispute(),
  steps.cancel("shop"),
  steps.resolve("settle"),
  steps.resolve("release"),
  steps.resolve("split", 0, 50),
  steps.resolve("resume"),
  steps.extend(59, "shop"),
  steps.refund(50),
  ["shop", { do: "assign", store: "store", shopName: "Kita", shopAccount: "store", fee: steps.terms.fee }],
  ["shop", { do: "advance", from: "own", into: "own", acceptedBasisPoints: 100, reservedBasisPoints: 300 }],
  ["carrier", { do: "at-door" }],
  ["carrier", { do: "accept", lines: [{ line: 2, quantity: 1 }], final: true }],
];

interface Seen {
  /** `state move state`, of all moves that led somewhere. */
  reached: Set<string>;
  /** By move: what it did to the hold and to the mandate. */
  effects: Map<Move, Set<Effect["do"]>>;
  /** Trades in each state, to try the refusals on. */
  samples: Map<TradeState, Trade[]>;
}

/** Makes every trade that up to so many steps can come to, deadlines kept as the engine keeps them. */
function explore(depth: number): Seen {
  const seen: Seen = { reached: new Set(), effects: new Map(), samples: new Map() };
  const known = new Set<string>();
  let edge: { trade: Trade; day: number }[] = [];
  const add = (trade: Trade, day: number) => {
    const key = textOf({ ...trade, version: 0, wakeAt: null, day });
    if (known.has(key)) return;
    known.add(key);
    const samples = seen.samples.get(trade.state) ?? [];
    seen.samples.set(trade.state, samples);
    if (samples.length < 50) samples.push(trade);
    edge.push({ trade, day });
  };
  for (const kind of kinds) add(steps.proposed(kind), 0);
  for (let turn = 0; turn < depth; turn += 1) {
    const nodes = edge;
    edge = [];
    for (const { trade, day } of nodes) {
      for (const later of days.filter((each) => each >= day)) {
        const current = clockTo(trade, later, seen);
        if (later > day) add(current, later);
        else for (const [who, command] of alphabet) add(follow(current, [who, command, later], seen), later);
      }
    }
  }
  return seen;
}

/** Takes a step and writes down where it led; a refusal leaves the trade as it was. */
function follow(trade: Trade, step: Step, seen: Seen): Trade {
  const [role, command, day = 0] = step;
  const result = decide(trade, command, { role, actor: null, now: steps.on(day), id: "hold" });
  if (isRefused(result)) return trade;
  const move = command.do;
  seen.reached.add(`${trade.state} ${move} ${result.next.state}`);
  const effects = seen.effects.get(move) ?? new Set();
  seen.effects.set(move, effects);
  for (const effect of result.effects) effects.add(effect.do);
  check(trade, result.next);
  return result.next;
}

function clockTo(trade: Trade, day: number, seen: Seen): Trade {
  const due = nextDeadline(trade);
  if (due === undefined || due.move === "erase" || due.at > steps.on(day)) return trade;
  const next = follow(trade, ["clock", { do: due.move }, day], seen);
  assert.notEqual(next, trade, `the clock's ${due.move} was refused`);
  return clockTo(next, day, seen);
}

/** What holds of every trade, whatever was done to it. */
function check(before: Trade, next: Trade): void {
  const sum = next.frozen + next.settled + next.released;
  assert.equal(sum, next.hold === null ? 0n : next.amount);
  assert.ok(next.frozen >= 0n && next.settled >= 0n && next.released >= 0n && next.refunded <= next.settled);
  if (hasEnded(next.state, next.frozen)) assert.equal(next.frozen, 0n);
  if (hasEnded(before.state, before.frozen)) assert.equal(next.state, before.state);
  for (const [index, line] of next.progress.lines.entries()) {
    const { quantity } = next.terms.lines[index] ?? { quantity: 0 };
    assert.ok(line.accepted + line.rejected <= line.delivered && line.delivered <= quantity);
    assert.ok(line.returned <= line.rejected);
  }
}

const seen = explore(6);

test("every state is reached", () => {
  assert.deepEqual([...seen.samples.keys()].toSorted(), [...tradeStates].toSorted());
});

test("every target that the table allows is reached, and no other", () => {
  const allowed = tradeStates.flatMap((state) =>
    moves.flatMap((move) => {
      const cell = transitions[state][move];
      return typeof cell === "string" ? [] : cell.map((target) => `${state} ${move} ${target}`);
    }),
  );
  assert.deepEqual([...seen.reached].toSorted(), allowed.toSorted());
});

test("every refusal of the table is the answer, in every role that may ask", () => {
  const commands = new Map<Move, Command>(alphabet.map(([, command]) => [command.do, command]));
  for (const move of ["expire", "autoAccept", "pay"] as const) commands.set(move, { do: move });
  for (const state of tradeStates) {
    for (const move of moves) {
      const cell = transitions[state][move];
      const command = commands.get(move);
      assert.ok(command, `the alphabet has no ${move}`);
      for (const trade of typeof cell === "string" ? (seen.samples.get(state) ?? []) : []) {
        for (const role of mayMove[move]) {
          const result = take(trade, [role, command, 0]);
          assert.equal(
            "refused" in result ? result.refused : result.next.state,
            cell,
            `${state} ${move} ${role}`,
          );
        }
      }
    }
  }
});

test("nobody makes a move that is not theirs, in any state", () => {
  for (const [state, [trade]] of seen.samples) {
    for (const [, command] of alphabet) {
      for (const role of actorRoles.filter((each) => !mayMove[command.do].includes(each))) {
        assert.ok(trade);
        const result = take(trade, [role, command, 0]);
        assert.deepEqual(result, { refused: "not_allowed" }, `${state} ${command.do} ${role}`);
      }
    }
  }
});

test("what has ended stays as it is: nothing but a refund leads anywhere", () => {
  const ended = [...seen.samples.values()].flat().filter(({ state, frozen }) => hasEnded(state, frozen));
  assert.ok(ended.length > 50);
  for (const trade of ended) {
    for (const [who, command] of alphabet.filter(([, { do: move }]) => move !== "refund")) {
      assert.ok(isRefused(take(trade, [who, command, 60])), `${command.do} on ${steps.show(trade)}`);
    }
  }
});

test("each move does to the hold and the mandate what the page says, and no more", () => {
  const done = [...seen.effects].map(([move, effects]) => {
    const hold = [...effects].filter((effect) => !effect.startsWith("use ")).toSorted();
    return [move, hold.join(", ") || "none", effects.has("use mandate") ? "yes" : "no"];
  });
  const page = tableUnder(readDocument("trades.md"), "What a move does to the hold");
  assert.deepEqual(new Set(done), new Set(page));
  assert.equal(done.length, page.length);
});
