/** What comes next in the search for a store, as tables. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TradeView } from "../../core/protocol/protocol.ts";
import { isStanding, meaningOf, nextOf, type Said } from "./search.ts";
import type { OfferState } from "./store.ts";

const now = new Date("2026-11-28T12:00:00Z");
const later = new Date(now.getTime() + 60_000);
type Seen = Pick<TradeView, "state" | "chain" | "pending" | "lots">;
const reserved: Seen = { state: "reserved", pending: null, lots: [] };
const waiting: Seen = { ...reserved, pending: { step: "assign", since: now.toISOString() } };

const steps: [string, Seen | undefined, [OfferState, Date] | undefined, string][] = [
  ["reserved, and nobody was asked", reserved, undefined, "ask"],
  ["reserved, and a store thinks it over", reserved, ["offered", later], "wait"],
  ["reserved, and a store was silent until its time was over", reserved, ["offered", now], "ask"],
  ["taken, and the engine may not have heard of it", reserved, ["taken", now], "assign"],
  ["taken of a trade that has ended", { ...reserved, state: "cancelled" }, ["taken", now], "assign"],
  ["a step of the trade waits", waiting, undefined, "wait"],
  ["not reserved yet", { ...reserved, state: "proposed" }, undefined, "wait"],
  ["refused by the institution", { ...reserved, state: "refused" }, undefined, "wait"],
  [
    "goods are on their way",
    { ...reserved, lots: [{ line: 1, quantity: 1, at: "shipped" }] },
    undefined,
    "end",
  ],
  ["goods have come", { ...reserved, state: "delivered" }, undefined, "end"],
  ["a store has it", { ...reserved, chain: "head" }, undefined, "end"],
  ["gone", undefined, undefined, "end"],
];
for (const [what, trade, asked, does] of steps) {
  test(`${does}: ${what}`, () => {
    const offer = asked && { state: asked[0], until: asked[1] };
    assert.equal(nextOf(trade, offer, now).do, does);
  });
}

const said = (status: number, code?: string, isBusy = false): Said => ({ status, code, isBusy });
const meanings: [string, Said, OfferState, string][] = [
  ["it is the store's", said(200), "taken", "placed"],
  ["the institution has not answered", said(202), "taken", "nothing"],
  ["the server was not reached", said(503, "unavailable"), "taken", "nothing"],
  ["another step stood in the way", said(409, "trade_busy", true), "taken", "nothing"],
  ["the store may not be paid there", said(403, "consent_not_valid"), "taken", "next"],
  ["the same, heard by a second process", said(403, "consent_not_valid"), "failed", "nothing"],
  ["the trade was cancelled", said(409, "already_cancelled"), "taken", "over"],
  ["another has it", said(409, "offer_over"), "taken", "over"],
  ["the goods are on their way", said(409, "already_shipped"), "taken", "over"],
];
for (const [what, answer, state, meaning] of meanings) {
  test(`${meaning}: ${what}`, () => assert.equal(meaningOf(answer, { state }), meaning));
}

test("a store can answer what it was asked, in time and once", () => {
  assert.ok(isStanding({ state: "offered", until: later }, now));
  assert.ok(!isStanding({ state: "offered", until: now }, now));
  assert.ok(!isStanding({ state: "declined", until: later }, now));
});
