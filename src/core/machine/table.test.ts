/**
 * The table against the machine: every trade that can come of a small alphabet of steps is made, and every cell is
 * reached or refused as the table says.
 */
import {
  type Act,
  dueOf,
  type Effect,
  heldOf,
  owed,
  unshippedOf,
  type Trade,
  unaccepted,
} from "../trade/trade.ts";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { readDocument, tableUnder } from "../../../test/support/tables/markdown.ts";
import { beginnings, paidEarly, reserve, small } from "../../../test/support/tables/beginnings.ts";
import * as steps from "../../../test/support/tables/trades.ts";
import { type Step, take, textOf } from "../../../test/support/tables/trades.ts";
import * as ways from "../../../test/support/tables/ways.ts";
import { actorRoles, isRefused, type TradeState, tradeStates } from "../protocol/protocol.ts";
import { type Command, decide, mayMove } from "./decide.ts";
import { nextDeadline } from "./deadlines.ts";
import { hasEnded, type Move, moves, transitions } from "./transitions.ts";

/** Days on which something is done: at once, and after each of the deadlines that goods and disputes have. */
const days = [0, 6, 12, 18, 27, 45, 70];

/** One way to make each move, and a few more where a part makes a difference. Nobody's day is looked at here. */
const alphabet: Step[] = [
  reserve,
  steps.refused,
  ["shop", { do: "revise", lines: small.lines }],
  ["shop", { do: "revise", lines: small.lines, asks: true }],
  ways.ship("shop", { parcel: "A" }),
  ways.ship("shop", { q: 1 }),
  ways.ship("carrier"),
  ways.hand("shop"),
  ways.hand("buyer", { q: 1 }),
  steps.deliver(),
  steps.deliver(1),
  ["carrier", { do: "at-door" }],
  steps.accept(),
  steps.accept(1),
  steps.final(1),
  steps.accept(1, "carrier"),
  ["carrier", { do: "accept", lines: [{ line: 2, quantity: 1 }], final: true }],
  ways.refuse("wrong"),
  ways.refuse("wrong", { q: 1 }),
  ways.refuse("never_came", { q: 1 }),
  ways.refuse("missing"),
  ways.sendBack("buyer"),
  ways.sendBack("buyer", { q: 1 }),
  ways.sendBack("carrier"),
  ways.bring("shop"),
  ways.bring("shop", { q: 1 }),
  ways.bring("carrier"),
  ways.deduct(10),
  ways.contest("used"),
  ways.withdraw(),
  ways.withdraw({ q: 1 }),
  steps.dispute(),
  steps.dispute("shop"),
  ways.answer("shop"),
  ways.answer("buyer"),
  ways.add("buyer"),
  ways.stop("shop"),
  ways.stop("shop", { lines: [{ line: 1, quantity: 1 }] }),
  ways.stop("buyer"),
  ways.stop("buyer", { q: 1 }),
  steps.resolve("settle"),
  steps.resolve("release"),
  steps.resolve("split", 0, 50),
  steps.resolve("resume"),
  ways.judge("return"),
  ways.judge("settle", { q: 1 }),
  steps.extend(69, "operator"),
  steps.extend(65, "shop"),
  steps.refund(50),
  ["shop", { do: "assign", store: "store", shopName: "Kita", shopAccount: "store", fee: steps.terms.fee }],
  paidEarly,
  ["shop", { do: "release" }],
  ["shop", { do: "claim" }],
];

const hindrance: Command = { do: "hinder", who: "buyer", for: "PT1H" };
const heldUp = (day: number): Command => ({
  do: "hinder",
  who: "holder",
  since: steps.on(day - 1).toISOString(),
  own: false,
  refused: true,
  onlyOwed: true,
});

/** Offers name what is frozen, so they follow the trade. */
function alphabetOf(trade: Trade): Step[] {
  const { offer } = trade.progress;
  const open = Number(unaccepted(trade));
  const back = Math.min(10, Number(trade.settled - trade.refunded));
  const half = Math.floor(open / 2);
  const other = offer?.by === "shop" ? "buyer" : "shop";
  return [
    ...alphabet,
    ways.propose("shop", open - half, half, open === 0 ? back : 0),
    ways.propose("buyer", open, 0),
    ways.agree(other, offer?.version ?? 1),
    ...[...(trade.progress.guarantee?.earlier ?? []), { total: Number(dueOf(trade)) }].map(
      ({ total }): Step => ["collector", { do: "collect", total }],
    ),
  ];
}

interface Seen {
  /** `state move state`, of all moves that led somewhere. */
  reached: Set<string>;
  /** By move: what it did to the hold and to the mandate. */
  effects: Map<Move, Set<Effect["do"]>>;
  /** Trades in each state, to try the refusals on. */
  samples: Map<TradeState, Trade[]>;
}

interface Node {
  trade: Trade;
  day: number;
}

/** Most trades of one turn that are looked at further; which ones, their own text decides. */
const widest = 800;

/** Makes trades by so many steps, deadlines kept as the engine keeps them: all of them while they are few, then many. */
function explore(depth: number): Seen {
  const seen: Seen = { reached: new Set(), effects: new Map(), samples: new Map() };
  const known = new Set<string>();
  let edge = new Map<string, Node>();
  const add = (trade: Trade, day: number) => {
    const { state, frozen, settled, released, refunded, acceptBy, paymentDate } = trade;
    // What was told of deadlines makes no other trade of it.
    const { remindedAt: _, ...progress } = trade.progress;
    const story = [state, frozen, settled, released, refunded, progress, acceptBy, paymentDate, day];
    const key = createHash("sha1")
      .update(textOf([trade.terms.lines.length, trade.terms.acceptance, ...story]))
      .digest("hex");
    if (known.has(key)) return;
    known.add(key);
    const samples = seen.samples.get(trade.state) ?? [];
    seen.samples.set(trade.state, samples);
    if (samples.length < 50) samples.push(trade);
    edge.set(key, { trade, day });
  };
  for (const [day, kind, before] of beginnings) add(steps.given(kind, before), day);
  add(steps.old(steps.given(small, [reserve, steps.deliver(), steps.reject()])), 0);
  for (let turn = 0; turn < depth; turn += 1) {
    const nodes = [...edge].toSorted(([left], [right]) => (left < right ? -1 : 1)).slice(0, widest);
    edge = new Map();
    for (const [, { trade, day }] of nodes) {
      for (const later of days.filter((each) => each > day)) {
        add(clockTo(trade, later, seen), later);
        add(clockTo(trade, later, seen, later), later);
      }
      // Changes times and nothing else, so it is looked at and not followed further.
      for (const each of [hindrance, heldUp(day)]) follow(trade, ["clock", each, day], seen);
      for (const [who, command] of alphabetOf(trade)) add(follow(trade, [who, command, day], seen), day);
    }
  }
  return seen;
}

/** Takes a step and writes down where it led; a refusal leaves the trade as it was. */
function follow(trade: Trade, step: Step, seen: Seen, more: Partial<Act> = {}): Trade {
  const [role, command, day = 0] = step;
  const act: Act = { role, actor: null, now: steps.on(day), id: "hold", ...more };
  const result = decide(trade, command, act);
  if (isRefused(result)) return trade;
  if (result.effects.some((effect) => effect.do === "refund" || effect.do === "reimburse")) {
    const short = decide(trade, command, { ...act, payeeShort: true });
    assert.ok(!isRefused(short));
    seen.reached.add(`${trade.state} ${command.do} ${short.next.state}`);
    check(trade, short.next);
    if (command.do !== "repay") follow(short.next, ["clock", { do: "repay" }, day], seen);
  }
  const move = command.do;
  seen.reached.add(`${trade.state} ${move} ${result.next.state}`);
  const effects = seen.effects.get(move) ?? new Set();
  seen.effects.set(move, effects);
  for (const effect of result.effects) effects.add(effect.do);
  checkEffects(result.effects);
  check(trade, result.next);
  return result.next;
}

/** An institution is asked for all of a step at once: each thing once, and money goes back to the buyer in a step of its own. */
function checkEffects(effects: readonly Effect[]): void {
  const asked = effects.map(({ do: does }) => does).filter((does) => !does.startsWith("use "));
  assert.equal(new Set(asked).size, asked.length, `asked twice: ${asked.join()}`);
  assert.ok(!(asked.includes("release") && asked.includes("expire")));
  if (asked.some((does) => does === "refund" || does === "reimburse" || does === "transfer"))
    assert.equal(asked.length, 1, asked.join());
}

/** The clock does what is due up to a day, each at its time; or all of it late, at the end. */
function clockTo(trade: Trade, day: number, seen: Seen, late?: number): Trade {
  const due = nextDeadline(trade);
  if (due === undefined || due.move === "erase" || due.at > steps.on(day)) return trade;
  const at = late ?? (due.at.getTime() - steps.on(0).getTime()) / 86_400_000;
  const step: Step = ["clock", { do: due.move }, Math.max(at, 0)];
  const now = steps.on(step[2] ?? 0);
  follow(trade, step, seen, { told: steps.told({ buyer: false, shop: false }) });
  follow(trade, step, seen, { told: { buyer: now, shop: now } });
  if (due.move === "pay") follow(trade, step, seen, { debt: { account: "own", amount: 10n } });
  const next = follow(trade, step, seen);
  assert.notEqual(next, trade, `the clock's ${due.move} was refused`);
  return clockTo(next, day, seen, late);
}

/** What holds of every trade, whatever was done to it. */
function check(before: Trade, next: Trade): void {
  const sum = next.frozen + next.settled + next.released;
  assert.equal(sum, next.hold === null ? 0n : next.amount);
  assert.ok(next.frozen >= 0n && next.settled >= 0n && next.released >= 0n && next.refunded <= next.settled);
  if (hasEnded(next)) assert.equal(next.frozen, 0n);
  if (hasEnded(before) && next.progress.disputed === null && before.progress.disputed === null)
    assert.equal(next.state, before.state);
  for (const [index, line] of next.progress.lines.entries()) {
    const { quantity } = next.terms.lines[index] ?? { quantity: 0 };
    assert.ok(line.accepted <= line.delivered && line.delivered <= quantity);
    assert.ok(line.returned <= line.rejected);
    assert.ok(unshippedOf(next, index) >= 0);
  }
  checkGuarantee(next);
}

/** What was settled of a guaranteed trade was collected or claimed, and what is owed has its time. */
function checkGuarantee(trade: Trade): void {
  const { guarantee } = trade.progress;
  if (guarantee === undefined) return;
  const { collected, freed, claimed, reimbursed, payBy, claimFrom, earlier = [] } = guarantee;
  assert.equal(trade.settled, BigInt(collected + claimed));
  assert.ok(freed <= collected && reimbursed <= collected);
  assert.ok(Number(trade.refunded) - reimbursed <= claimed);
  const isOwed = owed(trade) > 0n;
  assert.ok(owed(trade) >= 0n && heldOf(trade) >= 0n);
  assert.equal(payBy !== undefined && claimFrom !== undefined, isOwed);
  assert.ok(earlier.every(({ total }) => total > collected && BigInt(total) < dueOf(trade)));
}

const seen = explore(5);

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
  const [sample] = seen.samples.get("reserved") ?? [];
  assert.ok(sample);
  const commands = new Map<Move, Command>(alphabetOf(sample).map(([, command]) => [command.do, command]));
  for (const move of moves)
    if (mayMove[move].includes("clock") && move !== "refuse") commands.set(move, { do: move } as Command);
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

test("of what has ended, money moves back to the buyer and no other way", () => {
  const ended = [...seen.samples.values()].flat().filter(hasEnded);
  assert.ok(ended.length > 50);
  for (const trade of ended) {
    for (const [who, command] of alphabetOf(trade)) {
      const result = take(trade, [who, command, 60]);
      const said = `${command.do} on ${steps.show(trade)}`;
      if (isRefused(result)) continue;
      assert.ok(trade.state === "settled" || command.do === "refund", said);
      const { frozen, settled, released, refunded, state } = result.next;
      assert.deepEqual([frozen, settled, released], [0n, trade.settled, trade.released], said);
      assert.ok(refunded >= trade.refunded && (state === trade.state || state === "disputed"), said);
    }
  }
});

test("money that is frozen has a deadline ahead of it, whatever happens", () => {
  for (const trade of [...seen.samples.values()].flat()) {
    const waits = trade.frozen > 0n || trade.progress.lots.length > 0;
    if (waits) assert.ok(nextDeadline(trade), steps.show(trade));
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
