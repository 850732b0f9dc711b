/** What the documents say of trades and problems is what the code does, both ways. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { problemCodes, problemEntry, tradeStates } from "../src/core/protocol/protocol.ts";
import { moves, transitions } from "../src/engines/trades/trades.ts";
import { readDocument, tableUnder } from "./support/tables/markdown.ts";
import { mayMove } from "../src/core/machine/machine.ts";

const trades = readDocument("trades.md");

test("the page's table of trades is the machine's", () => {
  const lines = trades.split("\n");
  const head = lines[lines.indexOf("## The table") + 6]?.split("|").slice(2, -1);
  assert.deepEqual(
    head?.map((cell) => cell.trim()),
    [...tradeStates],
    "the columns are the states",
  );
  const page = tableUnder(trades, "The table").map(([move, ...cells]) => [move, ...cells]);
  const code = moves.map((move) => [
    move,
    ...tradeStates.map((state) => {
      const cell = transitions[state][move];
      return typeof cell === "string" ? cell : cell.map((target) => `**${target}**`).join(" ");
    }),
  ]);
  assert.deepEqual(page, code);
});

test("who makes which move is what the machine allows", () => {
  const page = tableUnder(trades, "Moves and who makes them").map(([move, who = ""]) => [
    move,
    who.split(", ").toSorted(),
  ]);
  assert.deepEqual(
    page,
    moves.map((move) => [move, [...mayMove[move]].toSorted()]),
  );
});

test("every state has its word on the page", () => {
  const words = tableUnder(trades, "Words").map(([word]) => word);
  assert.deepEqual(new Set(words), new Set<string>(tradeStates));
  assert.equal(words.length, tradeStates.length);
});

test("invariants and prohibitions are numbered without gaps", () => {
  for (const letter of ["I", "C"]) {
    const numbers = [...trades.matchAll(new RegExp(`^- \\*\\*${letter}(\\d+)\\*\\*`, "gm"))].map(
      ([, number]) => Number(number),
    );
    assert.ok(numbers.length > 8);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
  }
});

test("the page of problems is the registry, with a meaning and an advice for each", () => {
  const problems = readDocument("problems.md");
  const sections = [...problems.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
  const rows = sections.flatMap((heading) => tableUnder(problems, heading));
  const page = rows.map(([code, status, transient, title]) => [code, Number(status), transient, title]);
  const registry = problemCodes.map((code) => {
    const { status, transient, title } = problemEntry(code);
    return [code, status, transient ? "yes" : "no", title];
  });
  assert.deepEqual(page, registry);
  for (const [code, , , , meaning = "", advice = "", ...more] of rows) {
    assert.ok(meaning.length > 10 && advice.length > 5 && more.length === 0, code);
  }
});
