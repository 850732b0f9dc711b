/** What events mean for the figures of parties and for the list of disputes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { disputeChanges, figuresOf } from "./figures.ts";
import type { NewEvents } from "./store.ts";

const parties = { shop: "shop", buyer: "buyer", carrier: "carrier" };

test("what an event adds to the figures", () => {
  const lost = (side: unknown) => ({ type: "trade.resolved", data: { lost: side } });
  const near = (deadline: string, type = "trade.deadline_near") => ({ type, data: { deadline } });
  const cases: [string, Parameters<typeof figuresOf>[1], string[]][] = [
    ["rejected", { type: "trade.rejected", data: {} }, ["shop rejections", "buyer rejections"]],
    ["a dispute that the shop lost", lost("shop"), ["shop disputes_lost"]],
    ["a dispute that the buyer lost", lost("buyer"), ["buyer disputes_lost"]],
    ["a dispute that nobody lost", lost(undefined), []],
    ["nothing came in time", near("deliverBy"), ["shop late_deliveries", "carrier late_deliveries"]],
    [
      "it came too late",
      near("deliverBy", "trade.delivered"),
      ["shop late_deliveries", "carrier late_deliveries"],
    ],
    ["it came in time", { type: "trade.delivered", data: {} }, []],
    ["another deadline", near("acceptBy"), []],
    ["accepted", { type: "trade.accepted", data: { lost: "shop", deadline: "deliverBy" } }, []],
  ];
  for (const [name, event, expected] of cases)
    assert.deepEqual(
      figuresOf(parties, event).map(({ party, kind }) => `${party} ${kind}`),
      expected,
      name,
    );
  const nobody = { shop: "shop", buyer: null, carrier: null };
  assert.equal(figuresOf(nobody, { type: "trade.rejected", data: {} }).length, 1);
  assert.equal(figuresOf(nobody, near("deliverBy")).length, 1);
});

const at = new Date("2026-01-01T00:00:00Z");
const row = (seq: number, ...events: [type: string, data?: Record<string, unknown>][]): NewEvents => ({
  number: 18n,
  trade: "trade",
  seq,
  types: events.map(([type]) => type),
  at,
  role: "buyer",
  actor: null,
  data: events.map(([, data = {}]) => data),
});
const opened: [string] = ["trade.disputed"];
const resolved = (lost?: string): [string, Record<string, unknown>] => ["trade.resolved", { lost }];

/** Each dispute as `opened by event answer decide outcome`. */
function told(wasOpen: boolean, rows: NewEvents[], answerBy?: string | null): string[] {
  const disputed = answerBy === undefined ? null : { at: "", answerBy, decideBy: null };
  return disputeChanges(18n, wasOpen, rows, disputed).map((change) =>
    [
      change.opened === null ? "old" : `${change.opened.by}${change.opened.seq}`,
      change.answerBy?.toISOString().slice(0, 10) ?? "-",
      change.ended?.outcome ?? "open",
    ].join(" "),
  );
}

test("what becomes of a trade's dispute", () => {
  const until = "2026-01-08T00:00:00Z";
  const cases: [string, string[], string[]][] = [
    ["opened", told(false, [row(3, opened)], until), ["buyer3 2026-01-08 open"]],
    [
      "opened behind another event",
      told(false, [row(3, ["trade.rejected"], opened)], null),
      ["buyer4 - open"],
    ],
    ["contested while it is open", told(true, [row(5, opened)], until), ["old 2026-01-08 open"]],
    ["answered", told(true, [row(5, ["trade.answered"])], until), ["old 2026-01-08 open"]],
    ["the shop lost", told(true, [row(5, resolved("shop"))]), ["old - shop_lost"]],
    ["the buyer lost", told(true, [row(5, resolved("buyer"))]), ["old - buyer_lost"]],
    ["divided", told(true, [row(5, resolved())]), ["old - neither_lost"]],
    ["settled between them", told(true, [row(5, ["trade.settled"])]), ["old - neither_lost"]],
    ["one piece of it decided", told(true, [row(5, resolved("shop"))], until), ["old 2026-01-08 open"]],
    [
      "opened and decided at once",
      told(false, [row(3, opened), row(4, resolved("shop"))]),
      ["buyer3 - shop_lost"],
    ],
    [
      "decided, and what is left contested",
      told(true, [row(5, resolved("buyer"), opened)], until),
      ["old - buyer_lost", "buyer6 2026-01-08 open"],
    ],
    [
      "twice within one batch",
      told(false, [row(3, opened), row(4, resolved("shop")), row(5, opened), row(6, resolved())]),
      ["buyer3 - shop_lost", "buyer5 - neither_lost"],
    ],
    ["nothing of it", told(false, [row(5, ["trade.settled"])]), []],
  ];
  for (const [name, changes, expected] of cases) assert.deepEqual(changes, expected, name);
});
