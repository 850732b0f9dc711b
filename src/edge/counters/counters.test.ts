/** A due from the word of a server to the till, over HTTP: what is told, taken, refused, kept and returned. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { newNumber, openCounters, type Outcome } from "../../../test/support/world/counters.ts";
import { signIn } from "../../../test/support/wire/http.ts";
import { uuidv7 } from "../../storage/database/database.ts";

const world = await openCounters({ after });
const { tell, due, call, balances, accounts } = world;
const store = await world.collector();
const bank = await world.collector("bank");

/** What an outcome says of money: state, due of amount, paid, refunded and kept; or the code of the refusal. */
function said({ collection, problem }: Outcome): string {
  if (collection === undefined) return String(problem?.["code"]);
  const { state, amount, due: open, paid, refunded, kept } = collection;
  return `${String(state)} ${String(open)}/${String(amount)} ${String(paid)}-${String(refunded)} kept ${String(kept)}`;
}

const pay = (number: string, amount: number, change: object = {}, who = store.key) =>
  call("POST", `/v1/collections/${number}/payments`, who, {
    id: uuidv7(),
    amount,
    currency: "JPY",
    channel: "konbini",
    reference: "receipt 1",
    ...change,
  });

test("a due is told, read, taken at a counter and heard of", async () => {
  const number = newNumber();
  const before = await balances(accounts.shop, accounts.own, store.account);
  assert.equal(before, "0 10000000 0");
  const [told] = await tell([due(number, 5000)]);
  assert.equal(said(told ?? { status: 0 }), "open 5000/5000 0-0 kept 0");
  const seen = await call("GET", `/v1/collections/${number}`, store.key);
  assert.deepEqual([seen.status, seen.json["due"], seen.json["shopName"]], [200, 5000, "Aoi Tea"]);
  assert.deepEqual((await world.read("/v1/collections?unheard=true")).body["items"], []);
  const paid = await pay(number, 5000);
  assert.deepEqual([paid.status, paid.json["state"], paid.json["amount"]], [201, "taken", 5000], paid.text);
  assert.equal(await balances(accounts.shop, accounts.own, store.account), "4900 10000100 -5000");
  const news = (await world.read("/v1/collections?unheard=true")).body["items"] as object[];
  assert.deepEqual(
    news.map((one) => said({ status: 200, collection: { ...one } })),
    ["paid 0/5000 5000-0 kept 0"],
  );
  const heard = await tell([{ do: "heard", id: uuidv7(), tradeNumber: number, paid: 5000 }]);
  assert.deepEqual(heard.map(said), ["paid 0/5000 5000-0 kept 0"]);
  assert.deepEqual((await world.read("/v1/collections?unheard=true")).body["items"], []);
  const mine = await world.read(`/v1/collections/${number}`);
  assert.deepEqual(
    [mine.status, said({ status: 200, collection: mine.body })],
    [200, "paid 0/5000 5000-0 kept 0"],
  );
  assert.deepEqual(await world.audit(), []);
});

test("a clerk who has signed in takes it too", async () => {
  const number = newNumber();
  await tell([due(number, 800)]);
  const clerk = await signIn(world.url, bank);
  const paid = await pay(number, 800, { channel: "bank" }, clerk);
  assert.equal(paid.status, 201, paid.text);
});
