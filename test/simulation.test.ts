/**
 * Ten thousand lives of a market on virtual time, each from one number: faults, then none, and everything has to agree.
 * A failure names its seed; `node dist/test/simulation.test.js 12345` lives that one again, with what happened in it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { inThread, liveAll, type Share, show, told } from "./support/sim/lives.ts";
import { simulate } from "./support/sim/simulation.ts";
import { mutants } from "./support/sim/network.ts";

const seeds = 10_000;
const threads = 2;
/** Each planted fault shows itself in one of so many lives. */
const livesOfMutant = 10_000;

/** What each run has to have met, or it has shown nothing. */
const met = [
  "lost",
  "doubled",
  "held back",
  "garbled",
  "cut off",
  "clock moved",
  "timed out",
  "crashed",
  "crashed in a transaction",
  "crashed before the answer",
  "met a server that was down",
  "answered from record",
  "claimed after a lease",
  "an answer that says nothing",
  "told to wait",
  "met a trade that was busy",
  "accept already_cancelled",
  "accept already_expired",
  "cancel already_settled",
  "approve insufficient_funds",
  "propose mandate_limit_exceeded",
  "propose",
  "approve",
  "revise",
  "deliver",
  "accept",
  "reject",
  "return",
  "cancel",
  "extend",
  "dispute",
  "resolve",
  "refund",
  "refund amount_exceeds_settled",
  "an advance bought",
  "an advance recovered",
  "an advance owed",
  "a debt covered",
  "advance not_seen_shipped",
  "advance advance_limit_exceeded",
  "advance insufficient_funds",
  "advance already_advanced",
  "assign",
  "assign offer_over",
  "assign already_cancelled",
  "assign already_advanced",
  "assign consent_not_valid",
  "assign account_not_tied",
  "an offer declined",
  "private trade.reserved",
  "private trade.settled",
  "private trade.returned",
  "private trade.refunded",
  "approve amount_not_told",
  "approve amount_mismatch",
  "at-door",
  "accept with a code",
  "accept with a code door_code_invalid",
  "accept with a code too_many_requests",
  "ship",
  "a delivery claimed",
  "send-back",
  "withdraw",
  "answer",
  "offer",
  "offer/accept",
  "a refund that is due",
  "a shop paid out",
  "cancel already_shipped",
  "resolve still_running",
  "trade.accepted by the clock",
  "trade.disputed by the clock",
  "trade.resolved by the clock",
  "trade.returned by the clock",
  "trade.withdrawn by the clock",
  "an owner asked",
  "an owner confirmed",
  "an owner objected",
  "an owner's silence",
  "operators had it paid",
  "operators refused it",
  "accept settlement_refused",
  "a search assigned",
  "a search unplaced",
  "a search over",
  "an account was left",
];

function testAll(): void {
  test(`${seeds} lives: whatever is lost, doubled, late or killed, both sides agree in the end`, async (t) => {
    const count = seeds / threads;
    const begun = performance.now();
    const shares = Array.from({ length: threads }, (_, index) =>
      inThread(import.meta.url, { from: 1 + index * count, count, mutant: undefined }),
    );
    const lives = await Promise.all(shares);
    for (const { failure } of lives) assert.ok(failure === undefined, failure && told(failure));
    const often = (what: string) => lives.reduce((sum, { counts }) => sum + (counts.get(what) ?? 0), 0);
    for (const what of met) assert.ok(often(what) >= 10, `only ${often(what)} times: ${what}`);
    const steps = lives.reduce((sum, each) => sum + each.steps, 0);
    const seconds = (performance.now() - begun) / 1000;
    t.diagnostic(
      `${seeds} lives of ${Math.round(steps / seeds)} steps, ${Math.round(seeds / seconds)} a second`,
    );
    t.diagnostic(met.map((what) => `${what} ${often(what)}`).join(", "));
  });

  test("a life follows from its seed", () => {
    const [one, again] = [simulate(7), simulate(7)];
    assert.deepEqual(again, one);
    assert.notDeepEqual(simulate(8).counts, one.counts);
  });

  for (const mutant of mutants) {
    test(`seen where ${mutant}`, (t) => {
      const { failure } = liveAll(simulate, { from: 1, count: livesOfMutant, mutant });
      assert.ok(failure !== undefined, `not seen in ${livesOfMutant} lives`);
      t.diagnostic(`${told(failure).split("\n", 2).join("").slice(0, 200)}`);
    });
  }
}

const given = Number(process.argv[2]);
if (!isMainThread) parentPort?.postMessage(liveAll(simulate, workerData as Share));
else if (given > 0) show(simulate, given);
else testAll();
