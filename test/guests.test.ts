/**
 * Nobody but a guest acts as that guest: not the shop that has proposed the trade and holds the link to approve it, and
 * nobody else who got hold of that link. Over HTTP and the forms, as a shop would try it.
 */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { cookieName } from "../src/edge/http/http.ts";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { makeSeal, openServerSecret } from "../src/storage/identity/identity.ts";
import {
  approveAsGuest,
  assertMovesNothing,
  codeIn,
  confirmAddress,
  guestFields,
  linkIn,
  newestMail,
  type Order,
  Visitor,
  holdsBoth,
} from "./support/wire/guests.ts";
import { request } from "./support/wire/http.ts";
import { setStage } from "./support/world/stage.ts";
import { testKeyring } from "./support/world/vault.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true, log: "debug" });
const { url, database, demo } = world;
const { shop, admin, buyer, post } = await setStage(world);
const shopId = demo.shops[0]?.id ?? "";
const shopsAddress = "orders@shop.example";
await database.execute(rawSql("update parties set email = $2 where id = $1", [shopId, shopsAddress]));

async function proposed(more: object = {}): Promise<Order> {
  const { number, approveUrl } = await post("/v1/trades", shop, {
    currency: "JPY",
    amount: 3000,
    acceptance: { by: ["buyer"] },
    ...more,
  });
  return { number: String(number), approveUrl: String(approveUrl) };
}

async function voucher(): Promise<string> {
  return String((await post("/v1/vouchers", admin, { currency: "JPY", amount: 10_000 }))["code"]);
}

async function state(number: string): Promise<unknown> {
  return (await request(`${url}/v1/trades/${number}`, "GET", shop)).json["state"];
}

/** A trade that a guest has approved, with the browser in which they did, and what the shop still has. */
async function bought(more: object = {}): Promise<{ order: Order; guest: Visitor }> {
  const order = await proposed(more);
  const guest = new Visitor();
  const email = `guest-${order.number}@example.com`;
  await approveAsGuest(guest, admin, order, { email, token: await voucher() });
  return { order, guest };
}

const movesNothing = (visitor: Visitor, number: string, who: string): Promise<void> =>
  assertMovesNothing(visitor, { url, shop, number }, who);

test("what a shop says of its guest is a name and an address, and makes nobody the buyer", async () => {
  const known = { ...guestFields, contact: { email: "x@example.com" }, method: { kind: "prepaid" } };
  for (const guest of [known, { name: "A" }, { name: "A", address: "B", birthDate: "1980-05-05" }]) {
    const order = { currency: "JPY", amount: 3000, buyer: { guest } };
    assert.equal((await request(`${url}/v1/trades`, "POST", shop, order)).code, "invalid_field");
  }
  const said = { name: "Ken <i>Abe", address: "3-3 Osaka" };
  const order = await proposed({ buyer: { guest: said } });
  const trade = await request(`${url}/v1/trades/${order.number}`, "GET", shop);
  assert.deepEqual([trade.json["state"], trade.json["buyer"]], ["proposed", null]);
  const operator = { channel: "phone", reference: "call 1" };
  const spoken = { currency: "JPY", amount: 3000, shop: shopId, buyer: { guest: said } };
  const asked = await request(`${url}/v1/trades`, "POST", admin, { ...spoken, approval: { operator } });
  assert.equal(asked.code, "invalid_field", "an operator's word is for members");

  const guest = new Visitor();
  const opened = await guest.get(order.approveUrl);
  const first = await guest.get(`${url}${opened.headers.get("location")}`);
  assert.ok(!first.text.includes("Osaka"), "a link that was passed on shows no address");
  const page = await confirmAddress(guest, admin, order, "ken@example.com");
  const form = await guest.get(page);
  assert.ok(form.text.includes('value="Ken &lt;i>Abe"') && form.text.includes('value="3-3 Osaka"'));
  assert.ok(form.text.includes("ken@example.com"));
});

test("a shop does not approve as its own guest with what it typed and holds", async () => {
  const { number, approveUrl } = await proposed();
  const hand = new Visitor();
  await hand.get(approveUrl);
  const page = `${url}/trades/${number}/approve`;
  const token = await voucher();
  const typed = { ...guestFields, token, version: "1", key: "own-hand" };
  for (const fields of [typed, { ...typed, email: "any@example.com" }]) {
    const { status } = await hand.post(`${url}/trades/${number}/approve-as-guest`, fields);
    assert.ok(status === 403 || status === 400 || status === 422, `unconfirmed: ${status}`);
  }
  assert.equal((await hand.post(`${url}/trades/${number}/decline`, {})).status, 403);
  // Its own address is no guest's, whatever it is written like, and neither is one by which it signs in.
  for (const email of [shopsAddress, "Orders@Shop.Example", "orders+guest@shop.example"]) {
    const { status, text } = await hand.send(page, "guest-address-form", { email });
    assert.equal(status, 403, text.slice(-500));
  }
  // A code that was sent to somebody else is nothing that can be read here, and few guesses are taken.
  assert.equal((await hand.send(page, "guest-address-form", { email: "real@example.com" })).status, 303);
  const right = codeIn(await newestMail(url, admin, number));
  const statuses = new Set<number>();
  for (let guess = 0; guess < 8; guess += 1) {
    const code = String((Number(right) + 1 + guess) % 100_000_000).padStart(8, "0");
    statuses.add((await hand.send(page, "guest-code-form", { code })).status);
  }
  assert.deepEqual([...statuses], [403, 429]);
  const late = await hand.send(page, "guest-code-form", { code: right });
  assert.equal(late.status, 429, "the right one comes too late");
  assert.equal(await state(number), "proposed");
  // Nor is it without end that other codes are asked for.
  const asked = [];
  for (let turn = 0; turn < 12; turn += 1) {
    const reply = await hand.post(`${url}/trades/${number}/guest-address`, { email: "real@example.com" });
    asked.push(reply.status);
  }
  assert.equal(asked.filter((status) => status === 303).length, 9);
  assert.equal(asked.at(-1), 429);
});

test("a member is not the buyer of a shop that is reached at the same address", async () => {
  const order = await proposed();
  const email = "own@shop.example";
  await database.execute(rawSql("update parties set email = $2 where id = $1", [shopId, email]));
  const application = { ...guestFields, contact: { email }, password: "a long password" };
  const { methodKind: _, ...body } = application;
  await post("/v1/members", {}, body);
  const owner = new Visitor();
  await owner.post(`${url}/signin`, { email, password: "a long password" });
  await owner.get(order.approveUrl);
  const address = `${url}/v1/trades/${order.number}/approve`;
  assert.equal((await request(address, "POST", owner.headers, { version: 1 })).code, "not_allowed");
  const form = await owner.post(`${url}/trades/${order.number}/approve`, { version: "1" });
  assert.equal(form.status, 403);
  await database.execute(rawSql("update parties set email = $2 where id = $1", [shopId, shopsAddress]));
  // The same by telephone, however it is written.
  await database.execute(rawSql("update parties set phone = $2 where id = $1", [shopId, "+81 75-000-1111"]));
  const caller = { email: "caller@elsewhere.example", password: "a long password" };
  const contact = { email: caller.email, phone: "075-000-1111" };
  await post("/v1/members", {}, { ...body, contact, password: caller.password });
  const phoning = new Visitor();
  await phoning.post(`${url}/signin`, caller);
  await phoning.get(order.approveUrl);
  assert.equal((await request(address, "POST", phoning.headers, { version: 1 })).code, "not_allowed");
  await database.execute(rawSql("update parties set phone = null where id = $1", [shopId]));
  assert.equal(await state(order.number), "proposed");
});

test("a code counts in the browser that has asked for it, and for a quarter of an hour", async () => {
  const order = await proposed();
  const [own, other] = [new Visitor(), new Visitor()];
  for (const visitor of [own, other]) await visitor.get(order.approveUrl);
  const page = `${url}/trades/${order.number}/approve`;
  await own.send(page, "guest-address-form", { email: "one@example.com" });
  const code = codeIn(await newestMail(url, admin, order.number));
  const elsewhere = await other.post(`${url}/trades/${order.number}/guest-code`, { code });
  assert.equal(elsewhere.status, 403, "another browser, with the link and the code");
  await other.send(page, "guest-address-form", { email: "two@example.com" });
  assert.equal((await other.send(page, "guest-code-form", { code })).status, 403, "that has one of its own");
  // The secret of a browser is good for the trade for which it was given only.
  const another = await proposed();
  await own.get(another.approveUrl);
  assert.equal((await own.post(`${url}/trades/${another.number}/guest-code`, { code })).status, 403);
  await own.get(order.approveUrl);
  await post("/v1/test-clock/advance", admin, { by: "PT16M" });
  assert.equal(
    (await own.post(`${url}/trades/${order.number}/guest-code`, { code })).status,
    403,
    "too late",
  );
  const form = { ...guestFields, token: await voucher(), version: "1" };
  const approved = await own.post(`${url}/trades/${order.number}/approve-as-guest`, form);
  assert.equal(approved.status, 403);
  assert.equal(await state(order.number), "proposed");
});

test("the link to approve opens nothing after the approval: the shop does not act as its guest", async () => {
  const { order, guest } = await bought();
  const { number, approveUrl } = order;
  const trade = await request(`${url}/v1/trades/${number}`, "GET", shop);
  assert.equal(trade.json["approveUrl"], null);
  const hand = new Visitor();
  await hand.get(approveUrl);
  const shown = await hand.get(`${url}/trades/${number}`);
  assert.equal(shown.status, 303);
  assert.ok(!shown.text.includes("Osaka"));
  await movesNothing(hand, number, "who holds the link to approve");
  // The date of birth, which the shop may well know, is no proof of anything.
  for (let year = 1970; year < 1985; year += 1) {
    const fields = { birthDate: `${year}-05-05`, all: "yes", sure: "yes" };
    const { status } = await hand.post(`${url}/trades/${number}/accept`, fields);
    assert.ok(status === 303 || status === 422, String(status));
  }
  assert.equal(await state(number), "reserved");
  const asked = await guest.send(`${url}/trades/${number}`, "accept-all-form");
  assert.match(asked.text, /id="sure">.*¥3,000/);
  const accepted = await guest.send(`${url}/trades/${number}`, "accept-all-form", { sure: "yes" });
  assert.equal(accepted.headers.get("location"), `/trades/${number}?done=accept`);
  assert.equal(await state(number), "settled");
  await movesNothing(hand, number, "who holds the link to approve, later");
});

test("a guest's link is shown once, stands in the mails to them, and acts in any browser of theirs", async () => {
  const { order, guest } = await bought({ carrier: demo.carriers[0]?.id });
  const { number } = order;
  const page = `${url}/trades/${number}`;
  const first = await guest.get(`${page}?done=approve`);
  const link = /<code>(http[^<]*\/guest\/kb_[^<]*)<\/code>/.exec(first.text)?.[1] ?? "";
  assert.notEqual(link, "", first.text);
  assert.ok(!(await guest.get(`${page}?done=approve`)).text.includes("kb_"), "once");
  assert.equal(linkIn(await newestMail(url, admin, number)), link);
  const mails = await request(`${url}/sandbox/mails`, "GET", { accept: "text/html", ...shop });
  for (const [, id] of mails.text.matchAll(/data-mail="([^"]+)"/g)) {
    const mail = await request(`${url}/sandbox/mails/${id}`, "GET", { accept: "text/html", ...shop });
    assert.ok(mail.status === 200 && !mail.text.includes("kb_"), "the shop's own mails");
  }
  const phone = new Visitor();
  const opened = await phone.get(link);
  assert.deepEqual([opened.status, opened.headers.get("location")], [303, `/trades/${number}`]);
  assert.equal((await phone.get(page)).status, 200);
  const forged = link.replace(/(.)$/, (digit) => (digit === "0" ? "1" : "0"));
  for (const wrong of [forged, link.replace(/_1_/, "_2_"), `${url}/guest/kb_x`])
    assert.equal((await new Visitor().get(wrong)).status, 404, wrong);
  const cancelled = await phone.send(page, "cancel-form", { reason: "changed my mind", sure: "yes" });
  assert.equal(cancelled.headers.get("location"), `/trades/${number}?done=cancel`);
});

test("who has lost the link is sent another to their address, which ends the one before", async () => {
  const { order, guest } = await bought();
  const { number } = order;
  const old = linkIn(await newestMail(url, admin, number));
  const asked = await new Visitor().send(`${url}/link`, "link-form", { number });
  assert.equal(asked.headers.get("location"), "/link?sent=yes");
  const fresh = linkIn(await newestMail(url, admin, number));
  assert.notEqual(fresh, old);
  // Anybody may ask, so nothing ends before it has come to the guest's address; and they are not asked twice at once.
  await new Visitor().post(`${url}/link`, { number });
  assert.equal(linkIn(await newestMail(url, admin, number)), fresh);
  assert.equal((await guest.get(`${url}/trades/${number}`)).status, 200);
  const phone = new Visitor();
  assert.equal((await phone.get(fresh)).status, 303);
  assert.equal((await new Visitor().get(old)).status, 404, "opened, the new one is the only one");
  await movesNothing(guest, number, "a browser with the old link");
  assert.equal((await phone.get(`${url}/trades/${number}`)).status, 200);

  // Who holds the link, and fears that somebody else does too, ends it at once.
  const ended = await phone.send(`${url}/trades/${number}`, "link-form");
  assert.equal(ended.headers.get("location"), "/link?sent=yes");
  assert.equal((await new Visitor().get(fresh)).status, 404);
  await movesNothing(phone, number, "who has ended the link");
  const last = linkIn(await newestMail(url, admin, number));
  assert.equal((await phone.get(last)).status, 303);
  assert.equal((await phone.get(`${url}/trades/${number}`)).status, 200);

  const nobodys = await new Visitor().send(`${url}/link`, "link-form", { number: (await proposed()).number });
  assert.equal(
    nobodys.headers.get("location"),
    "/link?sent=yes",
    "the answer tells nobody whether there is one",
  );
  assert.equal((await new Visitor().send(`${url}/link`, "link-form", { number: "12" })).status, 422);
});

test("a guest comes back by the link in a mail of former times, until it has ended or there was a new one", async () => {
  const { order } = await bought();
  const { number } = order;
  await database.execute(rawSql("delete from guest_links"));
  const seal = makeSeal(await openServerSecret(database, testKeyring), "links in mails");
  const former = (until: number) =>
    `${url}/mail/km_${number}_buyer_${until}_${seal(`mail ${number} buyer ${until}`).toString("hex").slice(0, 40)}`;
  const now = Math.floor(Date.now() / 1000);
  assert.equal((await new Visitor().get(former(now - 1))).status, 404);
  const link = former(now + 86_400);
  const guest = new Visitor();
  const opened = await guest.get(link);
  assert.match(opened.headers.get("location") ?? "", /^\/guest\/kb_/);
  await guest.get(`${url}${opened.headers.get("location")}`);
  assert.equal((await guest.get(`${url}/trades/${number}`)).status, 200);
  await guest.send(`${url}/trades/${number}`, "link-form");
  assert.equal((await new Visitor().get(link)).status, 404, "a new one ends that one, too");
  await guest.get(linkIn(await newestMail(url, admin, number)));
  const cancelled = await guest.send(`${url}/trades/${number}`, "cancel-form", { reason: "x", sure: "yes" });
  assert.equal(cancelled.status, 303);
  const later = link.replace(`_${now + 86_400}_`, `_${now + 86_500}_`);
  assert.equal((await new Visitor().get(later)).status, 404);
});

test("a shop does not accept as the recipient: no mail to an address that it told holds the link", async () => {
  const own = "warehouse@shop.example";
  const { order, guest } = await bought({
    acceptance: { by: ["buyer", "recipient"] },
    recipient: { name: "Aki", address: "2-2 Kyoto", contact: { email: own } },
  });
  const { number } = order;
  await post(`/v1/trades/${number}/ship`, shop, {});
  const html = { accept: "text/html", ...admin };
  const list = await request(`${url}/sandbox/mails`, "GET", html);
  const ids = [...list.text.matchAll(/data-mail="([^"]+)" data-trade="([0-9]+)" data-reader="recipient"/g)];
  const [, id = ""] = ids.find(([, , trade]) => trade === number) ?? [];
  const mail = await request(`${url}/sandbox/mails/${id}`, "GET", html);
  assert.ok(mail.text.includes(own), mail.text);
  assert.ok(!/kg_|km_|kb_/.test(mail.text), "the mail that the shop gets by its own address");
  const told = await request(`${url}/v1/trades/${number}/recipient-link`, "GET", shop);
  assert.deepEqual([told.json["link"], String(told.json["code"]).length], [null, 8]);
  const code = String(told.json["code"]);
  const hand = new Visitor();
  assert.equal((await hand.post(`${url}/gift`, { number, giftCode: code })).status, 200, "it may look");
  for (const act of ["accept", "reject", "deliver", "send-back"]) {
    const { status, headers } = await hand.post(`${url}/gifts/${number}/${act}`, { giftCode: code });
    assert.deepEqual([status, headers.get("location")], [303, "/gift"], act);
  }
  const session = await request(
    `${url}/v1/trades/${number}/recipient-session`,
    "POST",
    {},
    { link: "kg_1", code },
  );
  assert.equal(session.code, "recipient_code_invalid");
  assert.equal(await state(number), "reserved");

  // The buyer has the link, and gives it to the recipient, who has the code from the parcel.
  const page = await guest.get(`${url}/trades/${number}`);
  const link = /id="recipient-link">([^<]+)</.exec(page.text)?.[1] ?? "";
  const recipient = new Visitor();
  await recipient.get(link);
  await recipient.send(`${url}/gifts/${number}`, "gift-code-form", { giftCode: code });
  const accepted = await recipient.send(`${url}/gifts/${number}`, "accept-all-form", { sure: "yes" });
  assert.equal(accepted.headers.get("location"), `/gifts/${number}?done=accept`, accepted.text);
  assert.equal(await state(number), "settled");
});

test("a guest comes for a second trade, and a member takes what was meant for a guest", async () => {
  const { order: first, guest } = await bought();
  const second = await proposed();
  await approveAsGuest(guest, admin, second, { email: "again@example.com", token: await voucher() });
  assert.equal(await state(second.number), "reserved");
  await holdsBoth(guest, url, first, second);
  assert.deepEqual([await state(first.number), await state(second.number)], ["settled", "reserved"]);
  const third = await proposed({ buyer: { guest: { name: "A", address: "B" } } });
  const token = third.approveUrl.split("/").at(-1) ?? "";
  const headers = { cookie: `${buyer["cookie"]}; ${cookieName(url, "kenshu_link")}=${token}` };
  const approved = await request(`${url}/v1/trades/${third.number}/approve`, "POST", headers, { version: 1 });
  assert.deepEqual([approved.status, approved.json["buyer"]], [200, { member: demo.members[0]?.number }]);
});

test("a guest of former times who gave no address keeps their link: a new one would reach nobody", async () => {
  const { order, guest } = await bought();
  await database.execute(
    rawSql("update people set email = null where id = (select buyer from trades where number = $1)", [
      BigInt(order.number),
    ]),
  );
  assert.equal((await guest.send(`${url}/trades/${order.number}`, "link-form")).status, 403);
  assert.equal((await guest.get(`${url}/trades/${order.number}`)).status, 200);
});

test("what a shop's guest of former times had not paid for is an open proposal again", async () => {
  const order = await proposed({ amount: 90_000_000 });
  const first = new Visitor();
  const page = await confirmAddress(first, admin, order, "first@example.com");
  const refused = await first.send(page, "guest-form", { ...guestFields, methodKind: "deposit" });
  assert.equal(refused.status, 402, refused.text);
  assert.equal(await state(order.number), "refused");
  const folder = new URL("../../sql/trading/", import.meta.url);
  const name = (await readdir(folder)).find((file) => file.endsWith("_guests.sql")) ?? "";
  const migration = await readFile(new URL(name, folder), "utf8");
  await database.execute(rawSql(migration.slice(migration.lastIndexOf("update trades"))));
  const before = new Visitor();
  const held = cookieName(url, "kenshu_guest");
  before.cookies.set(held, first.cookies.get(held) ?? "");
  await movesNothing(before, order.number, "who was entered before");
  const { json } = await request(`${url}/v1/trades/${order.number}`, "GET", shop);
  assert.deepEqual([json["state"], json["buyer"], json["approveUrl"]], ["refused", null, order.approveUrl]);
  await confirmAddress(new Visitor(), admin, order, "second@example.com");
});

test("no link and no code stands in the log", async () => {
  const log = await world.log();
  assert.match(log, /"\/guest\/-"/);
  for (const secret of ["kb_", "km_", "kq_", "kt_", "kg_"]) assert.ok(!log.includes(secret), secret);
});
