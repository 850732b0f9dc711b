import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { digestOf } from "./first-answers-store.ts";

/** The digest of versions up to 0.1 for trades: the order of fields counts. */
const ordered = (...parts: unknown[]): Buffer => createHash("sha256").update(JSON.stringify(parts)).digest();

/** Their digest for people and consents, written out for one body. */
const listed = createHash("sha256")
  .update(
    JSON.stringify([
      "POST",
      "/v1/members",
      [
        [
          "methods",
          [
            [
              ["kind", "prepaid"],
              ["token", ""],
            ],
          ],
        ],
        ["name", "Hana"],
        ["password", ""],
      ],
    ]),
  )
  .digest();

test("the order of fields does not count, at any depth", () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, held]) => [name, turned(held)]),
    );
  };
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      assert.deepEqual(digestOf("propose", turned(body)).bytes, digestOf("propose", body).bytes);
    }),
  );
});

const body = { name: "Hana", methods: [{ kind: "prepaid", token: "a code" }], password: "a password" };

/** Each case: what differs, another request, and whether it counts as the same. */
const cases: [string, unknown, boolean][] = [
  ["nothing", { ...body }, true],
  ["a field that is not there", { ...body, address: undefined }, true],
  ["the password", { ...body, password: "another" }, true],
  ["a value", { ...body, name: "Hanako" }, false],
  ["the token", { ...body, methods: [{ kind: "prepaid", token: "another code" }] }, false],
  ["the kind of a value", { ...body, name: ["Hana"] }, false],
  ["an empty field more", { ...body, address: null }, false],
  ["the order of a list", { ...body, methods: [...body.methods, { kind: "credit" }].toReversed() }, false],
];

test("what else differs makes another request", async (t) => {
  const { bytes } = digestOf("POST", "/v1/members", body);
  for (const [name, other, same] of cases) {
    await t.test(name, () => {
      const digest = digestOf("POST", "/v1/members", other);
      assert.equal(digest.bytes.equals(bytes), same);
      assert.equal(digest.matches(bytes), same);
    });
  }
  assert.equal(digestOf("PUT", "/v1/members", body).matches(bytes), false);
});

test("digests that were kept under the former rules are still found", () => {
  const kept = ordered("propose", { currency: "JPY", amount: 1000 });
  assert.ok(digestOf("propose", { currency: "JPY", amount: 1000 }).matches(kept));
  // Under that rule this was another request, and the answer that was kept is not its own.
  assert.ok(!digestOf("propose", { amount: 1000, currency: "JPY" }).matches(kept));
  assert.ok(!digestOf("propose", { currency: "JPY", amount: 1001 }).matches(kept));
  assert.ok(digestOf("POST", "/v1/members", body).matches(listed));
  assert.ok(!digestOf("POST", "/v1/members", { ...body, name: "Hanako" }).matches(listed));
});
