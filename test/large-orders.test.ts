/** Orders as large as their fields allow are taken: what each field may hold, all of them may hold together. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, request, signIn } from "./support/wire/http.ts";
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

test("a trade of a thousand lines is shipped, accepted, rejected and brought back in parts, to the last unit", async () => {
  const count = 1000;
  const made = await request(`${institution.url}/v1/trades`, "POST", atShop, {
    ...order(count, "Tea"),
    lines: Array.from({ length: count }, () => ({ name: "Tea", quantity: 3, amount: 10 })),
    approval: { mandate: hana.mandates[shop.key] },
  });
  assert.deepEqual([made.status, made.json["frozen"]], [201, 10 * count]);
  const buyer = await signIn(institution.url, hana);
  const pieces = (quantity: number, fits: (line: number) => boolean = () => true) =>
    Array.from({ length: count }, (_, index) => ({ line: index + 1, quantity })).filter(({ line }) =>
      fits(line),
    );
  const odd = (line: number) => line % 2 === 1;
  const even = (line: number) => line % 2 === 0;
  const does = async (who: Record<string, string>, move: string, body: Json): Promise<Json> => {
    const reply = await request(
      `${institution.url}/v1/trades/${String(made.json["number"])}/${move}`,
      "POST",
      who,
      body,
    );
    assert.equal(reply.status, 200, `${move}: ${reply.text.slice(0, 300)}`);
    return reply.json;
  };
  for (const number of ["A1", "A2"])
    await does(atShop, "ship", { lines: pieces(1), tracking: { carrier: "Kuroneko", number } });
  await does(buyer, "deliver", { lines: pieces(2) });
  await does(buyer, "accept", { lines: pieces(1) });
  await does(buyer, "reject", { lines: pieces(1, even), reason: "broken", kind: "wrong" });
  await does(buyer, "send-back", { lines: pieces(1, even), tracking: { carrier: "Kuroneko", number: "B1" } });
  await does(atShop, "return", { lines: pieces(1, even) });
  await does(buyer, "accept", { lines: pieces(1, odd) });
  const end = await does(atShop, "cancel", {});
  // Of ten for three pieces the first is worth 3, the first two are worth 6, and the last one is 4.
  const settled = 3 * count + 3 * (count / 2);
  assert.deepEqual([end["frozen"], end["settled"], end["released"]], [0, settled, 10 * count - settled]);
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
