/** What members use of credit lines at an institution: billed once a month, paid at its own counters, stopped while overdue. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CollectionView } from "../../core/protocol/schemas.ts";
import { type BillRules, createDebts, usualBills } from "../../engines/debts/debts.ts";
import { openDatabase, rawSql, uuidv7 } from "../../storage/database/database.ts";
import { houseAccount } from "../../storage/ledger/ledger.ts";
import { newNumber, openCounters, tillOf } from "../../../test/support/world/counters.ts";
import { until } from "../../../test/support/world/world.ts";
import { bearer, type Json, signIn } from "../../../test/support/wire/http.ts";

const bills: BillRules = { ...usualBills, closesOn: 10, payWithin: "P15D" };
const world = await openCounters({ after }, { bills });
const { call, operator, demo, audit, ask } = world;
const [shop] = demo.shops;
const yui = demo.members.find(({ methods }) => methods.some(({ kind }) => kind === "credit"));
const tied = demo.ties?.members.find(({ kind }) => kind === "credit");
assert.ok(shop && yui && tied);
const asYui = await signIn(world.url, yui);
const store = await world.collector();
const { pay } = tillOf(world, store);

const advance = async (by: string) => {
  const moved = await call("POST", "/v1/test-clock/advance", bearer(demo.adminKey), { by });
  assert.equal(moved.status, 200, moved.text);
};
/** Moves the clock to a day of a month that is still to come, so many months ahead. */
async function goTo(day: number): Promise<void> {
  const { json } = await call("GET", "/v1/test-clock", operator);
  const now = new Date(String(json["now"]));
  const then = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + (now.getUTCDate() < day ? 0 : 1), day, 12);
  await advance(`PT${Math.ceil((then - now.getTime()) / 60_000)}M`);
}
const use = async (amount: number, change: Json = {}) =>
  call("POST", "/v1/trades", bearer(shop.key), {
    currency: "JPY",
    amount,
    buyer: { member: yui.number },
    acceptance: { by: ["buyer", "shop"], need: 1 },
    approval: { mandate: yui.mandates[shop.key] },
    ...change,
  });
async function used(amount: number): Promise<string> {
  const made = await use(amount);
  assert.equal(made.status, 201, made.text);
  const number = String(made.json["number"]);
  const accepted = await call("POST", `/v1/trades/${number}/accept`, asYui, {});
  assert.equal(accepted.json["state"], "settled", accepted.text);
  return number;
}
async function all(): Promise<Json[]> {
  const { json, text, status } = await call("GET", "/v1/bills", asYui);
  assert.equal(status, 200, text);
  return json["items"] as Json[];
}
const said = async () =>
  (await all()).map(({ state, owed, asked }) => `${String(state)} ${String(owed)} ${String(asked)}`);

test("what is used by a closing is billed once, and paid at a counter of the institution's own", async () => {
  await goTo(8);
  const first = await used(3000);
  await advance("PT1H");
  assert.deepEqual(await said(), [], "the month is not over");
  await goTo(10);
  assert.deepEqual(await said(), ["open 3000 3000"]);
  await used(500);
  await advance("P1D");
  await Promise.all([advance("PT1S"), advance("PT1S")]);
  assert.deepEqual(await said(), ["open 3000 3000"], "what was used since is for the next bill");
  const [bill] = await all();
  const number = String(bill?.["number"]);
  const whole = await call("GET", `/v1/bills/${number}`, asYui);
  assert.ok((whole.json["trades"] as string[]).includes(first));
  const due = await call("GET", `/v1/collections/${number}`, store.key);
  assert.deepEqual([due.json["due"], due.json["shopName"]], [3000, "Kenshu"]);
  assert.equal((await pay(number, 3000)).status, 201);
  await until("it is booked", async () => (await said())[0] === "paid 0 0");
  assert.equal((await pay(number, 3000)).code, "nothing_due");
  assert.deepEqual(await audit(), []);
  await goTo(10);
  assert.deepEqual(await said(), ["open 500 500", "paid 0 0"]);
  assert.deepEqual(await audit(), []);
});

const reserve = () =>
  ask("/v1/reservations", {
    id: uuidv7(),
    tradeNumber: newNumber(),
    account: tied.consent,
    payee: String(demo.ties?.shops[0]?.receive["JPY"]),
    amount: 700,
    currency: "JPY",
    until: new Date(Date.now() + 600 * 86_400_000).toISOString(),
  });

test("a line with an overdue bill takes nothing new, by trades here or by other servers, until it is paid", async () => {
  const held = await reserve();
  assert.equal(held.status, 201, JSON.stringify(held.body));
  const settled = await ask(`/v1/reservations/${String(held.body["id"])}/settle`, { id: uuidv7() });
  assert.equal(settled.status, 200, JSON.stringify(settled.body));
  await goTo(9);
  await goTo(10);
  await advance("P20D");
  assert.equal((await use(100)).code, "bill_overdue");
  assert.equal((await reserve()).body["code"], "bill_overdue");
  const { json } = await call("GET", "/v1/bills?state=open", operator);
  const open = json["items"] as Json[];
  assert.equal(open.length, 2);
  for (const { number, asked } of open) {
    const paid = await pay(String(number), Number(asked));
    assert.equal(paid.status, 201, paid.text);
  }
  await until("both are booked", async () =>
    (await call("GET", "/v1/bills?state=open", operator)).text.includes('"items":[]'),
  );
  assert.equal((await use(100)).status, 201);
  assert.equal((await reserve()).status, 201);
  assert.deepEqual(await audit(), []);
});

test("a server is paid itself for bills of its own only, under its own name, and never under a number of a shop's", async () => {
  const own = String(demo.ties?.own["JPY"]?.receive);
  const number = newNumber();
  const bill = (change: object = {}) => ({
    ...world.due(number, 900, { payee: own, bill: true, shopName: "Aoi Tea", ...change }),
    fee: undefined,
  });
  const plain = (wish: object) => JSON.parse(JSON.stringify(wish)) as Json;
  const code = async (wish: object) => {
    const [outcome] = await world.tell([plain(wish)]);
    return outcome?.problem?.["code"] ?? outcome?.status;
  };
  assert.equal(await code(world.due(newNumber(), 900, { payee: own })), "consent_not_valid");
  assert.equal(
    await code(world.due(number, 900, { payee: own, bill: true })),
    "consent_not_valid",
    "with a fee",
  );
  assert.equal(
    await code({ ...bill(), payee: world.due(number, 1)["payee"] }),
    "consent_not_valid",
    "a shop's",
  );
  assert.equal(await code(bill()), 200);
  const shown = await call("GET", `/v1/collections/${number}`, store.key);
  assert.equal(shown.json["shopName"], "Guarantor", "not the name that was said");
  const other = newNumber();
  assert.equal(await code(world.due(other, 900)), 200);
  assert.equal(
    await code({ ...bill({ version: 2, amount: 1000 }), tradeNumber: other }),
    "consent_not_valid",
    "the shop was to be paid",
  );
  assert.equal((await pay(number, 900)).status, 201);
  assert.deepEqual(await audit(), []);
});

/** What stands on accounts of the institution's own. */
const stands = async (...names: Parameters<typeof houseAccount>[0][]) =>
  (await world.balances(...names.map((name) => houseAccount(name, "JPY")))).split(" ").map(Number);

/** A bill for so much, used after a closing with nothing owed. */
async function billed(amount: number): Promise<string> {
  await goTo(10);
  await used(amount);
  await goTo(9);
  await goTo(10);
  const open = (await all()).find(({ state, owed }) => state === "open" && owed === amount);
  assert.ok(open, (await said()).join());
  return String(open["number"]);
}

test("what was paid after a closing is not billed again, however the line is used then", async () => {
  const open = async () => (await said()).filter((each) => each.startsWith("open"));
  const bill = await billed(600);
  await goTo(9);
  await goTo(10);
  const { json } = await call("GET", `/v1/bills/${bill}`, asYui);
  assert.equal((await pay(bill, Number(json["asked"]))).status, 201);
  await until("it is booked", async () => (await open()).length === 0);
  await used(2500);
  await advance("PT1H");
  await advance("PT1H");
  assert.deepEqual(await open(), [], "the closing that has passed is paid");
  await goTo(9);
  await goTo(10);
  assert.deepEqual(await open(), ["open 2500 2500"]);
  const next = (await all()).find(({ state }) => state === "open");
  assert.equal((await pay(String(next?.["number"]), 2500)).status, 201);
  await until("that is booked", async () => (await open()).length === 0);
  assert.deepEqual(await audit(), []);
});

test("what a collector costs for a bill of the institution's own is the institution's, whoever bears it else", async () => {
  for (const borneBy of ["payee", "institution"]) {
    const till = await world.collector();
    const { json } = await call("GET", `/v1/collectors/${till.id}`, operator);
    const fee = { fixed: 100, basisPoints: 0, borneBy };
    const rule = { name: json["name"], channel: "konbini", limits: {}, fee };
    assert.equal((await call("PUT", `/v1/collectors/${till.id}`, operator, rule)).status, 200);
    const bill = await billed(3000);
    const before = await stands("bills", "costs");
    const paid = await tillOf(world, till).pay(bill, 3000);
    assert.equal(paid.status, 201, paid.text);
    await until("it is paid whole", async () => {
      const { json: shown } = await call("GET", `/v1/bills/${bill}`, asYui);
      return shown["state"] === "paid" && shown["paid"] === 3000;
    });
    const now = await stands("bills", "costs");
    assert.deepEqual(
      now.map((sum, index) => sum - (before[index] ?? 0)),
      [0, -100],
      borneBy,
    );
    assert.equal(await world.balances(till.account), "-2900", "so much less is owed by whoever took it");
    assert.deepEqual(await audit(), []);
  }
});

test("what cannot be booked for a fault is tried again after an hour, and money that is missing is found", async () => {
  const bill = await billed(2000);
  const database = openDatabase({ ...world.place, role: "kenshu_app" });
  const faults: string[] = [];
  // It says that the bill was paid, and nothing has come in.
  const view = { tradeNumber: bill, currency: "JPY", paid: 2000, refunded: 0 } as CollectionView;
  const clerk = createDebts({
    database,
    onError: (error) => faults.push(String(error)),
    ground: {
      rules: bills,
      timeZone: "UTC",
      mails: "kept",
      house: houseAccount,
      source: (currency) => houseAccount("bills", currency),
      counter: {
        placeFor: () => Promise.resolve(undefined),
        tell: () => Promise.resolve({ how: "unknown" }),
        unheard: () => Promise.resolve([view]),
      },
    },
  });
  for (let count = 0; count < 3; count += 1) await clerk.sweep();
  assert.deepEqual(
    faults.map((fault) => fault.includes(`paid for bill ${bill} cannot be booked`)),
    [true],
  );
  await advance("PT61M");
  await clerk.sweep();
  assert.equal(faults.length, 2);
  await clerk.stop();
  await database.close();
  const more = (sum: number) =>
    world.admin.execute(
      rawSql("update accounts set posted = posted + $2 where id = $1", [houseAccount("bills", "JPY"), sum]),
    );
  await more(1);
  const found = await audit();
  await more(-1);
  assert.ok(
    found.some((said) => said.startsWith("account paid for bills") && said.endsWith(": 1 for 0")),
    found.join(),
  );
  assert.equal((await pay(bill, 2000)).status, 201);
  await until(
    "it is booked",
    async () => (await call("GET", `/v1/bills/${bill}`, asYui)).json["state"] === "paid",
  );
  assert.deepEqual(await audit(), []);
});

test("a line that was written off is nobody's any more: what runs on it ends, and nothing else is reserved", async () => {
  const running = await reserve();
  assert.equal(running.status, 201, JSON.stringify(running.body));
  const settle = (held: typeof running) =>
    ask(`/v1/reservations/${String(held.body["id"])}/settle`, { id: uuidv7() });
  assert.equal((await settle(await reserve())).status, 200);
  await goTo(9);
  await goTo(10);
  const { json } = await call("GET", "/v1/bills?state=open", operator);
  const bill = (json["items"] as Json[]).find(({ owed }) => owed === 700) ?? assert.fail();
  const gone = await call("POST", `/v1/bills/${String(bill["number"])}/write-off`, operator, {
    amount: bill["lineOwed"],
    reason: "Moved away",
  });
  assert.equal(gone.status, 200, gone.text);
  assert.equal((await reserve()).body["code"], "bill_overdue", "a consent that stands opens nothing");
  const lines = await call("GET", `/v1/credit-lines/${String(bill["member"])}`, operator);
  const [line] = lines.json["items"] as Json[];
  assert.deepEqual([line?.["state"], line?.["available"]], ["closed", 0], lines.text);
  assert.deepEqual(await audit(), []);
  const paid = await settle(running);
  assert.equal(paid.status, 200, JSON.stringify(paid.body));
  assert.deepEqual(await audit(), []);
});
