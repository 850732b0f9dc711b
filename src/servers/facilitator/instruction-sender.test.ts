/** What an institution answers is looked at before it is believed; whatever cannot be right is no answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { problem, problemCodes } from "../../core/protocol/protocol.ts";
import type { Instruction } from "../../core/protocol/schemas.ts";
import { readAnswer } from "./instruction-sender.ts";

const reservation = "01939d2e-7c00-7000-8000-000000000001";
const id = "01939d2e-7c00-7000-8000-000000000002";
const settle: Instruction = { do: "settle", id, reservation, amount: 700 };
const release: Instruction = { do: "release", id, reservation, amount: 300 };
const reserve: Instruction = {
  do: "reserve",
  id: reservation,
  tradeNumber: "48210733951146",
  account: id,
  payee: id,
  amount: 1000,
  currency: "JPY",
  until: "2027-01-01T00:00:00Z",
};
const view = {
  id: reservation,
  tradeNumber: "48210733951146",
  state: "held",
  currency: "JPY",
  amount: 1000,
  settled: 700,
  released: 0,
  refunded: 0,
  until: "2027-01-01T00:00:00Z",
};
const transfer: Instruction = {
  do: "transfer",
  id,
  from: reservation,
  to: reservation,
  tradeNumber: "48210733951146",
  amount: 970,
  currency: "JPY",
};
const made = { id, tradeNumber: "48210733951146", currency: "JPY", amount: 970 };

const believed: [string, Instruction, unknown][] = [
  ["a reservation", reserve, { status: 201, reservation: { ...view, settled: 0 } }],
  ["a settlement", settle, { status: 200, reservation: view }],
  [
    "a settlement, told again after a release",
    settle,
    { status: 200, reservation: { ...view, released: 300 } },
  ],
  ["a transfer", transfer, { status: 201, transfer: made }],
  ["a release of what has ended there", release, { status: 409, problem: problem("hold_ended") }],
];
for (const [what, instruction, outcome] of believed) {
  test(`believed: ${what}`, () => assert.equal(readAnswer(instruction, outcome)?.how, "done"));
}

const doubted: [string, Instruction, unknown][] = [
  ["nothing", settle, undefined],
  ["a text", settle, "done"],
  ["no status", settle, { reservation: view }],
  ["a success without a reservation", settle, { status: 200 }],
  ["a success with a problem", settle, { status: 200, problem: problem("hold_ended") }],
  ["another reservation", settle, { status: 200, reservation: { ...view, id } }],
  ["less than was asked", settle, { status: 200, reservation: { ...view, settled: 699 } }],
  ["more than there is", settle, { status: 200, reservation: { ...view, settled: 1001 } }],
  ["an amount as a text", settle, { status: 200, reservation: { ...view, settled: "700" } }],
  ["a fraction", settle, { status: 200, reservation: { ...view, settled: 700.5 } }],
  ["less than nothing", settle, { status: 200, reservation: { ...view, released: -1 } }],
  ["a state that is none", settle, { status: 200, reservation: { ...view, state: "paid" } }],
  ["a refund of more than was settled", settle, { status: 200, reservation: { ...view, refunded: 701 } }],
  ["another amount frozen", reserve, { status: 201, reservation: { ...view, amount: 999, settled: 0 } }],
  ["another currency", reserve, { status: 201, reservation: { ...view, currency: "USD" } }],
  ["another trade", reserve, { status: 201, reservation: { ...view, tradeNumber: "1" } }],
  ["a success without a transfer", transfer, { status: 201 }],
  ["a reservation for a transfer", transfer, { status: 201, reservation: view }],
  ["another transfer", transfer, { status: 201, transfer: { ...made, id: reservation } }],
  ["a transfer for another trade", transfer, { status: 201, transfer: { ...made, tradeNumber: "1" } }],
  ["a transfer of another amount", transfer, { status: 201, transfer: { ...made, amount: 969 } }],
  ["a transfer in another currency", transfer, { status: 201, transfer: { ...made, currency: "USD" } }],
  ["a refusal without a code", settle, { status: 409 }],
  ["a refusal with a code of its own", settle, { status: 409, problem: { code: "computer_says_no" } }],
];
for (const [what, instruction, outcome] of doubted) {
  test(`no answer: ${what}`, () => assert.equal(readAnswer(instruction, outcome), undefined));
}

test("a refusal is final unless it speaks of the server", () => {
  const ways = new Map(
    problemCodes.map((code) => [code, readAnswer(settle, { status: 400, problem: problem(code) })?.how]),
  );
  for (const code of [
    "internal_error",
    "overloaded",
    "unavailable",
    "outcome_unknown",
    "signature_invalid",
  ] as const)
    assert.equal(ways.get(code), "unknown", code);
  for (const code of ["insufficient_funds", "hold_ended", "amount_exceeds_hold", "not_found"] as const)
    assert.equal(ways.get(code), "refused", code);
});

test("no rubbish makes it throw, and none of it is believed", () => {
  fc.assert(
    fc.property(fc.anything(), (rubbish) => {
      assert.equal(readAnswer(settle, rubbish), undefined);
      assert.equal(readAnswer(settle, { status: 200, reservation: rubbish }), undefined);
      assert.equal(readAnswer(transfer, { status: 201, transfer: rubbish }), undefined);
    }),
    { numRuns: 5_000 },
  );
});
