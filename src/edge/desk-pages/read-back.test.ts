/** What is read back to a caller says everything that the call behind it says, in every act that an operator does for them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { saidBy } from "../../../test/support/wire/forms.ts";
import { id, plainTexts, sampleTrade } from "../../../test/support/tables/sample-trades.ts";
import type { AcceptorRole } from "../../core/protocol/protocol.ts";
import { type DeskAct, deskActs, ReadPage } from "../desk-views/desk-views.ts";
import { noAttempt, render } from "../parts/parts.ts";
import type { Fields } from "../pages/pages.ts";
import { deskMove } from "./making.ts";

const trade = sampleTrade("delivered", plainTexts, {
  frozen: 9600,
  settled: 4000,
  withdrawable: [{ why: "cooling_off", until: "2026-12-20T00:00:00Z", lines: [{ line: 1, quantity: 4 }] }],
  lots: [{ line: 1, quantity: 6, at: "delivered" }],
  unshippedUntil: null,
  offer: { by: "shop", pay: 5000, release: 4600, refund: 0, version: 3 },
});
const now = { at: "2026-11-25T03:00:00Z", timeZone: "Asia/Tokyo" };
const methods = [{ id: id(3), kind: "credit" as const }];

/** All that any form asks, filled in. */
const everything: Fields = {
  "quantity-1": "2",
  "price-1": "1,100",
  final: "yes",
  kind: "wrong",
  reason: "Too small",
  parcel: "4711",
  reference: "R 9",
  statement: "It left us whole",
  words: "One is torn",
  pay: "3,000",
  refund: "100",
  amount: "500",
  until: "2026-12-20",
  method: id(3),
  shopMayAccept: "yes",
  shopWord: "yes",
  version: "3",
};

function readBack(act: DeskAct, fields: Fields) {
  const open = act === "cancel" ? { ...trade, lots: [], lines: trade.lines.map(notYet) } : trade;
  const role: AcceptorRole = act === "extend" ? "shop" : "buyer";
  const made = deskMove(act, fields, { trade: open, role, now });
  if (!("body" in made)) return assert.fail(`${act}: ${JSON.stringify(made)}`);
  const { body } = made;
  const shown = { frame: { face: faceOf() }, trade, act, role, body, methods };
  return { body, html: render(ReadPage, { ...shown, sum: 500n, fields: {}, attempt: noAttempt }) };
}

const notYet = <T extends { delivered: number }>(line: T): T => ({ ...line, delivered: 0 });
const faceOf = () =>
  ({ name: "Kenshu", lead: "home.institution", money: "accounts", timeZone: "Asia/Tokyo" }) as const;

/** What stands beside the move, and is no part of what it says. */
const beside = new Set(["do", "operator", "version"]);

for (const act of deskActs)
  test(`everything that ${act} says is read back`, () => {
    const { body, html } = readBack(act, everything);
    const said = Object.keys(body).filter((name) => !beside.has(name));
    const missing = said.filter((name) => !html.includes(`data-says="${name}"`));
    assert.deepEqual(missing, []);
  });

test("an approval is read with its means of payment, its day, who may accept, and the shop's own word", () => {
  const text = saidBy(readBack("approve", everything).html);
  for (const words of ["Credit", "The shop", "The shop's own word of a delivery counts"])
    assert.ok(text.includes(words), `${words}: ${text}`);
});

test("an approval with nothing chosen says so", () => {
  const text = saidBy(readBack("approve", { version: "3" }).html);
  assert.match(text, /The buyer's usual one/);
  assert.doesNotMatch(text, /The shop's own word/);
});

test("other terms are read with each new price, an offer with what goes back of what was paid", () => {
  assert.match(saidBy(readBack("revise", everything).html), /2 × Tea set, celadon.*¥1,100/);
  assert.match(saidBy(readBack("offer", everything).html), /¥3,000.*¥100/);
});
