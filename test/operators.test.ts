/** An operator who cheats alone: each way in which one moved money, made a puppet or read people, and what stands in it now. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { bearer, type Headers, type Json, signIn } from "./support/wire/http.ts";
import { rawSql } from "../src/storage/database/database.ts";
import { auditSeals } from "../src/storage/seals/seals.ts";
import { limit, startGuarded } from "./support/world/two-operators.ts";

const world = await startGuarded({ after });
const { demo, call, first, second, together, kept, confirm, pass } = world;
const [shop, books] = demo.shops;
const [hana, , yui] = demo.members;
if (!shop || !books || !hana || !yui) throw new Error("The demo is not whole.");
const atShop = bearer(shop.key);
const speech = {
  channel: "phone",
  reference: "call 7",
  proof: { kind: "callback", reference: "tape 9" },
};

async function accountOf(number: string, who: Headers): Promise<string> {
  const { json } = await call("GET", `/v1/members/${number}`, who);
  return String((json["methods"] as Json[])[0]?.["account"]);
}
const asHana = await signIn(world.url, hana);
const asYui = await signIn(world.url, yui);
const hanas = await accountOf(hana.number, asHana);
const yuis = await accountOf(yui.number, asYui);

async function shopAccount(): Promise<string> {
  const { json } = await call("GET", `/v1/shops/${shop?.id}`, atShop);
  return String((json["accounts"] as Json[])[0]?.["account"]);
}

async function posted(id: string): Promise<unknown> {
  return (await call("GET", `/v1/accounts/${id}`, first)).json["posted"];
}

const order = (amount: number, change: Json = {}) => ({
  shop: shop.id,
  buyer: { member: hana.number },
  currency: "JPY",
  amount,
  acceptance: { by: ["buyer", "shop"], need: 1 },
  ...change,
});
const mandate = { approval: { mandate: hana.mandates[shop.key] } };

async function traded(amount: number): Promise<string> {
  const { json, text } = await call("POST", "/v1/trades", atShop, {
    ...order(amount, mandate),
    shop: undefined,
  });
  assert.equal(json["state"], "reserved", text);
  return String(json["number"]);
}
const state = async (number: string) => (await call("GET", `/v1/trades/${number}`, atShop)).json["state"];

const transfer = (kind: string, of: string, amount: number, change: Json = {}) => ({
  id: randomUUID(),
  kind,
  account: of,
  amount,
  currency: "JPY",
  reference: "receipt 4",
  reason: "came by post",
  ...(kind === "deposit" ? {} : { operator: speech }),
  ...change,
});

async function newOperator(name: string): Promise<{ id: string; who: Headers }> {
  const signing = { email: `${name}@example.com`, password: "a password of an operator" };
  const made = await together("POST", "/v1/operators", { name, ...signing });
  assert.equal(made.status, 201, made.text);
  return { id: String(made.json["id"]), who: await signIn(world.url, signing) };
}

test("a puppet operator: made by two, confirms nothing for a day, and never who made it", async () => {
  const alone = await call("POST", "/v1/operators", first, {
    name: "Puppet",
    email: "puppet@example.com",
    password: "a password of a puppet",
  });
  kept(alone);
  const unknown = { email: "puppet@example.com", password: "a password of a puppet" };
  assert.equal((await call("POST", "/v1/sessions", {}, unknown)).status, 401, "there is no such operator");
  const third = await newOperator("third");
  const number = await traded(limit + 1);
  const act = kept(await call("POST", `/v1/trades/${number}/accept`, second, { operator: speech }));
  const early = await confirm(act, third.who);
  assert.equal(early.code, "four_eyes_required", "not on the first day");
  await pass("25 hours");
  const again = kept(await call("POST", `/v1/trades/${number}/accept`, first, { operator: speech }));
  assert.equal((await confirm(again, third.who)).code, "four_eyes_required", "not for who made them");
  const own = kept(await call("POST", `/v1/trades/${number}/accept`, third.who, { operator: speech }));
  assert.equal((await confirm(own, first)).code, "four_eyes_required", "nor the other way round");
  assert.equal(await state(number), "reserved");
  assert.equal((await confirm(own, second)).status, 200, "whoever did not make them may");
});

test("one operator suspends another, and lets nobody act again alone", async () => {
  const { id, who } = await newOperator("fourth");
  assert.equal((await call("POST", `/v1/operators/${id}/suspend`, first, {})).status, 200);
  assert.equal((await call("GET", "/v1/operators", who)).status, 401);
  kept(await call("POST", `/v1/operators/${id}/resume`, first, {}));
  assert.equal((await together("POST", `/v1/operators/${id}/resume`, {})).json["state"], "active");
});

test("a key for a shop is given by two, shown to who asked, and the shop is told", async () => {
  const path = `/v1/shops/${shop.id}/keys`;
  const act = kept(await call("POST", path, first, { label: "mine" }));
  const confirmed = await confirm(act, second);
  assert.deepEqual([confirmed.status, confirmed.json["key"]], [200, undefined], "who confirms sees no key");
  const collect = `/v1/operator-acts/${act}/collect`;
  assert.equal((await call("POST", collect, second, {})).code, "not_found");
  const key = String((await call("POST", collect, first, {})).json["key"]);
  assert.equal((await call("GET", `/v1/shops/${shop.id}`, bearer(key))).status, 200);
  assert.equal((await call("POST", collect, first, {})).json["key"], undefined, "it is shown once");
  const { items } = (await call("GET", `/v1/shops/${shop.id}/notices`, atShop)).json as { items: Json[] };
  assert.equal(items[0]?.["act"], "key.make");
  const id = String((await call("POST", collect, first, {})).json["id"]);
  assert.equal((await call("DELETE", `${path}/${id}`, first)).status, 204, "taking it away takes one");
  assert.equal((await call("GET", `/v1/shops/${shop.id}`, bearer(key))).status, 401);
});

test("50,000,000 to a friend: a deposit takes two whatever its sum, waits on the suspense account, and is told", async () => {
  const before = await posted(yuis);
  const wish = transfer("deposit", yuis, 50_000_000);
  kept(await call("POST", "/v1/transfers", first, wish));
  kept(await call("POST", "/v1/transfers", first, transfer("deposit", yuis, 1)));
  const { reason: _, ...silent } = transfer("deposit", yuis, 1);
  assert.equal((await call("POST", "/v1/transfers", first, silent)).code, "invalid_field");
  assert.equal(await posted(yuis), before);
  const booked = transfer("deposit", yuis, 700);
  const made = await together("POST", "/v1/transfers", booked);
  assert.deepEqual([made.status, made.json["suspended"]], [201, true], made.text);
  const waiting = async () =>
    ((await call("GET", "/v1/transfers", first)).json["items"] as Json[]).map(({ id }) => id);
  assert.deepEqual(await waiting(), [booked.id]);
  assert.match(await world.metrics(), /^kenshu_transfers_unmatched 1$/m);
  const matched = await together("POST", `/v1/transfers/${booked.id}/match`, { reference: "line 12" });
  assert.equal(matched.status, 201, matched.text);
  assert.deepEqual(await waiting(), []);
  const { items } = (await call("GET", `/v1/members/${yui.number}/notices`, asYui)).json as { items: Json[] };
  assert.deepEqual([items[0]?.["act"], items[0]?.["trade"]], ["transfer.book", null]);
});

test("out of a member's account, and a shop's: in their name, with proof, by two, and they are told", async () => {
  const before = await posted(hanas);
  const bare = transfer("withdrawal", hanas, 500, { operator: undefined });
  assert.equal((await call("POST", "/v1/transfers", first, bare)).code, "invalid_field");
  const unproven = { channel: "phone", reference: "call 7" };
  const half = transfer("withdrawal", hanas, 500, { operator: unproven });
  assert.equal((await call("POST", "/v1/transfers", first, half)).code, "invalid_field");
  kept(await call("POST", "/v1/transfers", first, transfer("withdrawal", hanas, 500)));
  kept(await call("POST", "/v1/transfers", first, transfer("payout", await shopAccount(), 500)));
  assert.equal(await posted(hanas), before);
  const out = await together("POST", "/v1/transfers", transfer("withdrawal", hanas, 500));
  assert.equal(out.status, 201, out.text);
  const { items } = (await call("GET", `/v1/members/${hana.number}/notices`, asHana)).json as {
    items: Json[];
  };
  assert.deepEqual([items[0]?.["act"], items[0]?.["channel"]], ["transfer.take", "phone"]);
});

const rights: readonly [name: string, method: string, path: string, body: Json][] = [
  ["vouchers of 9,000,000", "POST", "/v1/vouchers", { currency: "JPY", amount: 9_000_000 }],
  ["a voucher of 1", "POST", "/v1/vouchers", { currency: "JPY", amount: 1 }],
  [
    "a limit of 99,000,000",
    "POST",
    `/v1/members/${yui.number}/methods/${yui.methods[0]?.id}/limit`,
    { limit: 99_000_000 },
  ],
  ["a fee of 100%", "PUT", `/v1/shops/${shop.id}/fee`, { fixed: 0, basisPoints: 10_000, roundTo: "fee" }],
  ["a standing", "PUT", `/v1/shops/${shop.id}/standing`, { paidOutEarly: true, reason: "a friend" }],
  [
    "independence",
    "PUT",
    `/v1/carriers/${demo.carriers[0]?.id}/independence`,
    { independent: true, reason: "a friend" },
  ],
  ["addresses to return to", "PUT", `/v1/shops/${shop.id}/return-urls`, { returnUrls: [] }],
  ["a key of their own", "POST", `/v1/shops/${books.id}/keys`, {}],
  [
    "a means of payment",
    "POST",
    `/v1/members/${hana.number}/methods`,
    { kind: "deposit", currency: "JPY", operator: speech },
  ],
  ["a shop that is let go on", "POST", `/v1/shops/${books.id}/resume`, {}],
  ["a member who is let go on", "POST", `/v1/members/${hana.number}/resume`, {}],
  ["a store of a chain", "POST", "/v1/chains/stores", { head: shop.id, store: books.id, postcodes: ["604"] }],
];

for (const [name, method, path, body] of rights) {
  test(`${name}: never by one operator`, async () => {
    kept(await call(method, path, first, body), name);
  });
}

test("a new key that signs is made by two, and the old one goes on until then", async () => {
  const kids = async () =>
    ((await call("GET", "/.well-known/jwks.json", {})).json["keys"] as Json[]).map(({ kid }) => kid);
  const before = await kids();
  const path = "/v1/signing-keys/rotate";
  assert.equal((await call("POST", path, first, { overlap: "P32D" })).code, "date_out_of_range");
  kept(await call("POST", path, first, { overlap: "PT0S" }));
  assert.deepEqual(await kids(), before, "nobody has confirmed it");
  const made = await together("POST", path, { overlap: "PT1H" });
  const [next, old] = made.json["keys"] as Json[];
  assert.deepEqual([made.status, await kids()], [200, [next?.["kid"], ...before]], made.text);
  assert.deepEqual([old?.["kid"]], before);
});

test("stopping takes one operator", async () => {
  for (const path of [`/v1/shops/${books.id}/suspend`, `/v1/members/${yui.number}/suspend`]) {
    assert.equal((await call("POST", path, first, {})).status, 200, path);
    const resume = path.replace("suspend", "resume");
    assert.equal((await together("POST", resume, {})).status, 200, resume);
  }
  const carrier = `/v1/carriers/${demo.carriers[0]?.id}/independence`;
  const reason = "found out";
  assert.equal((await call("PUT", carrier, first, { independent: false, reason })).status, 200);
  const act = kept(await call("POST", "/v1/vouchers", first, { currency: "JPY", amount: 5 }));
  assert.equal((await call("POST", `/v1/operator-acts/${act}/decline`, second, {})).status, 204);
  assert.equal((await confirm(act, second)).code, "not_found");
});

test("nobody but the shop proposes under a member's mandate", async () => {
  const reply = await call("POST", "/v1/trades", first, order(5, mandate));
  assert.equal(reply.code, "four_eyes_required", reply.text);
});

test("ordering and accepting 99,999 with an invented proof takes a second operator", async () => {
  await pass("25 hours");
  const wish = order(99_999, { approval: { operator: speech }, acceptance: { by: ["buyer"] } });
  const asked = await call("POST", "/v1/trades", first, wish);
  assert.equal(asked.json["state"], "reserved", asked.text);
  const number = String(asked.json["number"]);
  for (const name of ["accept", "deliver"] as const)
    kept(
      await call("POST", `/v1/trades/${number}/${name}`, first, { operator: { ...speech, as: "buyer" } }),
      name,
    );
  assert.equal(await state(number), "reserved");
});

test("slices do not help: sums are counted by operator, by who gains, and by the day", async () => {
  await pass("25 hours");
  const accept = (number: string, who: Headers) =>
    call("POST", `/v1/trades/${number}/accept`, who, { operator: speech });
  const sums = [60_000, 40_000];
  for (const sum of sums) assert.equal((await accept(await traded(sum), first)).status, 200, String(sum));
  const more = await traded(1);
  kept(await accept(more, first), "the operator has moved as much as one may");
  kept(await accept(more, second), "the shop has been given as much as one may give");
  await pass("25 hours");
  assert.equal((await accept(more, second)).status, 200, "a day later it is another day");
});

test("goods that have left are given up for the shop by two, what is still there by one", async () => {
  await pass("25 hours");
  const wish = { operator: { ...speech, as: "shop" } };
  const cancel = (number: string) => call("POST", `/v1/trades/${number}/cancel`, first, wish);
  const here = await traded(limit + 1);
  assert.equal((await cancel(here)).json["state"], "cancelled");
  const gone = await traded(limit + 1);
  assert.equal((await call("POST", `/v1/trades/${gone}/ship`, atShop, {})).status, 200);
  const act = kept(await cancel(gone));
  const list = (await call("GET", "/v1/operator-acts", second)).json["items"] as Json[];
  assert.equal(list.find(({ id }) => id === act)?.["name"], "trade.give-up");
  assert.equal((await confirm(act, second)).json["state"], "cancelled");
});

test("proof is not left out by sending nothing", async () => {
  const number = await traded(100);
  const url = `/v1/trades/${number}`;
  const empty: [string, Json][] = [
    ["accept", {}],
    ["accept", { operator: { channel: "desk", reference: "x" } }],
    ["deliver", {}],
    ["cancel", {}],
    ["extend", { until: "2099-01-01T00:00:00Z" }],
    ["refund", { amount: 1, reason: "x" }],
    ["reject", { reason: "x" }],
    ["withdraw", { reason: "x" }],
    ["revise", { amount: 90 }],
    ["offer", { release: 50, pay: 50 }],
    ["door-code/unlock", {}],
  ];
  for (const [name, body] of empty) {
    const reply = await call("POST", `${url}/${name}`, first, body);
    assert.deepEqual([reply.status, reply.code], [422, "invalid_field"], `${name}: ${reply.text}`);
  }
  const consent = { approval: { operator: { channel: "phone", reference: "x" } } };
  assert.equal((await call("POST", "/v1/trades", first, order(5, consent))).code, "invalid_field");
  assert.equal(await state(number), "reserved");
  const unlocked = await call("POST", `${url}/door-code/unlock`, first, { operator: speech });
  assert.equal(unlocked.status, 204, "at a door one operator is enough, with proof");
  const { items } = (await call("GET", `/v1/members/${hana.number}/notices`, asHana)).json as {
    items: Json[];
  };
  assert.equal(items[0]?.["act"], "door.unlock");
});

const unseen = [{ pointer: "/version", message: "Say which version of the trade you saw." }];

test("a confirmed order of gold does not become one of pebbles", async () => {
  const goods = (name: string) => [{ name, quantity: 1, unitAmount: 200_000 }];
  const { json } = await call("POST", "/v1/trades", atShop, {
    ...order(200_000, { lines: goods("Gold") }),
    shop: undefined,
  });
  const number = String(json["number"]);
  const approve = (body: Json) => call("POST", `/v1/trades/${number}/approve`, first, body);
  const blind = await approve({ operator: speech });
  assert.deepEqual(
    [blind.code, blind.json["errors"]],
    ["invalid_field", unseen],
    "which order, nobody has said",
  );
  const act = kept(await approve({ operator: speech, version: json["version"] }));
  const list = (await call("GET", "/v1/operator-acts", second)).json["items"] as Json[];
  const shown = list.find(({ id }) => id === act);
  assert.equal(shown?.["version"], json["version"]);
  const revised = await call("POST", `/v1/trades/${number}/revise`, atShop, { lines: goods("Pebbles") });
  assert.equal(revised.status, 200, revised.text);
  assert.equal((await confirm(act, second)).code, "trade_changed");
  assert.notEqual(await state(number), "reserved");
  const again = kept(await approve({ operator: speech, version: revised.json["version"] }));
  const wrong = { digest: String(shown?.["digest"]) };
  const path = `/v1/operator-acts/${again}/confirm`;
  assert.equal((await call("POST", path, second, wrong)).code, "trade_changed", "the digest of another act");
});

test("who looks at a person says why, is seen, and looks so often a day at the most", async () => {
  await pass("25 hours");
  const url = `/v1/members/${hana.number}`;
  for (const query of ["", "?reason=", "?reason=%20%20"])
    assert.equal((await call("GET", `${url}${query}`, first)).code, "invalid_field", query);
  const { json } = await call("POST", "/v1/trades", atShop, {
    ...order(100, mandate),
    shop: undefined,
    acceptance: { by: ["buyer", "recipient"], need: 1 },
    recipient: { name: "Aki Sato", address: "2-2 Kyoto", contact: { phone: "075-000-0000" } },
  });
  const number = String(json["number"]);
  const recipient = `/v1/trades/${number}/recipient`;
  assert.equal((await call("GET", recipient, first)).code, "invalid_field");
  assert.equal((await call("GET", `${recipient}-link`, first)).code, "not_allowed");
  assert.equal((await call("GET", `${recipient}?reason=lost%20parcel`, first)).status, 200);
  for (let looks = 1; looks < 5; looks += 1)
    assert.equal((await call("GET", `${url}?reason=order%20${looks}`, first)).status, 200);
  assert.equal((await call("GET", `${url}?reason=one%20more`, first)).code, "too_many_requests");
  assert.equal((await call("GET", `${recipient}?reason=one%20more`, first)).code, "too_many_requests");
  assert.equal((await call("GET", `${url}?reason=mine`, second)).status, 200, "each has their own");
  const { items } = (await call("GET", `${url}/lookups`, asHana)).json as { items: Json[] };
  assert.deepEqual(
    items.slice(0, 6).map(({ reason, trade }) => [reason, trade]),
    [["mine", null], ...[4, 3, 2, 1].map((look) => [`order ${look}`, null]), ["lost parcel", number]],
  );
  const page = await call("GET", "/record", asHana);
  assert.equal(page.status, 200);
  for (const seen of ["order 4", "lost parcel", "Money was taken out of your account."])
    assert.ok(page.text.includes(seen), seen);
});

test("what operators asked for, confirmed, declined and read is sealed", async () => {
  const { database } = world;
  const rows = await database.query<{ name: string; rows: bigint }>(
    rawSql(`select 'confirmed' as name, count(confirmed_at) as rows from operator_acts
      union all select 'declined', count(declined_at) from operator_acts
      union all select 'looks', count(*) from lookups where trade is not null
      union all select 'notices', count(act) from notices
      union all select 'transfers', count(*) from transfers where suspended
      union all select 'matches', count(*) from transfer_matches`),
  );
  for (const { name, rows: count } of rows) assert.ok(count > 0n, name);
  const differing = async () => (await auditSeals(database)).differences.map(({ id }) => id);
  assert.deepEqual(await differing(), []);
  const changes: readonly [table: string, change: string][] = [
    ["operator_acts", "set subject = 'another' where confirmed_at is not null"],
    ["operator_acts", "set declined_by = gen_random_uuid() where declined_at is not null"],
    ["lookups", "set trade = null where trade is not null"],
    ["notices", "set act = 'door.unlock' where act = 'transfer.take'"],
    ["transfers", "set suspended = false where suspended"],
    ["transfer_matches", "set reference = 'another'"],
  ];
  for (const [table, change] of changes) {
    const before = (await differing()).length;
    await database.execute(rawSql(`update ${table} ${change}`));
    const now = await differing();
    assert.ok(now.length > before && now.some((id) => id.startsWith(`${table} `)), `${table} ${change}`);
  }
});
