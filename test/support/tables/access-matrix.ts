/**
 * Who may call what, at the server that `access-place.ts` opens: every call of a running server, by every kind of caller, compared with a table. What is refused
 * leaves no trace; what is none of somebody's business does not exist for them.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { rawSql } from "../../../src/storage/database/database.ts";
import { newCollector } from "./access-counters.ts";
import { type CallerName, callers, verdictOf } from "./access-lines.ts";
import { table } from "./access-table.ts";
import { type Known, leastOf, pageForms } from "../wire/corpus.ts";
import { type Operation, operationsOf } from "../wire/described.ts";
import { newPhoto } from "./access-photos.ts";
import { profileBody, reads } from "./access-profiles.ts";
import { leavesNoTrace } from "./fingerprint.ts";
import { approveAsGuest, Visitor } from "../wire/guests.ts";
import { bearer, type Headers, type Json, type Reply, request, signIn } from "../wire/http.ts";
import { startReceiver } from "../wire/receiver.ts";
import { setStage } from "../world/stage.ts";
import { worldPeer } from "../world/world.ts";
import { openPlace, which } from "../world/access-place.ts";
import { mailToBuyer } from "../world/mails.ts";

const receiver = await startReceiver({ after });
const world = await openPlace({ after }, receiver.place);
const { url } = world;
const stage = await setStage(world);
const { ids, admin, post } = stage;
const operations = await operationsOf(url);

const password = "a long password";
const contactOf = (name: string) => ({ email: `${name}@example.com` });

/** A party that an operator has let in. */
async function newParty(kind: string, name: string): Promise<{ id: string; key: string }> {
  const body = { name, contact: contactOf(name), ...(kind === "shops" ? {} : { password }) };
  const id = String((await post(`/v1/${kind}`, admin, body))["id"]);
  return { id, key: String((await post(`/v1/${kind}/${id}/keys`, admin, {}))["key"]) };
}

const tie = { peer: worldPeer.id, state: "abc", challenge: "c".repeat(43) };
const person = { name: "Spare", address: "Kyoto", birthDate: "1990-01-31", contact: { phone: "075-1" } };
const suspended = await newParty("shops", "suspended");
const suspendedsTrade = await proposedBy(bearer(suspended.key));
await post(`/v1/shops/${suspended.id}/suspend`, admin, {});
const provider = await newParty("providers", "provider");
const carrier2 = await newParty("carriers", "carrier2");
const revoked = await post(`/v1/shops/${ids.shop}/keys`, admin, {});
const gone = `${url}/v1/shops/${ids.shop}/keys/${String(revoked["id"])}`;
assert.equal((await request(gone, "DELETE", admin)).status, 204);
const spare = {
  shops: (await newParty("shops", "spare1")).id,
  carriers: (await newParty("carriers", "spare2")).id,
  providers: (await newParty("providers", "spare3")).id,
  operators: String(
    (await post("/v1/operators", admin, { name: "Spare", email: "s@example.com", password }))["id"],
  ),
  member: String(
    (await post("/v1/members", admin, { ...person, contact: contactOf("spare"), password }))["number"],
  ),
};
/** Whoever takes money for dues: at an institution only. */
const collector = which.server === "institution" ? await newCollector(url, admin) : "";
const operatorsId = String((await request(`${url}/v1/sessions`, "GET", stage.operator)).json["id"]);
const otherMember = await request(`${url}/v1/members/${ids.otherMember}?reason=methods`, "GET", admin);
const credit = otherMember.json["methods"] as { id: string }[];
/** A trade that waits for a holder of its link. */
async function proposedBy(shop: Headers): Promise<{ number: string; token: string }> {
  const { number, approveUrl } = await post("/v1/trades", shop, { currency: "JPY", amount: 100 });
  return { number: String(number), token: String(approveUrl).split("/").at(-1) ?? "" };
}

const linked = await proposedBy(stage.shop);
async function guestElsewhere(): Promise<Headers> {
  const order = await post("/v1/trades", stage.otherShop, { currency: "JPY", amount: 100 });
  const visitor = new Visitor();
  const approval = { number: String(order["number"]), approveUrl: String(order["approveUrl"]) };
  const token = world.demo.vouchers[0]?.code ?? "";
  await approveAsGuest(visitor, admin, approval, { email: "guest@example.com", token });
  const name = `kenshu_guest_${new URL(url).port}`;
  return { cookie: `${name}=${visitor.cookies.get(name) ?? ""}` };
}

const link = (token: string): Headers => ({ cookie: `kenshu_link_${new URL(url).port}=${token}` });

const headers: Record<CallerName, Headers> = {
  own: stage.shop,
  other: stage.otherShop,
  suspended: bearer(suspended.key),
  carrier: stage.carrier,
  carrier2: bearer(carrier2.key),
  provider: bearer(provider.key),
  buyer: stage.buyer,
  member2: stage.otherMember,
  guest: which.server === "guarantor" ? {} : await guestElsewhere(),
  invited: link(linked.token),
  operator: stage.operator,
  admin,
  nobody: {},
  revoked: bearer(String(revoked["key"])),
};

const acceptance = { by: ["buyer", "carrier", "shop", "recipient"], need: 1 };
const newTrade = () => stage.newTrade({ provider: provider.id, acceptance });
const trade = await newTrade();

async function newMandate(): Promise<string> {
  const terms = { shop: ids.shop, currency: "JPY", limit: 1000, until: "2031-01-01T00:00:00Z" };
  return String((await post(`/v1/members/${ids.member}/mandates`, stage.buyer, terms))["id"]);
}

async function newConsent(): Promise<string> {
  const terms = { peer: worldPeer.id, method: ids.method, until: "2031-01-01T00:00:00Z" };
  return String((await post("/v1/consents", stage.buyer, terms))["id"]);
}

/** A store of the shop's chain, and an offer that the shop once had from another one's. */
async function newStore(): Promise<void> {
  await post("/v1/chains/stores", stage.shop, { store: spare.shops, postcodes: ["604"] });
}
const oldOffer = randomUUID();
await world.database.execute(
  rawSql(
    `with route as (insert into routes (trade, head, state, due_at)
       values ($1, $2, 'over', kenshu_now()) returning trade, head)
     insert into offers (id, trade, head, store, state, until, offered_at)
     select $3, trade, head, $4, 'withdrawn', kenshu_now(), kenshu_now() from route`,
    [BigInt(trade), spare.shops, oldOffer, ids.shop],
  ),
);

async function newKey(room: string, owner: string): Promise<string> {
  const who = room === "operators" ? stage.operator : admin;
  return String((await post(`/v1/${room}/${owner}/keys`, who, {}))["id"]);
}

const returnUrl = "https://shop.example/back";
await request(`${url}/v1/shops/${ids.shop}/return-urls`, "PUT", admin, { returnUrls: [returnUrl] });

async function newDisclosure(): Promise<{ id: string; token: string }> {
  const terms = { shop: ids.shop, fields: ["name"] };
  const { id, token } = await post(`/v1/members/${ids.member}/disclosures`, stage.buyer, terms);
  return { id: String(id), token: String(token) };
}
let disclosed = await newDisclosure();

/** An endpoint of the trade's shop, or a name for one, since an id is none; or a message to it. */
async function newHook(room: string, method: string): Promise<string> {
  const endpoints = `${url}/v1/webhook-endpoints`;
  const { items } = (await request(endpoints, "GET", stage.shop)).json as { items: { id: string }[] };
  for (const { id } of items) await request(`${endpoints}/${id}`, "DELETE", stage.shop);
  const wish = { url: receiver.url, types: ["*"] };
  const endpoint = String((await post("/v1/webhook-endpoints", stage.shop, wish))["id"]);
  if (room === "webhook-endpoints") return method === "PUT" ? "orders" : endpoint;
  await post(`/v1/webhook-endpoints/${endpoint}/test`, stage.shop, {});
  const sent = (await request(`${url}/v1/webhook-deliveries`, "GET", stage.shop)).json;
  return (sent["items"] as { id: string }[])[0]?.id ?? "";
}

/** Calls that only operators may make change something: those who may, do it to somebody on whom nothing depends. */
const forOperators = ({ name }: Operation): boolean =>
  table[name]?.buyer === 403 && table[name].own === 403 && table[name].carrier !== "yes";

function ownerOf(operation: Operation, changes: boolean): string {
  const [, , room = "", , part = ""] = operation.path.split("/");
  const isSpare = room === "shops" || room === "carriers" || room === "providers" || room === "operators";
  if (isSpare && changes && forOperators(operation)) return spare[room];
  if (room === "collectors") return collector;
  if (room === "operators") return part === "keys" ? operatorsId : spare.operators;
  if (room === "carriers") return ids.carrier;
  return room === "providers" ? provider.id : ids.shop;
}

/** The address of a call, with things in it that are there; `changes` makes new ones, to be used up. */
async function addressOf(operation: Operation, changes: boolean): Promise<string> {
  const { path } = operation;
  const [, version = "", room = "", , part = ""] = path.split("/");
  const owner = ownerOf(operation, changes);
  let id = owner;
  if (room.startsWith("webhook-") && path.includes("{id}")) id = await newHook(room, operation.method);
  if (room === "accounts" || version === "accounts") id = ids.account;
  if (part === "mandates" || version === "mandates") id = changes ? await newMandate() : ids.mandate;
  if (version === "sandbox") id = await mailToBuyer(world.database, trade);
  if (room === "peers") id = world.peer;
  if (path.includes("disclosures/")) disclosed = await newDisclosure();
  if (part === "disclosures") id = disclosed.id;
  if (path === "/disclose") return `${path}?shop=${ids.shop}&return=${encodeURIComponent(returnUrl)}`;
  if (room === "consents" || version === "consents") id = await newConsent();
  if (path === "/tie" && operation.method === "GET") return `/tie?${new URLSearchParams(tie).toString()}`;
  if (room === "offers") id = oldOffer;
  if (path.endsWith("{store}") && changes) await newStore();
  if (part === "methods") id = credit[0]?.id ?? "";
  const ofMember = part === "methods" && path.includes("{id}") ? ids.otherMember : ids.member;
  const memberNumber = changes && forOperators(operation) && part !== "methods" ? spare.member : ofMember;
  const number =
    room === "members" || room === "credit-lines" ? memberNumber : changes ? await newTrade() : trade;
  // A code is there only while somebody is at the door.
  if (/\/(door-code|to-take)$/.test(path)) await post(`/v1/trades/${number}/at-door`, headers.carrier, {});
  const key = path.includes("{key}") ? await newKey(room, owner) : "";
  return path
    .replace("{number}", number)
    .replace("{lender}", ids.shop)
    .replace("{person}", spare.operators)
    .replace("{id}", id)
    .replace("{digest}", path.includes("{digest}") ? await newPhoto(url, number, headers.buyer) : "")
    .replace("{head}", ids.shop)
    .replace("{store}", spare.shops)
    .replace("{key}", key)
    .replace("{peer}", worldPeer.id)
    .replace("{currency}", "JPY")
    .replace(/\{(?:kid|name)\}/, "some-key")
    .replace("{token}", linked.token);
}

const inTwoMonths = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);

const signInBody = { email: "spare2@example.com", password };

function bodyOf({ path, name, body, form }: Operation, caller: CallerName): Json | undefined {
  if (body === undefined) return undefined;
  const known: Known = {
    currency: "JPY",
    amount: 100,
    account: ids.account,
    shop: ids.shop,
    id: randomUUID(),
    peer: worldPeer.id,
    institution: world.peer,
    code: "some-code-of-mine",
    offerFor: "PT10M",
    contact: { phone: "075-1" },
    outcome: "release",
    kind: "deposit",
    by: "PT1S",
    name: "Some name",
    email: `${randomUUID()}@example.com`,
    password,
    key: randomUUID(),
    limit: 500_000,
    url: receiver.url,
  };
  const least = leastOf(body, known);
  if (path.startsWith("/shop/")) return least;
  if (path === "/v1/sessions" || path === "/signin") return signInBody;
  if (name === "POST /v1/trades") {
    // A member reserves before ordering.
    const member = caller === "buyer" ? { earmark: true } : {};
    const shop = "earmark" in member || caller === "operator" || caller === "admin" ? { shop: ids.shop } : {};
    return { ...least, amount: 100, ...shop, ...member };
  }
  if (path === "/v1/chains/stores") return { ...least, store: spare.shops, postcodes: ["604"] };
  if (path.startsWith("/v1/bills/{number}/instalment")) return { parts: [{ by: inTwoMonths, amount: 1 }] };
  if (path === "/v1/trades/batch")
    return { commands: [{ do: "propose", trade: { currency: "JPY", amount: 5 } }] };
  if (path === "/v1/reservations/batch") return { instructions: [{ do: "release", id: randomUUID() }] };
  if (path === "/tie") return { ...tie, method: ids.method, until: inTwoMonths, key: randomUUID() };
  if (path === "/v1/consents" && (caller === "buyer" || caller === "member2"))
    return { ...least, method: ids.method, until: "2031-01-01T00:00:00Z" };
  if (path === "/v1/consents") return { ...least, purpose: "receive", currency: "JPY" };
  const onPage = pageForms(inTwoMonths)[path.split("/").at(-1) ?? ""];
  if (form && onPage !== undefined) return onPage;
  if (name.endsWith("/recipient-session")) return { ...least, code: "12345678" };
  if (name === "POST /v1/disclosures/fetch") return { token: disclosed.token };
  if (path === "/disclose") return { shop: ids.shop, return: returnUrl, name: "yes" };
  if (name.endsWith("/return-address")) return { returnAddress: { name: "Returns", address: "1 Dock Road" } };
  if (name.endsWith("/return-urls")) return { returnUrls: [returnUrl] };
  if (name.endsWith("/revise")) return { amount: 300 };
  if (name === "POST /v1/trades/{number}/refund") return { amount: 1, reason: "x" };
  return least;
}

async function call(operation: Operation, caller: CallerName, address: string): Promise<Reply> {
  const body = profileBody(operation, caller, world.demo) ?? bodyOf(operation, caller);
  const movesAnother = operation.path.endsWith("/email") && (caller === "operator" || caller === "admin");
  const all = operation.form
    ? { ...headers[caller], "content-type": "application/x-www-form-urlencoded" }
    : headers[caller];
  const text = operation.form ? new URLSearchParams(body as Record<string, string>).toString() : body;
  const path = movesAnother ? address.replace(ids.member, spare.member) : address;
  return request(`${url}${path}`, operation.method, all, text);
}

const endsSession = ({ path }: Operation): boolean => /^\/(v1\/sessions|signin|signout|join)$/.test(path);

/** Signs those in again whose session a call has ended. */
async function signInAgain(): Promise<void> {
  const [hana, , yui] = world.demo.members;
  const [operator] = world.demo.operators;
  const [carrier] = world.demo.carriers;
  assert.ok(hana && yui && operator && carrier);
  headers.buyer = await signIn(url, hana);
  headers.member2 = await signIn(url, yui);
  headers.operator = await signIn(url, operator);
  headers.carrier = await signIn(url, carrier);
}

test("every call has its line in the table, and every line its call", () => {
  const described = operations.map(({ name }) => name).filter((name) => !name.startsWith("GET /assets/"));
  const lines = Object.keys(table);
  const missing = described.filter((name) => !lines.includes(name));
  assert.deepEqual(missing, [], "calls without a line in test/support/access-table.ts");
  const idle = lines.filter((name) => !described.includes(name) && !world.elsewhere(name));
  assert.deepEqual(idle, [], "lines without a call");
});

for (const operation of operations.toSorted((a, b) => Number(endsSession(a)) - Number(endsSession(b)))) {
  const cells = world.lines[operation.name] ?? table[operation.name];
  if (cells === undefined) continue;
  test(operation.name, async () => {
    const seen: Partial<Record<CallerName, unknown>> = {};
    const ask = async (name: CallerName, address: string) => {
      const reply = await call(operation, name, address);
      const verdict = verdictOf(reply);
      const fits = verdict === cells[name] || (cells[name] === "idle" && verdict === "yes");
      seen[name] = fits ? cells[name] : `${verdict ?? reply.status}: ${reply.text.slice(0, 200)}`;
    };
    const unwelcome = callers.filter((name) => cells[name] !== "yes");
    if (unwelcome.length > 0) {
      const address = await addressOf(operation, false);
      await leavesNoTrace(world.database, operation.name, async () => {
        for (const name of unwelcome) await ask(name, address);
      });
    }
    for (const name of callers) {
      if (cells[name] === "yes") await ask(name, await addressOf(operation, true));
    }
    if (endsSession(operation)) await signInAgain();
    assert.deepEqual(seen, cells);
  });
}

test("the link to approve a trade lets nobody read or move it over the API", async () => {
  const guest = { name: "Guest", address: "Nara" };
  const wish = { buyer: { guest }, approval: undefined, acceptance: { by: ["buyer"] } };
  const offered = await post("/v1/trades", stage.shop, { currency: "JPY", amount: 100, ...wish });
  const number = String(offered["number"]);
  const holder = link(String(offered["approveUrl"]).split("/").at(-1) ?? "");
  const token = holder["cookie"]?.split("=")[1] ?? "";
  const tampered = link(`${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`);
  const address = `${url}/v1/trades/${number}`;
  for (const [who, reads, approves] of [
    [headers.buyer, 404, 404],
    [headers.member2, 404, 404],
    ...(which.server === "guarantor" ? [] : [[headers.guest, 404, 403] as const]),
    [headers.carrier, 404, 403],
    [headers.other, 404, 403],
    [{}, 401, 401],
    [tampered, 401, 401],
    [holder, 401, 401],
  ] as const) {
    const of = JSON.stringify(who);
    assert.equal((await request(address, "GET", who)).status, reads, of);
    const acted = await request(`${address}/approve`, "POST", who, { version: 1 });
    assert.equal(acted.status, approves, `${of} approves: ${acted.text}`);
  }
});

test("a suspended shop opens no trade, and goes on with those that it has", async () => {
  const who = headers.suspended;
  const refusedTrade = await request(`${url}/v1/trades`, "POST", who, { currency: "JPY", amount: 5 });
  assert.deepEqual([refusedTrade.status, refusedTrade.code], [403, "shop_suspended"]);
  const address = `${url}/v1/trades/${suspendedsTrade.number}`;
  assert.equal((await request(address, "GET", who)).status, 200);
  assert.equal((await request(`${address}/cancel`, "POST", who, {})).status, 200);
});

test("lists hold what is the caller's, and nothing else", async () => {
  const newest = await newTrade();
  for (const name of callers) {
    const reply = await request(`${url}/v1/trades?limit=200`, "GET", headers[name]);
    if (reply.status === 401) continue;
    const mine = ["own", "carrier", "provider", "buyer", "operator", "admin"].includes(name);
    assert.equal(reply.text.includes(`"${newest}"`), mine, name);
    if (name === "other" || name === "carrier2" || name === "member2" || name === "guest") {
      assert.ok(!reply.text.includes(ids.member) && !reply.text.includes(ids.shop), name);
    }
  }
});

test("carrier and provider see neither price nor payer", async () => {
  const payers = await request(`${url}/v1/trades/${trade}`, "GET", headers.buyer);
  for (const shown of [ids.member, "540", "120"]) assert.ok(reads(payers.text, shown), `the buyer: ${shown}`);
  for (const name of ["carrier", "provider"] as const) {
    for (const path of [trade, `${trade}/events`]) {
      const { status, text } = await request(`${url}/v1/trades/${path}`, "GET", headers[name]);
      assert.equal(status, 200);
      const ofMoney = ["amount", "unitAmount", "540", "frozen", "fee"];
      for (const secret of [ids.member, ids.mandate, ids.method, ...ofMoney])
        assert.ok(!reads(text, secret), `${name} reads ${secret} in ${path}: ${text}`);
    }
    const page = await request(`${url}/trades/${trade}`, "GET", headers[name]);
    assert.equal(page.status, 200, `${name}: ${page.text.slice(0, 300)}`);
    // Who is at the door, and tied there to take what is due, is told how much that is.
    const atDoor = /id="taken-form"|name="collected"/.test(page.text);
    for (const secret of [ids.member, ...(atDoor ? [] : ["540"]), "120", "Hana"])
      assert.ok(!reads(page.text, secret), `${name} reads ${secret} on the page`);
  }
});
