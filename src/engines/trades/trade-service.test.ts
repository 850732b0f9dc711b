/** Callers who wait while another process has the answer to their step. */
import { usualTerms } from "../../core/trade/trade.ts";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMarket, tradeIn } from "../../../test/support/world/market.ts";
import { remoteInstitution } from "../rails/rails.ts";
import type { WaitingInstruction } from "../outbox/outbox.ts";
import { testVault } from "../../../test/support/world/vault.ts";
import { textOf } from "../engine/engine.ts";
import { createTrades } from "./trades.ts";

const market = await openMarket({ after }, { line: "good" });
const { database, feeAccount, shop } = market;

/** A process whose instructions nobody sends: what is answered, and where, is for the test to say. */
function processOf(asked: WaitingInstruction[]) {
  const trades = createTrades({
    rail: remoteInstitution(),
    answerWithinMs: 60_000,
    database,
    topology: "facilitated",
    vault: testVault,
    defaults: usualTerms,
    timeZone: "UTC",
    feeAccount: () => feeAccount,
    approveUrl: (number) => number,
    onError: (error) => assert.fail(String(error)),
    sweepEveryMs: 3_600_000,
  });
  trades.onAsked((instructions) => asked.push(...instructions));
  after(() => trades.close());
  return trades;
}

async function nextOf(asked: WaitingInstruction[]): Promise<WaitingInstruction> {
  for (;;) {
    const next = asked.shift();
    if (next !== undefined) return next;
    await new Promise(setImmediate);
  }
}

test("a caller is told the outcome of their own step, not of the next one that ends in this process", async () => {
  const asked: WaitingInstruction[] = [];
  const [here, elsewhere] = [processOf(asked), processOf([])];
  const buyer = await market.buyer();
  const mandate = await market.mandate(buyer);
  const body = { currency: "JPY", amount: 1000, buyer: { member: buyer.number }, approval: { mandate } };
  const proposing = here.propose(shop.actor, body, "key of the proposal");
  const reservation = await nextOf(asked);
  await elsewhere.answered(reservation.trade, reservation.id, undefined);
  const cancelling = here.move(shop.actor, String(reservation.trade), { do: "cancel" }, "key of the end");
  const release = await nextOf(asked);
  await here.answered(release.trade, release.id, undefined);
  const [proposed, cancelled] = await Promise.all([proposing, cancelling]);
  assert.deepEqual([proposed.status, tradeIn(proposed).state], [201, "reserved"]);
  assert.deepEqual([cancelled.status, tradeIn(cancelled).state], [200, "cancelled"]);
  const again = await here.propose(shop.actor, body, "key of the proposal");
  assert.deepEqual([again.status, textOf(again)], [proposed.status, textOf(proposed)]);
});
