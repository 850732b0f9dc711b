/** The settings and the money of a shop at the desk: the calls of the API behind forms, what is shown once, days that add up. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, request, signIn } from "./support/wire/http.ts";
import { filledIn, formsIn, saidBy } from "./support/wire/forms.ts";
import { rawSql } from "../src/storage/database/database.ts";
import { startReceiver } from "./support/wire/receiver.ts";
import { clerkAt } from "./support/world/shop-clerk.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const receiver = await startReceiver({ after });
const world = await startWorld(
  { after },
  { durable: false, sandbox: true, operators: "one", webhooksMayReach: [receiver.place] },
);
const { url } = world;
const stage = await setStage(world);
/** A shop without a system of its own: its people sign in. */
const nishi = { name: "Nishi", contact: { email: "nishi@example.com" }, password: "leaves in the west wind" };
const { id } = await stage.post("/v1/shops", stage.admin, nishi);
const who = await signIn(url, { email: nishi.contact.email, password: nishi.password });
const clerk = clerkAt(url, who);
const here = "/shop/settings";
const saved = (reply: { status: number; headers: Headers; text: string }) =>
  assert.deepEqual(
    [reply.status, reply.headers.get("location")],
    [303, `${here}?done=yes`],
    saidBy(reply.text),
  );
const own = async () => (await request(`${url}/v1/shops/${String(id)}`, "GET", who)).json;

test("whoever signs in for a shop is led to its desk, from the lists and the orders that others have", async () => {
  const order = await stage.post("/v1/trades", who, { currency: "JPY", amount: 100 });
  const number = String(order["number"]);
  for (const [from, to] of [
    ["/trades", "/shop"],
    [`/trades/${number}`, `/shop/orders/${number}`],
  ] as const)
    assert.equal((await request(`${url}${from}`, "GET", who)).headers.get("location"), to);
  const { text } = await clerk.look("/shop");
  for (const place of ["/shop", "/shop/money", "/shop/settings"])
    assert.ok(text.includes(`href="${place}"`), place);
});

test("where goods go back to, where buyers come back to, and how the shop is listed", async () => {
  const place = { name: "Nishi", address: "1 West Street", phone: "０７５-1" };
  saved(await clerk.press(here, "return-address-form", place));
  const { since: _, ...kept } = (await own())["returnAddress"] as Json;
  assert.deepEqual(kept, { name: "Nishi", address: "1 West Street", phone: "075-1" });
  const wrong = await clerk.press(here, "return-urls-form", { urls: "http://nishi.example/back" });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /http:\/\/nishi\.example\/back/, "what was typed stays typed");
  saved(
    await clerk.press(here, "return-urls-form", {
      urls: "https://nishi.example/back\nhttps://nishi.example/in",
    }),
  );
  saved(await clerk.press(here, "unique-form", { unique: "yes" }));
  const { returnUrls, uniqueReferences } = await own();
  assert.deepEqual(returnUrls, ["https://nishi.example/back", "https://nishi.example/in"]);
  assert.equal(uniqueReferences, true);
  saved(await clerk.press(here, "list-form", { url: "https://nishi.example/in", sentence: "Leaves" }));
  saved(await clerk.press(here, "unlist-form"));
});

test("a key is shown once to whoever has just signed in, works, and ends when that is said twice", async () => {
  const made = await clerk.press(here, "make-key-form", { label: "Till" });
  assert.equal(made.status, 200, saidBy(made.text));
  const key = /id="the-secret">(ks_[^<]+)</.exec(made.text)?.[1] ?? "";
  assert.ok(!(await clerk.look(here)).text.includes(key), "it stands nowhere else");
  const reads = () => request(`${url}/v1/trades`, "GET", bearer(key));
  assert.equal((await reads()).status, 200);
  const form = formsIn((await clerk.look(here)).text).find((each) => each.id.startsWith("revoke-key-"));
  assert.ok(form);
  const question = await clerk.press(here, form.id);
  assert.match(saidBy(question.text), /the key Till is refused/);
  assert.equal((await reads()).status, 200);
  saved(await clerk.agree(here, form.id, {}, /Till/));
  assert.equal((await reads()).status, 401);
  const byKey = await request(
    `${url}${here}/make-key`,
    "POST",
    { ...stage.shop, origin: url, "content-type": "application/x-www-form-urlencoded" },
    "label=x",
  );
  assert.equal(byKey.status, 403, "a key makes no key here");
  assert.match(byKey.text, /href="\/signin\?next=\/shop\/settings"/);
});

test("an endpoint is added with its secret shown once, tried, told again, and taken away when that is said twice", async () => {
  const wrong = await clerk.press(here, "add-hook-form", { url: "http://10.0.0.1/", types: "*" });
  assert.equal(wrong.status, 422);
  const added = await clerk.press(here, "add-hook-form", {
    url: receiver.url,
    types: "trade.proposed, trade.cancelled",
  });
  const secret = /id="the-secret">([^<]+)</.exec(added.text)?.[1];
  assert.ok(secret?.startsWith("whsec_"), saidBy(added.text));
  const formOf = async (act: string) =>
    formsIn((await clerk.look(here)).text).find((each) => each.id.startsWith(act))?.id ?? assert.fail(act);
  saved(await clerk.press(here, await formOf("test-hook-")));
  saved(await clerk.press(here, await formOf("resend-")));
  const rotated = await clerk.agree(here, await formOf("rotate-hook-"), {}, /new one be made for/);
  assert.notEqual(/id="the-secret">([^<]+)</.exec(rotated.text)?.[1] ?? secret, secret);
  saved(await clerk.agree(here, await formOf("drop-hook-"), {}, /Nothing is sent to/));
  assert.match(await clerk.reads(here), /No address yet/);
});

test("a yes that is pressed twice makes one new secret, and takes a key away once", async () => {
  const headers = { ...who, "content-type": "application/x-www-form-urlencoded", origin: url };
  const yesTo = async (act: string) => {
    const form = formsIn((await clerk.look(here)).text).find((each) => each.id.startsWith(act));
    const { text } = await clerk.press(here, form?.id ?? assert.fail(act));
    const yes = formsIn(text).find(({ id }) => id.startsWith("sure-")) ?? assert.fail(saidBy(text));
    const fields = new URLSearchParams(filledIn(yes, {})).toString();
    return () => request(`${url}${yes.action}`, "POST", headers, fields);
  };
  await clerk.press(here, "add-hook-form", { url: receiver.url, types: "trade.proposed" });
  const rotates = await yesTo("rotate-hook-");
  assert.match((await rotates()).text, /id="the-secret">whsec_/);
  saved(await rotates());
  await clerk.press(here, "make-key-form", { label: "Till" });
  const revokes = await yesTo("revoke-key-");
  saved(await revokes());
  saved(await revokes());
  saved(await (await yesTo("drop-hook-"))());
});

test("a store is invited, agrees at its own desk, and leaves", async () => {
  const add = await clerk.press(here, "add-store-form", { store: stage.ids.shop, postcodes: "604, 605" });
  saved(add);
  saved(await clerk.press(here, "answer-within-form", { offerFor: "１０" }));
  assert.match((await clerk.look(here)).text, /name="offerFor"[^>]*value="10"/);
  const store = clerkAt(url, stage.shop);
  saved(await store.press(here, `agree-${String(id)}-form`));
  assert.match(await clerk.reads(here), /has agreed/);
  saved(await store.press(here, `leave-${String(id)}-form`));
  assert.match(await clerk.reads(here), /No stores/);
});

test("what is open and what moved today add up, on the page and in the table, and go to the orders", async () => {
  const shop = clerkAt(url, stage.shop);
  const paid = await stage.newTrade();
  await stage.post(`/v1/trades/${paid}/accept`, stage.buyer, {});
  await stage.post(`/v1/trades/${paid}/refund`, stage.shop, { amount: 40, reason: "x" });
  await stage.newTrade();
  const said = await shop.reads("/shop/money");
  assert.match(said, /To be sent \(1\) ¥540 Frozen ¥540/);
  assert.match(
    said,
    /Left to you ¥500 Newly frozen ¥1,080 Paid ¥540 Given free ¥0 Paid back ¥40 Fees ¥0/,
    "what another test froze here is counted, too",
  );
  const table = await request(`${url}/shop/money/days.csv`, "GET", stage.shop);
  assert.equal(table.status, 200);
  assert.match(table.type, /^text\/csv/);
  const rows = table.text
    .trim()
    .split("\r\n")
    .map((row) => row.split(",").slice(2).join());
  assert.deepEqual(rows.slice(1), [`${paid},paid,JPY,540,0`, `${paid},paid back,JPY,-40,0`]);
  const wrong = await request(`${url}/shop/money?from=2026-01-01&to=2027-01-01`, "GET", stage.shop);
  assert.equal(wrong.status, 422);
  assert.ok(
    !(await clerk.reads("/shop/money")).includes("540"),
    "another shop's money is none of this one's",
  );
});

test("a day with more than a table holds is refused as a table, and its refunds stand on the page", async () => {
  // As if ten thousand things had happened to orders on this day before.
  const many = `insert into party_events (party, position, trade, number, seq, upto)
    select party, position - nth, trade, number, 1, 1 from (select * from party_events where party = '${stage.ids.shop}'
      order by position limit 1) first, generate_series(1, 10000) nth returning position`;
  const made = await world.database.query<{ position: bigint }>(rawSql(many));
  assert.equal(made.length, 10_000);
  const table = await request(`${url}/shop/money/days.csv`, "GET", stage.shop);
  assert.equal(table.status, 422);
  assert.doesNotMatch(table.text, /paid/);
  const said = await clerkAt(url, stage.shop).reads("/shop/money");
  assert.match(said, /Refunds in these days [0-9 ]+ ¥40/);
  assert.doesNotMatch(said, /These are the latest/);
  await world.database.execute(
    rawSql(
      `delete from party_events where party = '${stage.ids.shop}' and position = any('{${made.map(({ position }) => position).join()}}')`,
    ),
  );
});

test("each sum of a day leads to its orders, which nobody else's money is among", async () => {
  const page = await request(`${url}/shop/money`, "GET", stage.shop);
  const links = [...page.text.matchAll(/href="(\/shop\/money\/orders\?[^"]+)"/g)].map(([, href = ""]) =>
    href.replaceAll("&amp;", "&"),
  );
  assert.deepEqual(
    links.map((link) => new URLSearchParams(link.split("?")[1]).get("kind")),
    ["frozen", "settled", "refunded"],
    "nothing was given free, and so leads nowhere",
  );
  const behind = async (link: string, by = stage.shop) => {
    const { status, text } = await request(`${url}${link}`, "GET", by);
    assert.equal(status, 200, link);
    return [...text.matchAll(/data-trade="([0-9]+)"/g)].map(([, number = ""]) => number);
  };
  const [frozen = "", settled = "", refunded = ""] = links;
  const [paid, ...others] = await behind(settled);
  assert.deepEqual([others, await behind(refunded)], [[], [paid]]);
  assert.ok((await behind(frozen)).includes(paid ?? ""));
  assert.deepEqual(await behind(frozen, who), [], "another shop's");
  const carrier = await request(`${url}/shop/money/orders`, "GET", stage.carrier);
  assert.equal(carrier.status, 403, "who may not look is told so, whatever they ask");
  for (const [asked, status] of [
    ["", 422],
    ["kind=fees&currency=JPY&day=2026-11-22", 422],
    ["kind=settled&currency=yen&day=2026-11-22", 422],
    ["kind=settled&currency=JPY&day=2026-02-30", 422],
    ["kind=settled&currency=JPY&day=2026-11-22&after=x", 422],
    ["kind=settled&currency=JPY&day=2026-11-22&more=1", 422],
    ["kind=settled&currency=JPY&day=0001-01-01", 200],
  ] as const)
    assert.equal(
      (await request(`${url}/shop/money/orders?${asked}`, "GET", stage.shop)).status,
      status,
      asked,
    );
});

test("what outlives a session, or leads goods and customers elsewhere, takes who has signed in just now, or a key", async () => {
  const shop = `/v1/shops/${String(id)}`;
  const byKey = bearer(String((await stage.post(`${shop}/keys`, who, {}))["key"]));
  const hook = await stage.post("/v1/webhook-endpoints", byKey, { url: receiver.url, types: ["*"] });
  const place = { name: "Elsewhere", address: "2 East Street" };
  const calls: [string, "POST" | "PUT", Json][] = [
    [`${shop}/keys`, "POST", {}],
    [`${shop}/return-address`, "PUT", { returnAddress: place }],
    [`${shop}/return-urls`, "PUT", { returnUrls: ["https://elsewhere.example/in"] }],
    ["/v1/webhook-endpoints", "POST", { url: receiver.url, types: ["*"] }],
    ["/v1/webhook-endpoints/mine", "PUT", { url: receiver.url, types: ["*"] }],
    [`/v1/webhook-endpoints/${String(hook["id"])}/rotate`, "POST", {}],
  ];
  await world.database.execute(rawSql("update sessions set created_at = created_at - interval '16 minutes'"));
  for (const [path, method, body] of calls) {
    const { status, json } = await request(`${url}${path}`, method, who, body);
    assert.deepEqual([status, json["code"]], [403, "not_allowed"], path);
  }
  const rotate = `rotate-hook-${String(hook["id"])}-form`;
  for (const form of ["make-key-form", "add-hook-form", "return-urls-form", rotate])
    assert.match((await clerk.press(here, form)).text, /id="sign-in-anew"/, form);
  const kept = await clerk.press(here, "return-address-form", place);
  assert.equal(kept.status, 403);
  assert.match(kept.text, /value="Elsewhere"/, "what was typed stays typed");
  const { returnAddress } = await own();
  assert.equal((returnAddress as Json)["name"], "Nishi");
  for (const [path, method, body] of calls)
    assert.ok((await request(`${url}${path}`, method, byKey, body)).status < 300, path);
  saved(await clerk.press(here, "unique-form", { unique: "yes" }));
});
