/**
 * What goods come to at the institution. A trade that counts pieces and a reservation that counts money go through the same
 * steps side by side, the one told of the other what the protocol tells, and money and pieces always agree.
 */
import { goodsOf, owed, type Trade } from "../src/core/trade/trade.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { given, payOn, type Step, take } from "./support/tables/trades.ts";
import { openOnConsents } from "../src/engines/rails/rails.ts";
import { isRefused } from "../src/core/protocol/protocol.ts";
import type { Instruction } from "../src/core/protocol/schemas.ts";
import type { ToldLine } from "../src/engines/reservations/reservations.ts";
import { amountToFreeze, dueOf, inMoney, worthOf } from "../src/engines/reservations/private-amounts.ts";
import { ofReservation } from "./support/tables/instructions.ts";

const lines: ToldLine[] = [
  { quantity: 3, unitAmount: 7919 },
  { quantity: 5, amount: 523_643 },
  { quantity: 1, unitAmount: 1 },
];
const whole = worthOf(lines, [3, 5, 1]);
const none = { settled: 0n, released: 0n, refunded: 0n };

const told = { peer: "peer", tradeNumber: "18", shop: "shop", currency: "JPY", amount: whole, lines };
const frozen: [name: string, quantities: number[], comesTo: string][] = [
  ["the quantities that were told", [3, 5, 1], String(whole)],
  ["one less", [3, 4, 1], "amount_mismatch"],
  ["a line less", [3, 5], "amount_mismatch"],
  ["a line more", [3, 5, 1, 1], "amount_mismatch"],
  ["in another order", [5, 3, 1], "amount_mismatch"],
];
for (const [name, quantities, comesTo] of frozen) {
  test(`frozen: ${name}`, () => {
    const found = amountToFreeze(told, quantities);
    assert.equal("refused" in found ? found.refused : String(found.amount), comesTo);
  });
}

test("frozen: nothing was told", () => {
  assert.deepEqual(amountToFreeze(undefined, [1]), { refused: "amount_not_told" });
});

const asked: [name: string, accepted: number[], returned: number[], refunded: number[], comesTo: string][] = [
  ["nothing yet", [0, 0, 0], [0, 0, 0], [0, 0, 0], "0/0/0"],
  ["some", [1, 0, 0], [0, 2, 0], [1, 0, 0], "7919/209458/7919"],
  ["more than there is", [2, 0, 0], [2, 0, 0], [0, 0, 0], "invalid_field"],
  ["more refunded than accepted", [1, 0, 0], [0, 0, 0], [2, 0, 0], "invalid_field"],
  ["a line too few", [1, 0], [0, 0, 0], [0, 0, 0], "invalid_field"],
  ["a line too many", [1, 0, 0, 0], [0, 0, 0], [0, 0, 0], "invalid_field"],
];
for (const [name, accepted, returned, refunded, comesTo] of asked) {
  test(`asked in goods: ${name}`, () => {
    const due = dueOf(lines, { accepted, returned, refunded }, none);
    const shown = "refused" in due ? due.refused : `${due.settle}/${due.release}/${due.refund}`;
    assert.equal(shown, comesTo);
  });
}

test("asked in goods: less than was done already", () => {
  const goods = { accepted: [1, 0, 0], returned: [0, 0, 0], refunded: [0, 0, 0] };
  const due = dueOf(lines, goods, { ...none, settled: 7920n });
  assert.equal("refused" in due ? due.refused : "", "invalid_field");
});

/** The reservation on the other side: money, moved by what the instructions say. */
interface Money {
  amount: bigint;
  settled: bigint;
  released: bigint;
  refunded: bigint;
}

function obey(money: Money, instruction: Instruction): Money {
  const { do: does } = instruction;
  if (does === "reserve" || does === "transfer" || does === "assign") return assert.fail(does);
  for (const name of ["amount", "release", "splits", "sources"]) assert.ok(!(name in instruction), name);
  const reservation = { private: true, told: lines } as Parameters<typeof inMoney>[0];
  const plain = inMoney(reservation, money as unknown as Parameters<typeof inMoney>[1], instruction);
  if ("refused" in plain) return assert.fail(plain.detail);
  const left = money.amount - money.settled - money.released;
  if (plain.do === "settle") {
    const settled = money.settled + BigInt(plain.amount ?? left);
    return { ...money, settled, released: money.released + BigInt(plain.release ?? 0) };
  }
  if (plain.do === "release") return { ...money, released: money.released + BigInt(plain.amount ?? left) };
  if (plain.do === "refund")
    return { ...money, refunded: money.refunded + BigInt(plain.amount ?? money.settled - money.refunded) };
  return money;
}

/** What a step of the trade asks of the institution, as the facilitator writes it. */
function instructionFor(trade: Trade, step: Step): { next: Trade; instruction: Instruction | undefined } {
  const result = take(trade, step);
  if (isRefused(result)) return { next: trade, instruction: undefined };
  const money = result.effects.flatMap((effect) =>
    effect.do === "use mandate" || effect.do === "use advance" ? [] : [effect],
  );
  const at = { institution: "bank", consent: "consent" };
  const accounts = ["account", "shop", "fee"].map((account) => ({ account, ...at }));
  const rail = openOnConsents(accounts, () => "instruction");
  rail.post(trade, money, trade.updatedAt, result.next);
  const [first] = rail.asked;
  return { next: result.next, instruction: first && ofReservation(first.body) };
}

const line = fc.integer({ min: 1, max: 3 });
const quantity = fc.integer({ min: 1, max: 5 });
const day = fc.integer({ min: 0, max: 25 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(line, quantity, fc.boolean(), day)
    .map(
      ([at, count, final, on]): Step => [
        "buyer",
        { do: "accept", lines: [{ line: at, quantity: count }], ...(final ? { final } : {}) },
        on,
      ],
    ),
  fc
    .tuple(line, quantity)
    .map(
      ([at, count]): Step => ["buyer", { do: "reject", lines: [{ line: at, quantity: count }], reason: "x" }],
    ),
  fc
    .tuple(line, quantity)
    .map(([at, count]): Step => ["shop", { do: "return", lines: [{ line: at, quantity: count }] }]),
  fc
    .tuple(line, quantity)
    .map(
      ([at, count]): Step => ["shop", { do: "refund", lines: [{ line: at, quantity: count }], reason: "x" }],
    ),
  fc.constantFrom<Step>(
    ["shop", { do: "return" }],
    ["shop", { do: "cancel" }],
    ["shop", { do: "deliver" }],
    ["buyer", { do: "dispute", reason: "x" }],
    ["shop", { do: "answer", statement: "x" }],
    ["operator", { do: "resolve", outcome: "settle", reason: "x" }],
    ["operator", { do: "resolve", outcome: "release", reason: "x" }],
    ["operator", { do: "resolve", outcome: "resume", reason: "x" }],
    ["clock", { do: "pay" }, 21],
    ["clock", { do: "expire" }, 90],
    ["clock", { do: "autoAccept" }, 60],
  ),
);

const pieces = lines.map(({ quantity: count }, index) => ({
  name: `Line ${index}`,
  quantity: count,
  unitAmount: 1,
}));

test("whatever happens to a private trade, money and pieces agree", () => {
  const terms = {
    lines: pieces,
    private: true as const,
    fee: { fixed: 0, basisPoints: 0, roundTo: "shop" as const },
  };
  const later = payOn("2026-12-12");
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 14 }), fc.boolean(), (story, onDate) => {
      const reserve: Step = [
        "buyer",
        { do: "reserve", chosen: { method: "m", account: "account", mandate: null }, shopAgreed: false },
      ];
      let trade = given({ ...terms, ...(onDate ? later : {}) }, [reserve]);
      let money: Money = { amount: whole, ...none };
      for (const step of story) {
        const { next, instruction } = instructionFor(trade, step);
        if (instruction !== undefined) money = obey(money, instruction);
        trade = next;
        const open = money.amount - money.settled - money.released;
        assert.ok(open >= 0n && money.refunded <= money.settled);
        assert.equal(open === 0n, trade.frozen === 0n, "what is frozen ends on both sides at once");
        const goods = goodsOf(trade);
        if (owed(trade) === 0n) assert.equal(money.settled, worthOf(lines, goods.accepted));
        const kept = lines.map(({ quantity: count }, index) => count - (goods.returned[index] ?? 0));
        if (trade.frozen > 0n) assert.equal(money.released, whole - worthOf(lines, kept));
        assert.equal(money.refunded, worthOf(lines, goods.refunded));
      }
    }),
    { numRuns: 400 },
  );
});
