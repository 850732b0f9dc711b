/**
 * An answer that makes a store the shop of a trade, and in the same batch what comes next of that trade: it finds the
 * rows of the store locked and read, though the trade still names the head of the chain when they are sought.
 */
import assert from "node:assert/strict";
import { digestOf } from "../src/engines/engine/engine.ts";
import { test } from "node:test";
import { ownersOf } from "../src/engines/steps/world-reading.ts";
import type { Actor, Request } from "../src/engines/steps/world.ts";
import type { MoveBody } from "../src/core/protocol/schemas.ts";
import { chanceOf } from "./support/sim/chance.ts";
import type { Facilitator } from "./support/sim/facilitator.ts";
import { Network } from "./support/sim/network.ts";
import { head, openMarket } from "./support/sim/opening.ts";
import { codeOf } from "./support/sim/outcomes.ts";
import { Time } from "./support/sim/time.ts";

const digest = digestOf("one");
const store: Actor = { kind: "shop", id: "store C" };
const buyer: Actor = { kind: "person", id: "buyer 1" };

function commit(at: Facilitator, requests: readonly Request[]) {
  const { answers, commit: write } = at.open(requests, at.now());
  write();
  return answers;
}

/** The answer to the one instruction that waits. */
function answerOf(at: Facilitator): Request {
  const [waiting] = [...at.instructions.values()];
  assert.ok(waiting !== undefined);
  const { id, trade } = waiting.instruction;
  return { do: "answered", number: trade, instruction: id, refused: undefined, collection: undefined };
}

/** A trade that a store has taken, of which the institution has not answered yet. */
function takenTrade() {
  const time = new Time(chanceOf(1));
  let ids = 0;
  const newId = () => `i${(ids += 1)}`;
  const { facilitators } = openMarket({ time, network: new Network(time), mutant: undefined, newId });
  const [at] = facilitators;
  assert.ok(at !== undefined);
  const member = String(at.people.get(buyer.id)?.number);
  const lines = [{ name: "Tea", quantity: 2, unitAmount: 100 }];
  const body = { currency: "JPY", lines, buyer: { member } };
  const actor: Actor = { kind: "shop", id: head };
  const shop = at.shops.get(store.id);
  assert.ok(shop !== undefined);
  at.shops.set(store.id, { ...shop, standing: { ...shop.standing, paidEarly: "always" } });
  commit(at, [{ do: "propose", actor, body, key: undefined, digest }]);
  const [number] = [...at.trades.keys()];
  assert.ok(number !== undefined);
  commit(at, [move(number, buyer, { do: "approve" })]);
  commit(at, [answerOf(at)]);
  commit(at, [{ do: "assign", actor: store, number, head, key: undefined, digest }]);
  return { at, number };
}

const move = (number: bigint, actor: Actor, body: MoveBody): Request => {
  return { do: "move", actor, number, body, key: undefined, digest };
};

const next: [Actor, MoveBody][] = [
  [buyer, { do: "accept" }],
  [store, { do: "advance" }],
  [store, { do: "revise", lines: [{ name: "Tea", quantity: 1, unitAmount: 100 }] }],
];
for (const [actor, body] of next) {
  test(`${body.do} by ${actor.id} in the batch that makes the store the shop`, () => {
    const { at, number } = takenTrade();
    const [, outcome] = commit(at, [answerOf(at), move(number, actor, body)]);
    assert.ok(outcome !== undefined);
    assert.equal(codeOf(outcome), undefined);
    assert.equal(outcome.status, 202);
  });
}

test("the store is told that the order is its own, with the answer that makes it so", () => {
  const { at, number } = takenTrade();
  const trade = at.trades.get(number);
  assert.ok(trade !== undefined);
  assert.deepEqual(ownersOf([answerOf(at)], [trade]), [head, store.id]);
});
