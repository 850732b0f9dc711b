/** What parts of lines are worth: in whatever order they are taken, they come to the whole, and none is below nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { carts, refusedCarts } from "../../../test/support/tables/carts.ts";
import { oracleOf } from "../../../test/support/tables/cart-oracle.ts";
import {
  checkTerms,
  isPart,
  isReduction,
  linesOf,
  linesWithout,
  numbered,
  piecesOf,
  type TermLine,
  totalOf,
  upTo,
  wholeOf,
  withWorths,
} from "./trade.ts";

const line = (more: Partial<TermLine>): TermLine => ({ name: "Tea", quantity: 1, ...more });

const anyGoods = fc.record({
  name: fc.constantFrom("Tea", "Cup", "Pot"),
  quantity: fc.integer({ min: 1, max: 1000 }),
  amount: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 10 ** 9 })),
  kind: fc.constantFrom("goods" as const, "service" as const),
});
const anyFollowing = fc.record({
  name: fc.constant("More"),
  quantity: fc.integer({ min: 1, max: 3 }),
  amount: fc.integer({ min: -(10 ** 9), max: 10 ** 6 }),
  kind: fc.constantFrom("discount" as const, "rounding" as const),
});
const anyCart = fc
  .tuple(
    fc.array(anyGoods, { minLength: 1, maxLength: 8 }),
    fc.array(anyFollowing, { maxLength: 4 }),
    fc.integer({ min: 0, max: 10 ** 9 }),
  )
  .map(([goods, following, amount]): TermLine[] => [
    ...goods,
    ...following,
    line({ name: "Sending", kind: "shipping", amount }),
  ])
  .filter((lines) => checkTerms(lines) === undefined);

test("what follows the goods is divided among them: each has its part, none is below zero, and nothing is lost", () => {
  fc.assert(
    fc.property(anyCart, (lines) => {
      const divided = withWorths(lines);
      assert.equal(totalOf(divided), totalOf(lines));
      assert.doesNotThrow(() => oracleOf(divided));
      const [total, goods] = [totalOf(lines), lines.filter((each) => piecesOf(each) > 0)];
      const prices = goods.reduce((sum, { amount = 0 }) => sum + BigInt(amount), 0n);
      for (const each of divided.filter((one) => piecesOf(one) > 0 && prices > 0n)) {
        const error = wholeOf(each) * prices - BigInt(each.amount ?? 0) * total;
        assert.ok(error < prices && -error < prices, "each is within one unit of its exact share");
      }
    }),
  );
});

/** A piece goes one of two ways, in any order: taken from the first piece on, or given up from the last. */
test("pieces of a line, accepted and given up in any order, come to the whole of it and never to more", () => {
  fc.assert(
    fc.property(anyCart, fc.infiniteStream(fc.integer({ min: 0, max: 999 })), (lines, chance) => {
      const divided = withWorths(lines);
      const [taken, given] = [divided.map(() => 0), divided.map(() => 0)];
      let [paid, back] = [0n, 0n];
      const whole = totalOf(divided);
      for (const [index, each] of divided.entries()) {
        while ((taken[index] ?? 0) + (given[index] ?? 0) < piecesOf(each)) {
          const die = chance.next().value ?? 0;
          const [before, after] = [taken[index] ?? 0, given[index] ?? 0];
          const count = 1 + (die % (piecesOf(each) - before - after));
          const part =
            die % 2 === 0
              ? upTo(each, before + count) - upTo(each, before)
              : upTo(each, piecesOf(each) - after) - upTo(each, piecesOf(each) - after - count);
          assert.ok(part >= 0n, "no part is below nothing");
          if (die % 2 === 0) [taken[index], paid] = [before + count, paid + part];
          else [given[index], back] = [after + count, back + part];
          assert.ok(paid + back <= whole, "no order of parts makes more");
        }
      }
      assert.equal(paid + back, whole, "the last part closes it");
    }),
  );
});

test("the public orders come to what they say, and each of their parts is known", () => {
  for (const { name, lines, amount, worths } of carts) {
    const made = linesOf({ lines, amount });
    assert.ok(!("refused" in made), name);
    assert.equal(totalOf(made), BigInt(amount), name);
    assert.deepEqual(made.filter((each) => piecesOf(each) > 0).map(wholeOf), worths.map(BigInt), name);
  }
});

test("carts that make no trade are refused, and it is said why", () => {
  for (const { name, lines, says } of refusedCarts) {
    const made = linesOf({ lines });
    assert.ok("refused" in made && made.refused === "invalid_field", name);
    assert.match(made.detail ?? "", says, name);
  }
});

test("a plain order is kept as it always was", () => {
  const plain = [{ name: "Tea set", quantity: 3, unitAmount: 1200 }];
  assert.deepEqual(linesOf({ lines: plain }), plain);
  assert.deepEqual(linesOf({ lines: plain.map((each) => ({ ...each, kind: "goods" as const })) }), plain);
  assert.deepEqual(linesOf({ amount: 500 }), [{ name: "Total", quantity: 1, unitAmount: 500 }]);
  const refused = linesOf({ lines: plain, amount: 3601 });
  assert.ok("refused" in refused && refused.refused === "amount_mismatch");
});

test("a private trade has goods and services, without anything that tells of a price", () => {
  const made = linesOf({ private: true, lines: [line({ quantity: 2 }), line({ kind: "service", id: "a" })] });
  assert.deepEqual(made, [
    { name: "Tea", quantity: 2, unitAmount: 1 },
    { name: "Tea", quantity: 1, unitAmount: 1, kind: "service", id: "a" },
  ]);
  for (const more of [{ amount: 0 }, { unitAmount: 0 }, { taxRate: 10 }, { kind: "shipping" as const }])
    assert.ok("refused" in linesOf({ private: true, lines: [line({}), line(more)] }), JSON.stringify(more));
});

test("what is left of a cart comes to what its pieces are worth, whatever is gone", () => {
  fc.assert(
    fc.property(anyCart, fc.infiniteStream(fc.integer({ min: 0, max: 1000 })), (lines, chance) => {
      const divided = withWorths(lines.map((each, index) => ({ ...each, id: `line ${index}` })));
      const gone = divided.map((each) => (chance.next().value ?? 0) % (piecesOf(each) + 1));
      const left = linesWithout(divided, (index) => gone[index] ?? 0);
      const worth = divided.reduce(
        (sum, each, index) => sum + upTo(each, piecesOf(each) === 0 ? 0 : each.quantity - (gone[index] ?? 0)),
        0n,
      );
      assert.equal(totalOf(left), worth);
      assert.ok(isReduction(divided, left), "the buyer's consent covers what is left");
    }),
  );
});

test("a move names lines by number or by the shop's id, and only goods and services", () => {
  const lines = [line({ id: "a" }), line({ kind: "shipping" }), line({ kind: "service", id: "7" })];
  const cases: [named: Parameters<typeof numbered>[1], comesTo: unknown][] = [
    [
      [
        { id: "7", quantity: 1 },
        { line: 1, quantity: 1 },
      ],
      [
        { line: 3, quantity: 1 },
        { line: 1, quantity: 1 },
      ],
    ],
    [[{ id: "b", quantity: 1 }], "unknown_line"],
    [[{ line: 4, quantity: 1 }], "unknown_line"],
    [[{ line: 2, quantity: 1 }], "unknown_line"],
    [[{ quantity: 1 }], "invalid_field"],
    [[{ line: 1, id: "a", quantity: 1 }], "invalid_field"],
    [
      [
        { id: "a", quantity: 1 },
        { line: 1, quantity: 1 },
      ],
      "invalid_field",
    ],
  ];
  for (const [named, comesTo] of cases) {
    const found = numbered(lines, named);
    assert.deepEqual("refused" in found ? found.refused : found, comesTo, JSON.stringify(named));
  }
});

test("a consent covers less at no higher price, shipping and discounts counted in", () => {
  const tea = line({ quantity: 10, amount: 17925 });
  const sending = line({ name: "Sending", kind: "shipping", amount: 500 });
  const less = line({ name: "Voucher", kind: "discount", amount: -500 });
  const offered = withWorths([tea, sending]);
  const cases: [name: string, lines: TermLine[], covered: boolean, part: boolean][] = [
    ["the same", [tea, sending], true, true],
    [
      "half of it, with half of the shipping",
      [line({ quantity: 5, amount: 8962 }), { ...sending, amount: 250 }],
      true,
      false,
    ],
    ["half of it, with all of the shipping", [line({ quantity: 5, amount: 8963 }), sending], false, true],
    ["free shipping", [tea], true, false],
    ["a discount beside", [tea, sending, less], true, false],
    ["more of it", [line({ quantity: 11, amount: 17925 }), sending], false, false],
    ["something else", [line({ name: "Cup", amount: 1 })], false, false],
    ["another line of the shop's", [line({ ...tea, id: "x" }), sending], false, false],
  ];
  for (const [name, lines, covered, part] of cases) {
    assert.equal(isReduction(offered, withWorths(lines)), covered, name);
    assert.equal(isPart(offered, withWorths(lines)), part, name);
  }
});
