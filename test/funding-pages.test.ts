/** The pages of bank transfers, fundings, payments from accounts and collectors: what they show, and what their forms do. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { zengin } from "./support/wire/incoming.ts";
import { type Headers, type Json, signIn } from "./support/wire/http.ts";
import { codeOf, openCounters, tillOf } from "./support/world/counters.ts";
import { until } from "./support/world/world.ts";

const place = await openCounters({ after });
const { url, demo, operator, admin, call, balances, audit } = place;
const store = await place.collector();
const { pay, opened } = tillOf(place, store);
const [hana] = demo.members;
const [mei] = demo.operators;
assert.ok(hana && mei);
const asHana = await signIn(url, hana);
const asMei = await signIn(url, mei);
const member = await call("GET", `/v1/members/${hana.number}?reason=accounts`, operator);
const account = String((member.json["methods"] as Json[])[0]?.["account"]);

const get = async (path: string, who: Headers): Promise<{ status: number; text: string }> => {
  const reply = await fetch(`${url}${path}`, { headers: who, redirect: "manual" });
  return { status: reply.status, text: await reply.text() };
};
const send = async (path: string, who: Headers, form: Record<string, string>) => {
  const headers = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
  const body = new URLSearchParams(form).toString();
  const reply = await fetch(`${url}${path}`, { method: "POST", headers, body, redirect: "manual" });
  return { status: reply.status, to: reply.headers.get("location") ?? "", text: await reply.text() };
};
const balance = async () => Number(await balances(account));

test("a member gets a number, which a counter takes; pressed twice it is one", async () => {
  const page = await get("/fund", asHana);
  assert.ok(page.status === 200 && page.text.includes(account), page.text.slice(0, 300));
  const form = { account, amount: "1500", key: "press-1" };
  const [first, again] = [await send("/fund", asHana, form), await send("/fund", asHana, form)];
  assert.equal(first.status, 303, first.text);
  assert.equal(first.to, again.to);
  const number = first.to.split("/").at(-1) ?? "";
  const shown = await get(first.to, asHana);
  assert.ok(shown.text.includes('data-state="open"') && shown.text.includes("901"), shown.text);
  assert.equal((await send("/fund", asHana, { account, amount: "-3" })).status, 422);
  assert.equal((await send("/fund", asHana, { account, amount: "9007199254740992" })).status, 422);
  assert.equal((await send("/fund", asHana, { account: place.accounts.shop, amount: "3" })).status, 404);
  const had = await balance();
  assert.equal(await codeOf(pay(number, 1500)), "taken");
  assert.equal(await balance(), had + 1500);
  assert.ok((await get(first.to, asHana)).text.includes('data-state="paid"'));
});

test("who brings money for an order comes from it with what is missing, and goes back to it", async () => {
  const methods = member.json["methods"] as Json[];
  const next = "/trades/12345678901234/approve";
  const query = new URLSearchParams({ method: String(methods[0]?.["id"]), amount: "700", next });
  const page = await get(`/fund?${query}`, asHana);
  assert.ok(
    page.text.includes('value="700"') && page.text.includes(`name="next" value="${next}"`),
    page.text,
  );
  assert.match(page.text, new RegExp(`value="${account}"[^>]* checked`));
  const made = await send("/fund", asHana, { account, amount: "700", next });
  assert.match(made.to, /^\/fundings\/\d+\?next=%2Ftrades%2F12345678901234%2Fapprove$/);
  assert.match((await get(made.to, asHana)).text, new RegExp(`href="${next}" id="go-on"`));
  const elsewhere = await send("/fund", asHana, { account, amount: "700", next: "//evil.example" });
  assert.ok(elsewhere.to.endsWith("?next=%2Ftrades"), elsewhere.to);
});

test("a member looks at what is due, and pays it from an account; pressed twice it is one", async () => {
  const { number } = await opened(800);
  const page = await get(`/pay-due?number=${number}`, asHana);
  assert.ok(page.text.includes('data-due="800"') && page.text.includes('id="pay"'), page.text);
  const had = await balance();
  const form = { account, amount: "800", currency: "JPY", key: "press-2" };
  const [first, again] = [
    await send(`/pay-due/${number}`, asHana, form),
    await send(`/pay-due/${number}`, asHana, form),
  ];
  assert.deepEqual([first.status, again.status], [303, 303], first.text);
  assert.equal(await balance(), had - 800);
  const late = await send(`/pay-due/${number}`, asHana, { ...form, key: "press-3" });
  assert.equal(late.status, 409, late.text);
  assert.ok((await get("/pay-due?number=123", asHana)).text.includes("wrong_check_digit"));
});

test("operators see what waits, who sent it when they say why, and assign it or put it aside", async () => {
  const { number } = await opened(400);
  const today = new Date().toISOString().slice(0, 10);
  const entries = [
    { reference: 71, amount: 400, remitter: "ﾋﾐﾂﾉ ﾋﾄ" },
    { reference: 72, amount: 9 },
  ];
  const content = zengin("statement", { account: "7000001", day: today, entries }).toString("base64");
  assert.equal((await call("POST", "/v1/bank-statements", operator, { content })).status, 201);
  await until(
    "both wait",
    async () => (await get("/bank-transfers", asMei)).text.split("data-arrival=").length === 3,
  );
  const [row] = await admin.query<{ id: string }>({
    text: "select id from arrivals where amount = 400",
    values: [],
  });
  const [other] = await admin.query<{ id: string }>({
    text: "select id from arrivals where amount = 9",
    values: [],
  });
  assert.ok(row && other);
  const list = await get("/bank-transfers", asMei);
  assert.ok(list.text.includes('data-why="unknown"') && !list.text.includes("ﾋﾐﾂ"), "no names");
  const look = await get(`/bank-transfers?look=${row.id}&reason=${encodeURIComponent("a call")}`, asMei);
  assert.ok(look.text.includes("ﾋﾐﾂﾉ ﾋﾄ"), look.text);
  assert.equal((await get(`/bank-transfers?look=${row.id}`, asMei)).status, 422, "no reason");
  const wrong = await send(`/bank-transfers/${row.id}/assign`, asMei, { number: "123", reason: "r" });
  assert.equal(wrong.status, 422);
  const done = await send(`/bank-transfers/${row.id}/assign`, asMei, { number, reason: "asked" });
  assert.deepEqual([done.status, done.to], [303, "/bank-transfers"], done.text);
  const aside = await send(`/bank-transfers/${other.id}/dismiss`, asMei, { reason: "interest" });
  assert.equal(aside.status, 303, aside.text);
  assert.ok(!(await get("/bank-transfers", asMei)).text.includes("data-arrival="));
  assert.equal((await get("/bank-transfers", asHana)).status, 403);
  assert.deepEqual(await audit(), []);
});

test("operators see what each collector owes, and since when the oldest of it", async () => {
  const till = await place.collector("counter", 1000);
  const take = (amount: number) =>
    opened(amount).then(({ number }) =>
      codeOf(tillOf(place, till).pay(number, amount, { channel: "counter" })),
    );
  assert.equal(await take(600), "taken");
  await call("POST", "/v1/test-clock/advance", operator, { by: "P2D" });
  assert.equal(await take(400), "taken");
  assert.equal(await take(1), "collector_limit_exceeded");
  const read = async () => {
    const { json } = await call("GET", `/v1/collectors/${till.id}`, operator);
    return (json["accounts"] as Json[])[0] ?? {};
  };
  const before = await read();
  const page = await get("/collectors", asMei);
  assert.ok(page.text.includes(`data-collector="${till.id}"`) && page.text.includes("hand in"), page.text);
  const handed = {
    id: crypto.randomUUID(),
    kind: "deposit",
    account: till.account,
    amount: 700,
    currency: "JPY",
  };
  const booked = await call("POST", "/v1/transfers", operator, { ...handed, reference: "bag 1" });
  assert.equal(booked.status, 201, booked.text);
  const now = await read();
  assert.deepEqual([before["owes"], now["owes"]], [1000, 300]);
  const days = (Date.parse(String(now["since"])) - Date.parse(String(before["since"]))) / 86_400_000;
  assert.ok(days > 1.9, "the oldest was handed in");
});
