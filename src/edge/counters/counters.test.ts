/** A due from the word of a server to the till, over HTTP: what is told, taken, refused and kept. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  codeOf,
  lower,
  newNumber,
  openCounters,
  said,
  tillOf,
} from "../../../test/support/world/counters.ts";
import { request, signIn } from "../../../test/support/wire/http.ts";
import { uuidv7 } from "../../storage/database/database.ts";

const world = await openCounters({ after });
const { tell, due, call, balances, accounts } = world;
const store = await world.collector();
const bank = await world.collector("bank");
const { pay, opened } = tillOf(world, store);

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

test("a form that is sent twice is one payment", async () => {
  const number = newNumber();
  await tell([due(number, 700)]);
  const who = { ...(await signIn(world.url, store)), "content-type": "application/x-www-form-urlencoded" };
  const form = new URLSearchParams({
    amount: "700",
    currency: "JPY",
    reference: "",
    key: uuidv7(),
  }).toString();
  const press = () => request(`${world.url}/counter/${number}/take`, "POST", who, form);
  const [first, second] = [await press(), await press()];
  assert.deepEqual([first.status, second.status], [303, 303]);
  const receipt = first.headers.get("location") ?? "";
  assert.equal(second.headers.get("location"), receipt);
  const shown = await request(`${world.url}${receipt}`, "GET", who);
  assert.match(shown.text, /¥700/);
  const others = await request(`${world.url}${receipt}`, "GET", await signIn(world.url, bank));
  assert.equal(others.status, 404, "a receipt is that of whoever has taken it");
});

test("what is not due as it is offered is not taken", async () => {
  const { number } = await opened();
  const swapped = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`;
  const carrier = await signIn(world.url, world.demo.carriers[0] ?? assert.fail());
  const cases: [what: string, answer: ReturnType<typeof pay>, code: string][] = [
    ["too little", pay(number, 999), "amount_mismatch"],
    ["too much", pay(number, 1001), "amount_mismatch"],
    ["another currency", pay(number, 1000, { currency: "USD" }), "currency_mismatch"],
    ["no currency", pay(number, 1000, { currency: "XXQ" }), "unknown_currency"],
    ["a wrong check digit", pay(swapped, 1000), "wrong_check_digit"],
    ["a number that nobody has told", pay(newNumber(), 1000), "not_found"],
    ["another way than the collector's", pay(number, 1000, { channel: "bank" }), "not_allowed"],
    ["a bank at the till of a store", pay(number, 1000, {}, bank.key), "not_allowed"],
    [
      "a carrier who is no collector",
      pay(number, 1000, { channel: "cash_on_delivery" }, carrier),
      "not_allowed",
    ],
    ["a shop", pay(number, 1000, {}, { authorization: `Bearer ${world.demo.shopKeys[0]}` }), "not_allowed"],
    ["nobody", pay(number, 1000, {}, {}), "not_authenticated"],
    ["in the name of another", pay(number, 1000, { collector: bank.id }), "not_allowed"],
    ["no receipt", pay(number, 1000, { reference: "" }), "invalid_field"],
    ["an operator who names nobody", pay(number, 1000, {}, world.operator), "invalid_field"],
    [
      "an operator who says no reason",
      pay(number, 1000, { collector: store.id }, world.operator),
      "invalid_field",
    ],
  ];
  for (const [what, answer, code] of cases) assert.equal(await codeOf(answer), code, what);
  assert.equal(await codeOf(pay(number, 1000)), "taken", "what is due");
});

test("a second payment is refused, or kept for return where it is in the till", async () => {
  const { number } = await opened();
  assert.equal(await codeOf(pay(number, 1000)), "taken");
  assert.equal(await codeOf(pay(number, 1000)), "nothing_due");
  const before = await balances(accounts.kept, store.account, accounts.shop);
  assert.equal(await codeOf(pay(number, 1000, { taken: true })), "kept");
  const [kept = 0n, held = 0n, shop = 0n] = before.split(" ").map(BigInt);
  assert.equal(
    await balances(accounts.kept, store.account, accounts.shop),
    `${kept + 1000n} ${held - 1000n} ${shop}`,
  );
  const { json } = await call("GET", `/v1/collections/${number}`, store.key);
  assert.equal(said({ status: 200, collection: json }), "paid 0/1000 1000-0 kept 1000");
  assert.deepEqual(
    (json["payments"] as { state: string }[]).map(({ state }) => state),
    ["taken", "kept"],
  );
  const others = await call("GET", `/v1/collections/${number}`, bank.key);
  assert.deepEqual(others.json["payments"], [], "another collector reads nothing of it");
});

test("what was withdrawn is not taken; what comes too late is kept", async () => {
  const { number, told } = await opened();
  assert.deepEqual((await tell([lower(told, 0)])).map(said), ["withdrawn 0/0 0-0 kept 0"]);
  assert.equal(await codeOf(pay(number, 1000)), "nothing_due");
  assert.equal(await codeOf(pay(number, 1000, { taken: true })), "kept");
  const back = {
    ...told,
    id: uuidv7(),
    version: 3,
    amount: 400,
    fee: { ...(told["fee"] as object), amount: 0 },
  };
  assert.deepEqual((await tell([back])).map(said), ["open 400/400 0-0 kept 1000"]);
  assert.equal(await codeOf(pay(number, 1000, { taken: true })), "kept", "not what is due");
  assert.equal(await codeOf(pay(number, 400, { taken: true })), "taken", "what is due");
});

test("the same payment again gets the first answer; its id with other content is refused", async () => {
  const { number } = await opened();
  const other = await opened();
  const id = uuidv7();
  const first = await pay(number, 1000, { id });
  const again = await pay(number, 1000, { id });
  assert.deepEqual([again.status, again.text], [first.status, first.text]);
  assert.equal(again.headers.get("idempotent-replayed"), "true");
  assert.equal(await codeOf(pay(number, 999, { id })), "command_id_reused");
  assert.equal(await codeOf(pay(other.number, 1000, { id })), "command_id_reused");
  assert.equal(
    await codeOf(pay(other.number, 1000, { id, channel: "bank" }, bank.key)),
    "taken",
    "ids are one's own",
  );
});

test("the key of a call is looked at as well", async () => {
  const [one, two] = [await opened(), await opened()];
  const who = { ...store.key, "idempotency-key": uuidv7() };
  const first = await pay(one.number, 1000, { id: store.id }, who);
  assert.equal(first.status, 201, first.text);
  assert.equal(await codeOf(pay(two.number, 1000, {}, who)), "idempotency_key_reused");
  assert.equal(await codeOf(pay(two.number, 1000)), "taken");
});

test("a refusal stays one: an older try that comes late is not taken, whatever is due by then", async () => {
  const number = newNumber();
  await tell([due(number, 1000)]);
  assert.equal(await codeOf(pay(number, 1000)), "taken");
  const id = uuidv7();
  const who = { ...store.key, "idempotency-key": uuidv7() };
  assert.equal(await codeOf(pay(number, 500, { id }, who)), "nothing_due");
  await tell([{ ...due(number, 1500), version: 2 }]);
  assert.equal(await codeOf(pay(number, 500, { id })), "nothing_due");
  assert.equal(await codeOf(pay(number, 500, { id }, who)), "nothing_due", "nor by the key of the call");
  assert.equal(await codeOf(pay(number, 500)), "taken", "as another payment");
  assert.equal(await codeOf(pay(number, 500, { id, taken: true })), "kept", "it was in the till after all");
  assert.equal(await codeOf(pay(number, 500, { id, taken: true })), "kept");
});

test("a number that is not known yet is asked for again under the same id, by another call", async () => {
  const [number, id] = [newNumber(), uuidv7()];
  const who = { ...store.key, "idempotency-key": uuidv7() };
  assert.equal(await codeOf(pay(number, 700, { id }, who)), "not_found");
  assert.equal(await codeOf(pay(number, 700, { id })), "not_found");
  await tell([due(number, 700)]);
  assert.equal(await codeOf(pay(number, 700, { id }, who)), "not_found", "the first call, come late");
  assert.equal(await codeOf(pay(number, 700, { id })), "taken");
});

test("a refusal takes nothing away: what was in the till after all is sent again with the same id", async () => {
  const { number } = await opened();
  assert.equal(await codeOf(pay(number, 1000)), "taken");
  const id = uuidv7();
  assert.equal(await codeOf(pay(number, 1000, { id })), "nothing_due");
  assert.equal(await codeOf(pay(number, 1000, { id, taken: true })), "kept");
});

test("the totals of a server are the sums of its dues, and the books agree", async () => {
  const all: { due: number; paid: number; refunded: number; kept: number }[] = [];
  for (let after = ""; ; ) {
    const { body } = await world.read(`/v1/collections?limit=5${after}`);
    all.push(...(body["items"] as typeof all));
    const next = body["next"] as string | null;
    if (next === null) break;
    after = `&after=${next}`;
  }
  const sum = (name: keyof (typeof all)[number]) => all.reduce((so, each) => so + each[name], 0);
  const totals = { due: sum("due"), paid: sum("paid"), refunded: sum("refunded"), kept: sum("kept") };
  assert.deepEqual((await world.read("/v1/collections/totals")).body["items"], [
    { currency: "JPY", ...totals },
  ]);
  assert.equal(await balances(accounts.kept), String(totals.kept));
  assert.deepEqual(await world.audit(), []);
});
