import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleTrade } from "../../../test/support/tables/sample-trades.ts";
import { tradesUnderWay } from "../../../test/support/tables/sample-goods.ts";
import { tradeStates } from "../../core/protocol/protocol.ts";
import { placeOf, queues } from "./queues.ts";

const now = new Date("2026-11-25T09:00:00Z");
const texts = { shop: "Kanda", goods: "Bowl", reason: "It cracks", person: "Aoi" };

test("every order stands in one queue, and what needs the shop says so", () => {
  assert.deepEqual(placeOf(null, now), { queue: "waiting", due: null, todo: false });
  const of = (state: (typeof tradeStates)[number]) => placeOf(sampleTrade(state, texts), now).queue;
  assert.deepEqual(
    tradeStates.map((state) => [state, of(state)]).filter(([state]) => state !== "delivered"),
    [
      ["proposed", "waiting"],
      ["refused", "waiting"],
      ["reserved", "ship"],
      ["accepted", "accepted"],
      ["settled", "ended"],
      ["cancelled", "ended"],
      ["rejected", of("rejected")],
      ["expired", "ended"],
      ["disputed", "disputed"],
    ],
  );
  assert.ok(placeOf(sampleTrade("reserved", texts), now).todo);
  for (const [name, view] of Object.entries(tradesUnderWay(texts)))
    assert.ok(queues.includes(placeOf(view, now).queue), name);
});

test("an order that its buyer may still look at waits for them, and is to be shipped from then on", () => {
  const until = "2026-11-26T09:00:00.000Z";
  const view = sampleTrade("reserved", texts, {
    updatedAt: "2026-11-25T09:00:00Z",
    earmark: { state: "ordered", objectBy: until },
  });
  assert.deepEqual(placeOf(view, now), { queue: "waiting", due: until, todo: false });
  assert.deepEqual(placeOf(view, new Date(until)).queue, "ship");
  const later = { ...view, updatedAt: until };
  assert.equal(placeOf(later, now).queue, "ship", "the server's clock is ahead");
  assert.equal(placeOf({ ...view, earmark: { state: "ordered", objectBy: null } }, now).queue, "ship");
});
