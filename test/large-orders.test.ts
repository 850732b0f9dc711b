/** Orders as large as their fields allow are taken: what each field may hold, all of them may hold together. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, request } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";

const { institution } = await openPair({ after });
const [shop] = institution.demo.shops;
const [hana] = institution.demo.members;
if (!shop || !hana) throw new Error("No demo.");
const atShop = bearer(shop.key);
const order = (lines: number, name: string): Json => ({
  buyer: { member: hana.number },
  currency: "JPY",
  lines: Array.from({ length: lines }, () => ({ name, quantity: 1, unitAmount: 1 })),
});

test("1,000 lines with names of 400 kanji and all else that a line may hold", async () => {
  const whole = order(1000, "茶".repeat(400));
  const lines = (whole["lines"] as Json[]).map((line, index) => ({
    ...line,
    id: `${"品".repeat(60)}${index}`,
    sku: "番".repeat(100),
    taxRate: "税".repeat(20),
    image: `https://pictures.example/${"p".repeat(470)}`,
  }));
  const reply = await request(`${institution.url}/v1/trades`, "POST", atShop, { ...whole, lines });
  assert.equal(reply.status, 201, reply.text.slice(0, 300));
  assert.equal((reply.json["lines"] as Json[]).length, 1000);
  const beyond = { ...whole, lines: [...lines, { name: "Tea", quantity: 1, unitAmount: 1 }] };
  const refused = await request(`${institution.url}/v1/trades`, "POST", atShop, beyond);
  assert.deepEqual([refused.status, refused.json["code"]], [422, "invalid_field"]);
});

test("a batch of a thousand orders with such names", async () => {
  const commands = Array.from({ length: 1000 }, () => ({ do: "propose", trade: order(4, "茶".repeat(200)) }));
  const reply = await request(`${institution.url}/v1/trades/batch`, "POST", atShop, { commands });
  assert.equal(reply.status, 200, reply.text.slice(0, 200));
  const outcomes = reply.json["outcomes"] as Json[];
  assert.deepEqual([outcomes.length, new Set(outcomes.map(({ status }) => status)).size], [1000, 1]);
});

test("a name of blanks alone is none", async () => {
  for (const name of ["   ", "\u3000"]) {
    const reply = await request(`${institution.url}/v1/trades`, "POST", atShop, order(1, name));
    assert.deepEqual([reply.status, reply.json["code"]], [422, "invalid_field"]);
  }
});
