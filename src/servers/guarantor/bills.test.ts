/** What a member owes a guarantor: a bill for each claim, paid at a store, told of, paid in parts, or given up. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createDebts } from "../../engines/debts/debts.ts";
import { openDatabase, rawSql, uuidv7 } from "../../storage/database/database.ts";
import { bills, openDebtors } from "../../../test/support/world/debtors.ts";
import { until } from "../../../test/support/world/world.ts";
import { bearer, type Json, request, signIn } from "../../../test/support/wire/http.ts";
import { houseAccount } from "../../storage/ledger/ledger.ts";

const world = await openDebtors({ after });
const { guarantor, institution, call, pay, admin, atShop, desk } = world;
const { owes, claim, billed, billsOf, read, stands, told, becomes, dueAt, line, as } = world;
const { advance, sweep, agree } = world;
const { shop, hana, yui, sora } = world.people;

test("a claim makes a bill; it is paid at a store under its number, and the line is free again", async () => {
  const { trade, bill } = await billed(hana);
  assert.equal(await stands(bill), "open owed 3600 asked 3600 fees 0 paid 0 given up 0");
  assert.deepEqual((await read(bill))["trades"], [trade]);
  await until("it is due at the store", async () => (await dueAt(bill)) === "open 3600/3600 kept 0");
  const there = await call(
    "institution",
    "GET",
    `/v1/collections/${bill}`,
    bearer(institution.demo.adminKey),
  );
  assert.equal(there.json["shopName"], "Guarantor", "by the name that the institution knows");
  const slip = await call("guarantor", "GET", `/v1/bills/${bill}/slip`, await as(hana));
  assert.equal(slip.status, 200);
  assert.equal((await call("guarantor", "GET", `/v1/bills/${bill}`, await as(yui))).status, 404);
  assert.equal((await pay(bill, 3500)).json["code"], "amount_mismatch");
  assert.equal((await pay(bill, 3600)).status, 201);
  await becomes(bill, "paid owed 0 asked 0 fees 0 paid 3600 given up 0");
  assert.equal(await line(hana), "active used 0");
  assert.equal((await pay(bill, 3600)).json["code"], "nothing_due");
  assert.equal((await pay(bill, 3600, { taken: true })).json["state"], "kept", "twice: it goes back");
  await sweep();
  assert.deepEqual(await told(bill), ["bill", "bill paid"]);
  await agree();
});

test("who does not pay is told in steps, each charged once, and reserves nothing on the line until it is paid", async () => {
  const { bill } = await billed(yui);
  for (const by of ["P7D", "P4D", "P2D", "P1D"]) await advance(by);
  assert.deepEqual(await told(bill), ["bill", "bill soon", "bill soon", "bill soon"]);
  await advance("P1D");
  assert.equal(await line(yui), "overdue used 3600");
  const wish = { currency: "JPY", amount: 100, buyer: { member: yui.number } };
  const more = await call("guarantor", "POST", "/v1/trades", atShop, {
    ...wish,
    approval: { mandate: yui.mandates[shop.key] },
  });
  assert.deepEqual([more.status, more.json["code"]], [402, "bill_overdue"]);
  await advance("P3D");
  assert.equal(await stands(bill), "open owed 3700 asked 3700 fees 100 paid 0 given up 0");
  await Promise.all([sweep(), sweep()]);
  await advance("P11D");
  await advance("P60D");
  assert.equal(await stands(bill), "open owed 4000 asked 4000 fees 400 paid 0 given up 0");
  await until("it is due at the store", async () => (await dueAt(bill)) === "open 4000/4000 kept 0");
  assert.equal((await pay(bill, 4000)).status, 201);
  await becomes(bill, "paid owed 0 asked 0 fees 400 paid 4000 given up 0");
  assert.equal(await line(yui), "active used 0");
  await agree();
});

test("whoever owes is told by mail, in their language: how much, by when, and what a letter costs", async () => {
  const who = await as(yui);
  const page = async (path: string) => (await request(`${guarantor.url}${path}`, "GET", who)).text;
  const mails = await page("/sandbox/mails");
  for (const subject of [
    "A bill: ¥3,600 by",
    "Please pay ¥3,600 by",
    "Your bill is overdue",
    "Your bill is paid",
  ])
    assert.ok(mails.includes(subject), subject);
  const links = [...mails.matchAll(/href="(\/sandbox\/mails\/[0-9a-f-]{36})"/g)].map(([, link = ""]) => link);
  const texts = await Promise.all(links.map(page));
  assert.ok(texts.some((text) => text.includes("A fee of ¥300 was charged for this reminder.")));
  await admin.guarantor.execute(rawSql("update people set language = 'ja'"));
  const inJapanese = (await Promise.all(links.map(page))).join("");
  for (const part of [
    "ご請求",
    "手数料300円を申し受けます",
    "お支払いの期限が過ぎています",
    "お支払いが完了しました",
  ])
    assert.ok(inJapanese.includes(part), part);
  await admin.guarantor.execute(rawSql("update people set language = null"));
});

const inDays = async (count: number) => {
  const { json } = await call("guarantor", "GET", "/v1/test-clock");
  return new Date(Date.parse(String(json["now"])) + count * 86_400_000).toISOString().slice(0, 10);
};

test("instalments: asked for, granted by two, paid one by one; a missed one makes all of it due", async () => {
  const { bill } = await billed(hana, 3000);
  const parts = [
    { by: await inDays(20), amount: 1000 },
    { by: await inDays(50), amount: 2000 },
  ];
  const ask = (body: Json, who = desk, path = "instalments") =>
    call("guarantor", "POST", `/v1/bills/${bill}/${path}`, who, body);
  const short = parts.map((part) => ({ ...part, amount: 1000 }));
  assert.equal((await ask({ parts: short })).code, "amount_mismatch");
  assert.equal((await ask({ parts: parts.toReversed() })).code, "date_out_of_range");
  assert.equal((await ask({ parts }, await as(hana))).status, 403, "nobody grants them to themselves");
  assert.equal((await ask({ parts }, await as(hana), "instalment-requests")).status, 201);
  assert.equal(((await read(bill))["wish"] as Json[]).length, 2);
  const granted = await ask({ parts });
  assert.equal(granted.status, 200, granted.text);
  assert.equal(await stands(bill), "open owed 3000 asked 1000 fees 0 paid 0 given up 0");
  await until("the first is due", async () => (await dueAt(bill)) === "open 1000/1000 kept 0");
  assert.equal((await pay(bill, 3000)).json["code"], "amount_mismatch");
  assert.equal((await pay(bill, 1000)).status, 201);
  await becomes(bill, "open owed 2000 asked 2000 fees 0 paid 1000 given up 0");
  await until("the next is due", async () => (await dueAt(bill)) === "open 2000/3000 kept 0");
  await advance("P30D");
  assert.equal(await line(hana), "overdue used 2000", "until all is paid nothing new is reserved");
  await advance("P22D");
  assert.ok((await told(bill)).includes("whole due"));
  assert.equal(await line(hana), "overdue used 2000");
  assert.equal((await pay(bill, 2000)).status, 201);
  await until("it is paid", async () => (await read(bill))["state"] === "paid");
  await agree();
});

test("a refund by the shop and a deposit by operators pay a bill down; what is too much goes back", async () => {
  const { trade, bill } = await billed(hana, 3000);
  const refund = { amount: 500, reason: "A dent" };
  const back = await call("guarantor", "POST", `/v1/trades/${trade}/refund`, atShop, refund);
  assert.equal(back.status, 200, back.text);
  await sweep();
  assert.equal(await stands(bill), "open owed 2500 asked 2500 fees 0 paid 500 given up 0");
  await until("so much less is due", async () => (await dueAt(bill)) === "open 2500/2500 kept 0");
  const [row] = await admin.guarantor.query<{ account: string }>({
    text: "select account from bills where number = $1",
    values: [BigInt(bill)],
  });
  const paying = pay(bill, 2500);
  const deposit = { id: uuidv7(), kind: "deposit", account: row?.account, amount: 1000, currency: "JPY" };
  const booked = await call("guarantor", "POST", "/v1/transfers", desk, {
    ...deposit,
    reference: "bank 7",
    reason: "It came by bank",
  });
  assert.equal(booked.status, 201, booked.text);
  assert.equal((await paying).status, 201);
  await until("it is paid", async () => (await read(bill))["state"] === "paid");
  await sweep();
  // Either came first: the line owes nothing, and no yen is lost.
  const used = (await line(hana)).split(" ").at(-1);
  const kept = (await dueAt(bill)).split(" ").at(-1);
  assert.equal(Number(kept) - Number(used), 1000, `kept ${kept}, used ${used}`);
  // Where the store was first, the deposit stands on the line, and pays what is owed next: here, and not in the tests after this.
  if (Number(used) < 0) {
    const more = await owes(hana, -Number(used));
    await advance("P22D");
    await claim(more);
    await sweep();
  }
  assert.equal(await line(hana), "active used 0");
  await agree();
});

test("a debt is given up by two operators; the line is closed, and what comes later is less of a loss", async () => {
  const { trade, bill } = await billed(sora, 5000);
  const alone = await fetch(`${guarantor.url}/v1/bills/${bill}/write-off`, {
    method: "POST",
    headers: { ...desk, "content-type": "application/json" },
    body: JSON.stringify({ amount: 5000, reason: "A friend" }),
  });
  assert.equal(alone.status, 403);
  assert.equal(((await alone.json()) as Json)["code"], "four_eyes_required");
  assert.equal(await line(sora), "active used 5000", "one operator gives nothing up");
  const end = (amount: number, reason: string) =>
    call("guarantor", "POST", `/v1/bills/${bill}/write-off`, desk, { amount, reason });
  assert.equal((await end(4000, "Moved away")).code, "amount_mismatch", "two agree to what is owed");
  const gone = await end(5000, "Moved away");
  assert.equal(gone.status, 200, gone.text);
  assert.equal(await stands(bill), "written off owed 0 asked 5000 fees 0 paid 0 given up 5000");
  assert.equal(await line(sora), "closed used 0");
  const losses = async () => {
    const [found] = await admin.guarantor.query<{ posted: bigint }>({
      text: "select posted from accounts where kind = 'losses' and currency = 'JPY'",
      values: [],
    });
    return Number(found?.posted);
  };
  assert.equal(await losses(), -5000);
  await agree();
  const again = await end(5000, "Again");
  assert.equal(again.code, "bill_not_open");
  const refund = { amount: 1000, reason: "A dent" };
  assert.equal((await call("guarantor", "POST", `/v1/trades/${trade}/refund`, atShop, refund)).status, 200);
  await until("the refund is less of a loss", async () => (await losses()) === -4000);
  await until("so much is still to be had", async () => (await dueAt(bill)) === "open 4000/4000 kept 0");
  assert.equal((await pay(bill, 4000)).status, 201);
  await until("nothing is lost", async () => (await losses()) === 0);
  await sweep();
  await agree();
});

test("two processes that look at the same debts make one bill, and charge each step once", async () => {
  const trade = await owes(hana, 700);
  await advance("P22D");
  await claim(trade);
  const { url, schema } = guarantor.place;
  const others = [1, 2, 3].map(() => openDatabase({ url, schema, role: "kenshu_app" }));
  const ground = {
    rules: bills,
    timeZone: "UTC",
    mails: "kept" as const,
    house: houseAccount,
    source: (currency: string) => houseAccount("outside", currency),
    counter: {
      placeFor: () => Promise.resolve(undefined),
      tell: () => Promise.resolve({ how: "unknown" as const }),
    },
  };
  const faults: unknown[] = [];
  const clerks = others.map((database) =>
    createDebts({ database, ground, onError: (error) => faults.push(error) }),
  );
  await Promise.all([...clerks.map((clerk) => clerk.sweep()), sweep()]);
  const open = (await billsOf(hana)).filter(({ state }) => state === "open");
  assert.equal(open.length, 1, JSON.stringify([await billsOf(hana), faults.map(String)]));
  const bill = String(open[0]?.["number"]);
  await advance("P18D");
  await Promise.all([...clerks.map((clerk) => clerk.sweep()), sweep()]);
  assert.equal((await read(bill))["fees"], 100);
  assert.deepEqual(faults, []);
  for (const database of others) await database.close();
  await sweep();
  await until("it is due", async () => (await dueAt(bill)) === "open 800/800 kept 0");
  assert.equal((await pay(bill, 800)).status, 201);
  await until("it is paid", async () => (await read(bill))["state"] === "paid");
  await agree();
});

test("an institution that is away is told when it is back, and what was paid meanwhile elsewhere is not due there", async () => {
  const { bill } = await billed(hana, 1200);
  await until("it is due", async () => (await dueAt(bill)) === "open 1200/1200 kept 0");
  const account = String((await read(bill))["account"]);
  await world.takeInstitutionAway();
  const booked = await call("guarantor", "POST", "/v1/transfers", desk, {
    id: uuidv7(),
    kind: "deposit",
    account,
    amount: 300,
    currency: "JPY",
    reference: "bank 8",
    reason: "It came by bank",
  });
  assert.equal(booked.status, 201, booked.text);
  await until("it is paid down", async () => (await read(bill))["owed"] === 900);
  await world.bringInstitutionBack();
  await until("so much less is due", async () => (await dueAt(bill)) === "open 900/900 kept 0");
  assert.equal((await pay(bill, 900)).status, 201);
  await until("it is paid", async () => (await read(bill))["state"] === "paid");
  await agree();
});

test("pages show what is owed, why, and how it is paid; operators see all of it by age", async () => {
  const { trade, bill } = await billed(hana, 900);
  const who = await as(hana);
  const page = (path: string, as_ = who) => request(`${guarantor.url}${path}`, "GET", as_);
  assert.match((await page("/bills")).text, new RegExp(`data-bill="${bill}"`));
  const shown = await page(`/bills/${bill}`);
  assert.equal(shown.status, 200);
  assert.match(shown.text, new RegExp(`/trades/${trade}`));
  assert.match(shown.text, /¥900/);
  const form = { ...who, "content-type": "application/x-www-form-urlencoded" };
  const asked = await request(
    `${guarantor.url}/bills/${bill}/instalments`,
    "POST",
    form,
    `count=3&key=${uuidv7()}`,
  );
  assert.equal(asked.headers.get("location"), `/bills/${bill}?asked=yes`, asked.text);
  const operator = await signIn(guarantor.url, guarantor.demo.operators[0] ?? assert.fail());
  const debts = await page("/debts", operator);
  assert.match(debts.text, new RegExp(`id="grant-${bill}"`));
  assert.equal((await page("/debts")).status, 403);
  // A mark that looks almost like one of a list is from none.
  for (const mark of ["1_00000000-000000000000000000000000000", `1_${"-".repeat(36)}`, "x"])
    for (const path of ["/debts?after", "/guarantees/list?after", "/guarantees/lines?after"])
      assert.equal((await page(`${path}=${mark}`, operator)).status, 422, `${path}=${mark}`);
  assert.equal((await page(`/bills/${bill}`, await as(yui))).status, 404);
});
