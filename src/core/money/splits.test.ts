import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { allocate, type Fee, feeOn, percentOf, shareOf, splitByBasisPoints } from "./money.ts";

const anyAmount = fc.bigInt({ min: 0n, max: 10n ** 18n });
const anyBasisPoints = fc.integer({ min: 0, max: 10_000 });
const anyFee: fc.Arbitrary<Fee> = fc.record({
  fixed: fc.bigInt({ min: 0n, max: 10_000n }),
  basisPoints: anyBasisPoints,
  roundTo: fc.constantFrom("shop", "fee"),
});
const sum = (parts: readonly bigint[]): bigint => parts.reduce((all, part) => all + part, 0n);

test("a fee is the fixed part and the percentage, within the total", () => {
  const cases = [
    // total, fixed, basis points, rounds to, fee
    [3600n, 0n, 250, "shop", 90n],
    [3610n, 0n, 250, "shop", 90n],
    [3610n, 0n, 250, "fee", 91n],
    [3600n, 30n, 250, "shop", 120n],
    [20n, 30n, 250, "shop", 20n],
    [0n, 30n, 250, "fee", 0n],
    [1n, 0n, 1, "fee", 1n],
    [1n, 0n, 1, "shop", 0n],
    [777n, 0n, 10_000, "shop", 777n],
    [777n, 0n, 0, "fee", 0n],
  ] as const;
  for (const [total, fixed, basisPoints, roundTo, expected] of cases) {
    assert.equal(feeOn(total, { fixed, basisPoints, roundTo }), expected, `${total} at ${basisPoints}`);
  }
});

test("a trade settled in any parts pays exactly the fee on the whole, and no part pays more than itself", () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { maxLength: 30 }),
      anyFee,
      (parts, fee) => {
        let settled = 0n;
        let taken = 0n;
        for (const part of parts) {
          settled += part;
          const charge = feeOn(settled, fee) - taken;
          assert.ok(charge >= 0n && charge <= part, `a part of ${part} is charged ${charge}`);
          taken += charge;
        }
        assert.equal(taken, feeOn(sum(parts), fee));
      },
    ),
  );
});

test("the fee and the shop's share add up, and the named side has the remainder", () => {
  fc.assert(
    fc.property(anyAmount, anyBasisPoints, (total, basisPoints) => {
      const down = feeOn(total, { fixed: 0n, basisPoints, roundTo: "shop" });
      const up = feeOn(total, { fixed: 0n, basisPoints, roundTo: "fee" });
      const exact = total * BigInt(basisPoints);
      assert.ok(down * 10_000n <= exact && exact <= up * 10_000n && up - down <= 1n);
    }),
  );
});

test("allocated parts add up to the whole, each within one unit of its exact share", () => {
  const anyWeights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 })
    .filter((weights) => sum(weights) > 0n);
  fc.assert(
    fc.property(anyAmount, anyWeights, (total, weights) => {
      const parts = allocate(total, weights);
      const whole = sum(weights);
      assert.equal(sum(parts), total);
      for (const [index, part] of parts.entries()) {
        const exact = total * (weights[index] ?? 0n);
        const error = part * whole - exact;
        assert.ok(error < whole && -error < whole);
        if (weights[index] === 0n) assert.equal(part, 0n);
      }
    }),
  );
});

test("odd units go to the largest remainder, then to the earlier part", () => {
  assert.deepEqual(allocate(100n, [1n, 1n, 1n]), [34n, 33n, 33n]);
  assert.deepEqual(allocate(5n, [2n, 3n, 1n]), [2n, 2n, 1n]);
  assert.deepEqual(allocate(1n, [0n, 1n]), [0n, 1n]);
  assert.deepEqual(allocate(0n, [3n, 4n]), [0n, 0n]);
  assert.deepEqual(splitByBasisPoints(101n, [9_000, 1_000]), [91n, 10n]);
});

test("shares of a running part end with the whole", () => {
  assert.equal(shareOf(1n, 3n, 100n), 33n);
  assert.equal(shareOf(3n, 3n, 100n), 100n);
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 1000n }), fc.nat(1000), anyAmount, (whole, seed, total) => {
      const part = BigInt(seed) % whole;
      assert.ok(shareOf(part, whole, total) <= shareOf(part + 1n, whole, total));
      assert.equal(shareOf(whole, whole, total), total);
    }),
  );
});

test("questions without an answer are refused loudly", () => {
  const cases: [string, () => unknown][] = [
    ["negative total", () => percentOf(-1n, 100)],
    ["over a hundred percent", () => percentOf(1n, 10_001)],
    ["fraction of a basis point", () => percentOf(1n, 0.5)],
    ["negative fixed fee", () => feeOn(1n, { fixed: -1n, basisPoints: 0, roundTo: "shop" })],
    ["no weights", () => allocate(1n, [])],
    ["weights of nothing", () => allocate(1n, [0n, 0n])],
    ["negative weight", () => allocate(1n, [2n, -1n])],
    ["shares short of the whole", () => splitByBasisPoints(1n, [5_000])],
    ["part larger than the whole", () => shareOf(4n, 3n, 1n)],
    ["share of nothing", () => shareOf(0n, 0n, 1n)],
  ];
  for (const [name, question] of cases) assert.throws(question, RangeError, name);
});
