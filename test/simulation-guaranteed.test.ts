/**
 * Ten thousand lives of a guaranteed market on virtual time, each from one number: somebody pays twice, late or wrongly, claims
 * and releases race, messages are lost and processes killed; then nothing more happens, and every yen has to be where both
 * sides say. A failure names its seed; `node dist/test/simulation-guaranteed.test.js 12345` lives that one again.
 */
import { simulate } from "./support/collecting/life.ts";
import { liveThemAll } from "./support/sim/lives.ts";
import { collectingMutants } from "./support/sim/network.ts";

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
  "an answer that changes nothing",
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

liveThemAll({
  url: import.meta.url,
  simulate,
  shows: "a guarantee ends once, and every yen is where both sides say",
  met,
  mutants: collectingMutants,
});
