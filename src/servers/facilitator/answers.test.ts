/** What an institution answers is looked at before it is believed; whatever cannot be right is no answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { problem, problemCodes } from "../../core/protocol/protocol.ts";
import type { Instruction } from "../../core/protocol/schemas.ts";
import type { Expected } from "../../engines/outbox/outbox.ts";
import { readAnswer } from "./answers.ts";

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

const how = (body: Instruction, outcome: unknown, expected: Expected | null = null) =>
  readAnswer({ body, expected }, outcome).how;

const believed: [string, Instruction, unknown][] = [
  ["a reservation", reserve, { status: 201, reservation: { ...view, settled: 0 } }],
  ["a settlement", settle, { status: 200, reservation: view }],
  [
    "a settlement, told again after a release",
    settle,
    { status: 200, reservation: { ...view, state: "settled", released: 300 } },
  ],
  ["a transfer", transfer, { status: 201, transfer: made }],
  ["a release of what has ended there", release, { status: 409, problem: problem("hold_ended") }],
];
for (const [what, instruction, outcome] of believed) {
  test(`believed: ${what}`, () => assert.equal(how(instruction, outcome), "done"));
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
];
for (const [what, instruction, outcome] of doubted) {
  test(`impossible: ${what}`, () => assert.equal(how(instruction, outcome), "impossible"));
}

const word = { code: "computer_says_no" };
const refusals: [what: string, outcome: unknown, how: string][] = [
  ["a code that nobody here knows", { status: 409, problem: word }, "refused"],
  ["such a code of somebody unpaid", { status: 402, problem: word }, "refused"],
  ["a status that says it cannot be told", { status: 503, problem: word }, "unknown"],
  ["a known code with such a status", { status: 500, problem: problem("insufficient_funds") }, "unknown"],
  ["such a status alone", { status: 502 }, "unknown"],
  ["too much at once, in another's words", { status: 429, problem: word }, "unknown"],
  ["too much at once, without words", { status: 429 }, "unknown"],
  ["too slow, in another's words", { status: 408, problem: word }, "unknown"],
  ["too early", { status: 425, problem: word }, "unknown"],
  ["nobody recognised, in another's words", { status: 401, problem: word }, "unknown"],
  ["a known code with a status about the call", { status: 429, problem: problem("hold_ended") }, "refused"],
  ["a code that is no text", { status: 409, problem: { code: 7 } }, "impossible"],
  ["another address", { status: 302, reservation: view }, "impossible"],
  ["a status that is none", { status: 99, reservation: view }, "impossible"],
];
for (const [what, outcome, expected] of refusals) {
  test(`${expected}: ${what}`, () => assert.equal(how(settle, outcome), expected));
}

/** What 1,000 frozen yen become when 700 are paid. */
const paid: Expected = {
  currency: "JPY",
  amounts: { amount: 1000, settled: 700, released: 0, refunded: 0 },
};
const frozen: Expected = { ...paid, amounts: { amount: 1000, settled: 0, released: 0, refunded: 0 } };
const held = { ...view, settled: 0 };
const unexpected: [string, Instruction, Expected, unknown][] = [
  ["a reservation that is paid already", reserve, frozen, { ...held, state: "settled", settled: 1000 }],
  ["a reservation that is paid in part", reserve, frozen, view],
  ["a reservation that is over", reserve, frozen, { ...held, state: "expired" }],
  ["ten times the amount", reserve, frozen, { ...held, amount: 10_000 }],
  ["ten times the amount, later", settle, paid, { ...view, amount: 10_000 }],
  ["more paid than was asked", settle, paid, { ...view, settled: 800 }],
  ["what nobody gave back", settle, paid, { ...view, released: 300, state: "settled" }],
  ["what nobody refunded", settle, paid, { ...view, refunded: 100 }],
  ["another currency of a settlement", settle, paid, { ...view, currency: "USD" }],
  ["amounts that this server is not to know", settle, { ...paid, amounts: null }, view],
  ["a state that does not follow from the sums", settle, paid, { ...view, state: "settled" }],
];
for (const [what, instruction, expected, reservation] of unexpected) {
  test(`impossible: ${what}`, () =>
    assert.equal(how(instruction, { status: 200, reservation }, expected), "impossible"));
}

test("what the step makes of the trade is believed", () => {
  assert.equal(how(reserve, { status: 201, reservation: held }, frozen), "done");
  assert.equal(how(settle, { status: 200, reservation: view }, paid), "done");
});

test("a refusal is final unless it speaks of the server", () => {
  const ways = new Map(
    problemCodes.map((code) => [code, how(settle, { status: 400, problem: problem(code) })]),
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
      assert.notEqual(how(settle, rubbish), "done");
      assert.equal(how(settle, { status: 200, reservation: rubbish }), "impossible");
      assert.equal(how(transfer, { status: 201, transfer: rubbish }), "impossible");
    }),
    { numRuns: 5_000 },
  );
});
