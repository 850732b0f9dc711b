/**
 * Ten thousand lives of a guaranteed market on virtual time, each from one number: somebody pays twice, late or wrongly, claims
 * and releases race, messages are lost and processes killed; then nothing more happens, and every yen has to be where both
 * sides say. A failure names its seed; `node dist/test/simulation-guaranteed.test.js 12345` lives that one again.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { simulate } from "./support/collecting/life.ts";
import { inThread, liveAll, type Share, show, told } from "./support/sim/lives.ts";
import { collectingMutants } from "./support/sim/network.ts";

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
  "propose",
  "propose mandate_limit_exceeded",
  "propose credit_limit_exceeded",
  "approve",
  "approve account_not_tied",
  "accept",
  "reject",
  "return",
  "send-back",
  "withdraw",
  "cancel",
  "revise",
  "dispute",
  "resolve",
  "refund",
  "a refund that is due",
  "a refund repaid",
  "a payment taken",
  "a payment kept",
  "what was kept was returned",
  "pay nothing_due",
  "pay amount_mismatch",
  "pay not_found",
  "pay collector_limit_exceeded",
  "collected",
  "claim",
  "claim not_due_yet",
  "claim nothing_to_claim",
  "claim trade_disputed",
  "release",
  "release nothing_to_release",
  "guarantee.released by the shop",
  "guarantee.released by the operator",
  "guarantee.released by the clock",
  "guarantee.claimed by the shop",
  "guarantee.claimed by the operator",
  "guarantee.claimed by the clock",
  "a debt paid back",
  "a shop paid out",
  "a lie not believed",
];

function testAll(): void {
  test(`${seeds} lives: a guarantee ends once, and every yen is where both sides say`, async (t) => {
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

  for (const mutant of collectingMutants) {
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
