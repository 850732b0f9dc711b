/** What an operator and a friend of theirs could gain in a trade: each word that one of them brings, and whom it takes beside. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, signIn } from "./support/wire/http.ts";
import { limit, startGuarded } from "./support/world/two-operators.ts";

const world = await startGuarded({ after });
const { demo, call, first, second, together, kept, pass } = world;
const [shop] = demo.shops;
const [hana] = demo.members;
const [carrier] = demo.carriers;
if (!shop || !hana || !carrier) throw new Error("The demo is not whole.");
const atShop = bearer(shop.key);
const speech = {
  channel: "phone",
  reference: "call 7",
  proof: { kind: "callback", reference: "tape 9" },
};

const order = (amount: number, change: Json = {}) => ({
  buyer: { member: hana.number },
  currency: "JPY",
  amount,
  acceptance: { by: ["buyer", "shop"], need: 1 },
  ...change,
});

async function traded(amount: number): Promise<string> {
  const change = { approval: { mandate: hana?.mandates[shop?.key ?? ""] }, carrier: carrier?.id };
  const { json, text } = await call("POST", "/v1/trades", atShop, order(amount, change));
  assert.equal(json["state"], "reserved", text);
  return String(json["number"]);
}
const state = async (number: string) => (await call("GET", `/v1/trades/${number}`, atShop)).json["state"];

test("who agrees for a buyer that the shop accepts has as good as paid: it takes a second operator", async () => {
  await pass("25 hours");
  const forShop = order(50, { shop: shop.id, approval: { operator: speech } });
  assert.equal((await call("POST", "/v1/trades", first, forShop)).code, "four_eyes_required");
  const { json } = await call("POST", "/v1/trades", atShop, order(50));
  const number = String(json["number"]);
  const approve = (acceptors: string[]) => {
    const body = { operator: speech, version: json["version"], acceptors };
    return call("POST", `/v1/trades/${number}/approve`, first, body);
  };
  for (const hand of ["shop", "carrier", "operator"]) kept(await approve([hand]), hand);
  kept(await approve(["buyer", "shop"]), "the shop beside the buyer");
  assert.equal((await approve(["buyer"])).status, 200, "the buyer themselves");
  assert.equal(await state(number), "reserved");
});

test("a carrier's word that one operator brings is nobody's who has seen the goods", async () => {
  await pass("25 hours");
  const number = await traded(50);
  const report = {
    operator: { ...speech, as: "carrier" },
    tracking: { carrier: "Yamabiko", number: "4711" },
  };
  for (const name of ["ship", "deliver", "send-back", "return"]) {
    const act = kept(await call("POST", `/v1/trades/${number}/${name}`, first, report), name);
    assert.equal((await call("POST", `/v1/operator-acts/${act}/decline`, second, {})).status, 204);
  }
  const lines = (await call("GET", `/v1/trades/${number}`, atShop)).json["lines"] as Json[];
  assert.deepEqual([lines[0]?.["shipped"], lines[0]?.["delivered"]], [0, 0]);
  const seen = await together("POST", `/v1/trades/${number}/ship`, report);
  assert.equal(seen.status, 200, seen.text);
  const notices = await call("GET", `/v1/carriers/${carrier.id}/notices`, await signIn(world.url, carrier));
  const [told] = (notices.json["items"] ?? []) as Json[];
  assert.deepEqual([told?.["trade"], told?.["types"]], [number, ["trade.shipped"]], notices.text);
});

test("what comes back, one operator says only up to the amount: at the end of that clock the money goes back", async () => {
  await pass("25 hours");
  const number = await traded(limit + 1);
  assert.equal(
    (await call("POST", `/v1/trades/${number}/deliver`, await signIn(world.url, hana), {})).status,
    200,
  );
  const asBuyer = { operator: { ...speech, as: "buyer" } };
  const rejected = await call("POST", `/v1/trades/${number}/reject`, first, {
    ...asBuyer,
    reason: "cracked",
  });
  assert.equal(rejected.json["state"], "rejected", rejected.text);
  kept(await call("POST", `/v1/trades/${number}/send-back`, first, asBuyer));
});

test("a wish of the shop counts by what it asks for, and its acceptors are those who stay", async () => {
  await pass("25 hours");
  const asHana = await signIn(world.url, hana);
  const wished = async (change: Json, acceptors: string[], amount: number): Promise<[string, Json]> => {
    const { json } = await call("POST", "/v1/trades", atShop, order(50, change));
    const number = String(json["number"]);
    const agreed = { version: json["version"], acceptors };
    assert.equal((await call("POST", `/v1/trades/${number}/approve`, asHana, agreed)).status, 200);
    const asked = await call("POST", `/v1/trades/${number}/revise`, atShop, { amount });
    assert.equal(asked.json["frozen"], 50, asked.text);
    return [number, { operator: speech, version: asked.json["version"] }];
  };
  const [dear, ofDear] = await wished({}, ["buyer"], limit + 1);
  kept(await call("POST", `/v1/trades/${dear}/approve`, first, ofDear), "more than one may agree to");
  const [open, ofOpen] = await wished({}, ["buyer", "shop"], 60);
  kept(await call("POST", `/v1/trades/${open}/approve`, first, ofOpen), "the shop accepts");
  const [cheap, ofCheap] = await wished({}, ["buyer"], 60);
  const approved = await call("POST", `/v1/trades/${cheap}/approve`, first, ofCheap);
  assert.deepEqual([approved.status, approved.json["frozen"]], [200, 60], approved.text);
});
