/** Advances and chains between a real facilitator and a real institution: what moves is in the institution's ledger. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { kenshu } from "@kenshu/sdk";
import {
  bearer,
  type Headers,
  type Json,
  type Reply,
  request,
  signIn,
} from "../../../test/support/wire/http.ts";
import { type Fields, filledIn, formsIn, saidBy } from "../../../test/support/wire/forms.ts";
import { clerkAt } from "../../../test/support/world/shop-clerk.ts";
import { openPair } from "../../../test/support/world/pair.ts";
import { auditAdvances } from "../../engines/trades/trades.ts";
import { rawSql } from "../../storage/database/database.ts";
import { audit } from "../../storage/ledger/ledger.ts";

const pair = await openPair({ after });
const { facilitator, admin } = pair;
const [shop, other] = facilitator.demo.shops;
const [hana] = facilitator.demo.members;
if (!shop || !other || !hana) throw new Error("No demo.");
const [atShop, atOther] = [bearer(shop.key), bearer(other.key)];

const call = (method: string, path: string, who: Headers, body?: Json): Promise<Reply> =>
  request(`${facilitator.url}${path}`, method, who, body);
const told = ({ json }: Reply) =>
  json["code"] ?? `${String(json["state"])} ${String(json["frozen"])}/${String(json["settled"])}`;

/** The standing of the shop: two operators say from when it is paid early. */
async function standing(paidEarly: string): Promise<void> {
  const at = `/v1/shops/${shop?.id}/standing`;
  const asked = await call("PUT", at, bearer(facilitator.demo.adminKey), { paidEarly, reason: "known" });
  assert.equal(asked.status, 200, asked.text);
  assert.equal(asked.json["paidEarly"], paidEarly);
}

async function reserved(more: Json = {}): Promise<string> {
  const approval = { mandate: hana?.mandates[shop?.key ?? ""] };
  const order = { buyer: { member: hana?.number }, currency: "JPY", amount: 1000, approval };
  const reply = await call("POST", "/v1/trades", atShop, {
    ...order,
    acceptance: { by: ["buyer", "shop"], need: 1 },
    ...more,
  });
  assert.equal(told(reply), "reserved 1000/0", reply.text);
  return String(reply.json["number"]);
}

/** Yen in the account that a shop, or the facilitator for itself, has at the institution. */
async function yen(owner: { name: string } | "own"): Promise<number> {
  const find =
    owner === "own"
      ? "select account from consents where own and currency = 'JPY'"
      : "select a.account from shop_accounts a join parties p on p.id = a.shop where p.name = $1 and a.currency = 'JPY'";
  const rows = await admin.institution.query<{ posted: bigint }>(
    rawSql(`select posted from accounts where id in (${find})`, owner === "own" ? [] : [owner.name]),
  );
  assert.equal(rows.length, 1);
  return Number(rows[0]?.posted);
}

async function proven(): Promise<void> {
  assert.deepEqual((await audit(admin.institution)).differences, []);
  assert.deepEqual((await auditAdvances(admin.facilitator)).differences, []);
  assert.deepEqual((await pair.reconcile(true)).breaks, []);
}

async function until(path: string, ready: (reply: Reply) => boolean): Promise<Reply> {
  for (let look = 0; look < 600; look += 1) {
    const reply = await call("GET", path, atShop);
    if (ready(reply)) return reply;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail(`${path} does not come to it.`);
}

test("nobody is paid early on a trade that the buyer can still call off", async () => {
  const [carrier] = facilitator.demo.carriers;
  if (carrier === undefined) throw new Error("No carrier.");
  const number = await reserved({ carrier: carrier.id, acceptance: { by: ["buyer"] } });
  const path = `/v1/trades/${number}`;
  const [before, own] = [await yen(shop), await yen("own")];
  const advance = () => call("POST", `${path}/advance`, atShop, {});
  assert.equal(told(await advance()), "not_seen_shipped");
  assert.equal(told(await call("POST", `${path}/ship`, atShop, {})), "reserved 1000/0");
  const refused = await advance();
  assert.deepEqual(
    [told(refused), refused.status, refused.json["transient"]],
    ["not_seen_shipped", 409, true],
  );
  assert.deepEqual([await yen(shop), await yen("own")], [before, own], "no money has moved");
  const byCarrier = await signIn(facilitator.url, carrier);
  assert.equal((await call("POST", `${path}/ship`, byCarrier, {})).status, 200);
  const atHana = await signIn(facilitator.url, hana);
  assert.equal(told(await call("POST", `${path}/cancel`, atHana, {})), "already_shipped");
  assert.equal((await advance()).status, 200);
  assert.deepEqual([await yen(shop), await yen("own")], [before + 970, own - 970]);
  assert.equal(told(await call("POST", `${path}/accept`, atHana, {})), "settled 0/1000");
  await proven();
});

test("a trade that the buyer calls off has brought the shop nothing", async () => {
  const number = await reserved();
  const before = await yen(shop);
  assert.equal(told(await call("POST", `/v1/trades/${number}/advance`, atShop, {})), "not_seen_shipped");
  const atHana = await signIn(facilitator.url, hana);
  assert.equal(told(await call("POST", `/v1/trades/${number}/cancel`, atHana, {})), "cancelled 0/0");
  assert.equal(await yen(shop), before);
  await proven();
});

test("at the desk, the yes to being paid early is to the price that was shown, and to no other", async () => {
  await standing("always");
  const number = await reserved();
  const before = await yen(shop);
  const clerk = clerkAt(facilitator.url, atShop);
  const question = await clerk.press(`/shop/orders/${number}`, "advance-form");
  const yes = formsIn(question.text).find(({ id }) => id === "sure-advance-form") ?? assert.fail();
  const press = (typed: Fields) =>
    request(
      `${facilitator.url}${yes.action}`,
      "POST",
      { ...atShop, "content-type": "application/x-www-form-urlencoded", origin: facilitator.url },
      new URLSearchParams({ ...filledIn(yes, {}), ...typed }).toString(),
    );
  const other = await press({ price: "20" });
  assert.equal(other.status, 200);
  assert.match(saidBy(other.text), /¥970.*¥30/, "it is asked again, at the price that holds now");
  assert.equal(await yen(shop), before);
  for (let twice = 0; twice < 2; twice += 1) assert.equal((await press({})).status, 303);
  assert.equal(await yen(shop), before + 970);
  assert.equal(told(await call("POST", `/v1/trades/${number}/accept`, atShop, {})), "settled 0/1000");
  await proven();
});

test("a shop is paid early from the facilitator's own account, and its settlement goes there", async () => {
  await standing("always");
  const number = await reserved();
  const [before, own] = [await yen(shop), await yen("own")];
  const paid = await call("POST", `/v1/trades/${number}/advance`, atShop, {});
  assert.deepEqual(paid.json["advance"], { amount: 1000, price: 30, paid: 970, recovered: 0, owed: 0 });
  assert.deepEqual([await yen(shop), await yen("own")], [before + 970, own - 970]);
  assert.equal(told(await call("POST", `/v1/trades/${number}/accept`, atShop, {})), "settled 0/1000");
  assert.deepEqual([await yen(shop), await yen("own")], [before + 970, own + 30]);
  const transfers = await admin.institution.query(
    rawSql("select amount from peer_transfers where trade_number = $1", [number]),
  );
  assert.deepEqual(transfers, [{ amount: 970n }]);
  const client = kenshu({ url: facilitator.url, headers: atShop });
  const bought = [];
  for await (const claim of client.advances.list()) if (claim.trade === number) bought.push(claim.recovered);
  assert.deepEqual(bought, [1000]);
  const sums = await client.advances.accounts();
  assert.ok(sums.outcome === "done" && sums.accounts.some(({ currency }) => currency === "JPY"));
  await proven();
});

test("what is accepted later begins the buyer's time anew, so nothing of it goes to the facilitator before", async () => {
  const lines = [{ name: "Cup", quantity: 2, unitAmount: 500 }];
  const number = await reserved({ amount: 1000, lines, coolingOff: "P14D", acceptance: { by: ["buyer"] } });
  const path = `/v1/trades/${number}`;
  const [before, own] = [await yen(shop), await yen("own")];
  assert.equal((await call("POST", `${path}/advance`, atShop, {})).status, 200);
  const atHana = await signIn(facilitator.url, hana);
  const piece = { lines: [{ line: 1, quantity: 1 }] };
  assert.equal(told(await call("POST", `${path}/accept`, atHana, piece)), "delivered 1000/0");
  assert.equal(told(await call("POST", `${path}/accept`, atHana, piece)), "accepted 1000/0");
  const withdrawn = await call("POST", `${path}/withdraw`, atHana, { ...piece, reason: "not mine" });
  assert.equal(withdrawn.status, 200, withdrawn.text);
  assert.equal((await call("POST", `${path}/send-back`, atHana, piece)).status, 200);
  const back = await call("POST", `${path}/return`, atShop, piece);
  assert.deepEqual([back.json["frozen"], back.json["released"], back.json["refunded"]], [500, 500, 0]);
  assert.deepEqual(
    [await yen(shop), await yen("own")],
    [before + 970, own - 970],
    "nobody has been paid yet",
  );
  await proven();
});

test("an advance whose institution is away is unknown, and is made once", async () => {
  const number = await reserved();
  const before = await yen(shop);
  await pair.takeInstitutionAway();
  const asked = await call("POST", `/v1/trades/${number}/advance`, { ...atShop, "idempotency-key": "a" }, {});
  assert.equal(asked.status, 202, asked.text);
  assert.equal(asked.json["advance"], null);
  assert.equal((await call("GET", "/v1/advances", atShop)).json["items"] instanceof Array, true);
  await pair.bringInstitutionBack();
  const path = `/v1/trades/${number}`;
  await until(path, ({ json }) => json["pending"] === null && json["advance"] !== null);
  const again = await call("POST", `${path}/advance`, { ...atShop, "idempotency-key": "a" }, {});
  assert.equal(again.status, 200, again.text);
  assert.equal(await yen(shop), before + 970);
  // What was bought and is then cancelled, the next settlement brings back.
  assert.equal(told(await call("POST", `${path}/cancel`, atShop, {})), "cancelled 0/0");
  const next = await reserved();
  const own = await yen("own");
  assert.equal(told(await call("POST", `/v1/trades/${next}/accept`, atShop, {})), "settled 0/1000");
  assert.deepEqual([await yen(shop), await yen("own")], [before + 970, own + 1000]);
  const { accounts } = (await call("GET", "/v1/advances", atShop)).json as { accounts: Json[] };
  const [account] = accounts;
  assert.deepEqual([account?.["owed"], account?.["covered"]], [0, 1000]);
  assert.deepEqual(
    ((account?.["debts"] ?? []) as Json[]).map(({ owed, covered }) => [owed, covered]),
    [[0, 1000]],
    "at the one institution there is",
  );
  await proven();
});

test("a store takes an order of its chain, and the institution pays it", async () => {
  const store = { store: other.id, postcodes: ["604"] };
  const never = { ...store, hours: { opens: "09:00", closes: "09:00" } };
  assert.equal(told(await call("POST", "/v1/chains/stores", atShop, never)), "invalid_field");
  const invited = await call("POST", "/v1/chains/stores", atShop, store);
  assert.deepEqual([invited.status, invited.json["state"]], [201, "invited"]);
  const listed = await call("GET", `/v1/chains/${shop.id}/stores`, atShop);
  assert.equal(listed.json["offerFor"], "PT10M");
  // Nobody asks a store that has not agreed, and nobody but itself agrees.
  const unasked = await reserved({ route: { postcode: "604-8004" } });
  const soon = { by: "PT5S" };
  const clock = bearer(facilitator.demo.adminKey);
  assert.equal((await call("POST", "/v1/test-clock/advance", clock, soon)).status, 200);
  assert.deepEqual((await call("GET", "/v1/offers", atOther)).json["items"], []);
  assert.equal(told(await call("POST", `/v1/trades/${unasked}/cancel`, atShop, {})), "cancelled 0/0");
  const agree = `/v1/chains/${shop.id}/agree`;
  assert.equal((await call("POST", agree, atShop, {})).code, "not_found");
  assert.equal((await call("POST", agree, clock, {})).code, "not_allowed");
  const asked = (await call("GET", "/v1/chains", atOther)).json["items"] as Json[];
  assert.deepEqual([asked[0]?.["chain"], asked[0]?.["state"]], [shop.id, "invited"]);
  assert.equal((await call("POST", agree, atOther, {})).json["state"], "agreed");
  const changed = await call("POST", "/v1/chains/stores", atShop, { ...store, capacity: 9 });
  assert.equal(changed.json["state"], "agreed", "what is known of it may change");
  const number = await reserved({ route: { postcode: "604-8004" } });
  const admin2 = bearer(facilitator.demo.adminKey);
  assert.equal((await call("POST", "/v1/test-clock/advance", admin2, { by: "PT5S" })).status, 200);
  const [offer] = (await call("GET", "/v1/offers", atOther)).json["items"] as Json[];
  assert.equal((offer?.["order"] as Json | undefined)?.["amount"], 1000);
  assert.doesNotMatch(JSON.stringify(offer), new RegExp(hana.number));
  assert.equal((await call("GET", `/v1/trades/${number}`, atOther)).status, 404);
  const take = `/v1/offers/${String(offer?.["id"])}/take`;
  assert.equal((await call("POST", take, atShop, {})).status, 404);
  // Nor does a store take what was ordered from its own address: the head proposed it, and nobody looked at the store then.
  const contact = "select email from parties where id = $1";
  const [own] = await admin.facilitator.query<{ email: string | null }>(rawSql(contact, [other.id]));
  const write = (email: string | null) =>
    admin.facilitator.execute(rawSql("update parties set email = $2 where id = $1", [other.id, email]));
  await write(hana.email.toUpperCase());
  assert.equal((await call("POST", take, atOther, {})).code, "not_allowed");
  await write(own?.email ?? null);
  assert.equal(told(await call("POST", take, atOther, {})), "reserved 1000/0");
  const [atHead, atStore] = [await yen(shop), await yen(other)];
  assert.equal(told(await call("POST", `/v1/trades/${number}/accept`, atOther, {})), "settled 0/1000");
  // The store's own fee applies: ten yen and three percent.
  assert.deepEqual([await yen(shop), await yen(other)], [atHead, atStore + 960]);
  const seen = await call("GET", `/v1/trades/${number}`, atShop);
  assert.deepEqual([seen.json["chain"], seen.json["shop"]], [shop.id, other.id]);
  await proven();
});
