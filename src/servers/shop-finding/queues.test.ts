import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleTrade } from "../../../test/support/tables/sample-trades.ts";
import { tradesUnderWay } from "../../../test/support/tables/sample-goods.ts";
import { tradeStates } from "../../core/protocol/protocol.ts";
import { placeOf, queues } from "./queues.ts";

const texts = { shop: "Kanda", goods: "Bowl", reason: "It cracks", person: "Aoi" };

test("every order stands in one queue, and what needs the shop says so", () => {
  assert.deepEqual(placeOf(null), { queue: "waiting", due: null, todo: false });
  const of = (state: (typeof tradeStates)[number]) => placeOf(sampleTrade(state, texts)).queue;
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
  assert.ok(placeOf(sampleTrade("reserved", texts)).todo);
  for (const [name, view] of Object.entries(tradesUnderWay(texts)))
    assert.ok(queues.includes(placeOf(view).queue), name);
});
