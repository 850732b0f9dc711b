import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bearer,
  type Json,
  peopleServer,
  type Reply,
  trySignIn,
  type Who,
} from "../../../test/support/world/people-server.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { keepLooks } from "../../storage/parties/parties.ts";

const { context, demo, call } = await peopleServer({ after }, { secureCookies: true });
const { database } = context;
const [shop, other] = demo.shops;
const [carrier] = demo.carriers;
if (shop === undefined || other === undefined) throw new Error("No demo.");
const admin = bearer(demo.adminKey);
const atShop = bearer(shop.key);
const contact = { phone: "03-1" };
const signIn = (email = "", password = ""): Promise<Who | undefined> => trySignIn(call, email, password);

test("a shop applies, is approved, and then has accounts and a fee", async () => {
  const { body } = await call("POST", "/v1/shops", {}, { name: "New Shop", contact });
  assert.deepEqual([body["state"], body["accounts"]], ["applied", []]);
  const url = `/v1/shops/${String(body["id"])}`;
  for (const act of ["suspend", "resume"])
    assert.equal((await call("POST", `${url}/${act}`, admin, {})).code, "shop_not_approved");
  const fee = { fixed: 50, basisPoints: 100, roundTo: "fee" };
  const approved = await call("POST", `${url}/approve`, admin, { fee });
  const accounts = approved.body["accounts"] as Json[];
  assert.deepEqual(
    accounts.map((account) => [account["currency"], account["fee"]]),
    [
      ["JPY", fee],
      ["USD", fee],
    ],
  );
  const again = await call("POST", `${url}/approve`, admin, {});
  assert.deepEqual(again.body["accounts"], accounts, "approving twice opens nothing twice");
  const rows = await database.query<{ kind: string }>(
    rawSql("select kind from accounts where id = any($1)", [
      accounts.map((account) => String(account["account"])),
    ]),
  );
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ["shop", "shop"],
  );
});

test("a name that is read as another's is refused, unless an operator says why it may be", async () => {
  const apply = (name: string, kind = "shop", who: Who = {}, change: Json = {}) =>
    call("POST", `/v1/${kind}s`, who, { name, contact, ...change });
  for (const name of ["AOI TEA", "Aоi Tea", "Aoi  Tea.", "Ａｏｉ Tea", "Tеa", "Kenshu", "KENSHU FaciIitator"])
    for (const kind of ["shop", "carrier", "provider"])
      assert.equal((await apply(name, kind)).code, "name_looks_alike", `${kind} ${name}`);
  for (const name of ["Aoi\u200b Tea", "Aoi\u202eaeT", "Aoi\nTea", "\u3164"])
    assert.equal((await apply(name, "shop", admin)).code, "invalid_field", JSON.stringify(name));
  assert.equal((await apply("Aoi Tea", "shop", {}, { lookAlike: "I say so" })).code, "not_allowed");
  assert.equal((await apply("Aoi Tea", "carrier", admin)).code, "name_looks_alike");
  const lookAlike = "the same firm brings what it sells";
  const made = await apply("Aoi Tea", "carrier", admin, { lookAlike });
  assert.equal(made.status, 201);
  const acts = await database.query(
    rawSql("select kind, value, reason from party_acts where party = $1", [String(made.body["id"])]),
  );
  assert.deepEqual(acts, [
    { kind: "look_alike", value: { alias: "It looks like Aoi Tea." }, reason: lookAlike },
  ]);
});

test("who has only applied keeps nobody from a name; of two, the second to be approved takes an operator's word", async () => {
  const apply = async () => {
    const { status, body } = await call("POST", "/v1/shops", {}, { name: "Umi Fish", contact });
    assert.equal(status, 201);
    return `/v1/shops/${String(body["id"])}/approve`;
  };
  const [one, two] = [await apply(), await apply()];
  const both = await Promise.all([one, two].map((url) => call("POST", url, admin, {})));
  assert.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409],
  );
  const late = both[0]?.status === 409 ? one : two;
  assert.equal((await call("POST", late, admin, {})).code, "name_looks_alike");
  assert.equal((await call("POST", late, admin, { lookAlike: "its branch" })).body["state"], "approved");
  assert.equal((await call("POST", late, admin, {})).status, 200, "approved, it is asked no more");
});

test("names that were entered before are compared too, once a server has started", async () => {
  const { body } = await call("POST", "/v1/shops", admin, { name: "Yama Rice", contact });
  await call("POST", `/v1/shops/${String(body["id"])}/approve`, admin, {});
  await database.execute(rawSql("update parties set looks = null where id = $1", [String(body["id"])]));
  await keepLooks(database);
  assert.equal(
    (await call("POST", "/v1/shops", {}, { name: "YAMA rice", contact })).code,
    "name_looks_alike",
  );
});

test("what an operator does, others do not", async () => {
  const carrierWho = await signIn(carrier?.email, carrier?.password);
  assert.ok(carrierWho);
  const fee = { fixed: 0, basisPoints: 0, roundTo: "shop" };
  const acts: ["POST" | "PUT" | "GET", string, Json | undefined][] = [
    ["POST", `/v1/shops/${shop.id}/approve`, {}],
    ["POST", `/v1/shops/${shop.id}/suspend`, {}],
    ["POST", `/v1/shops/${shop.id}/resume`, {}],
    ["PUT", `/v1/shops/${shop.id}/fee`, fee],
    ["GET", "/v1/shops", undefined],
    ["GET", "/v1/carriers", undefined],
    ["GET", "/v1/operators", undefined],
    ["POST", "/v1/operators", { name: "Eve", email: "eve@example.com", password: "a long password" }],
    ["POST", `/v1/operators/${uuidv7()}/suspend`, {}],
  ];
  for (const [method, url, body] of acts) {
    assert.equal((await call(method, url, {}, body)).code, "not_authenticated", url);
    assert.equal((await call(method, url, atShop, body)).code, "not_allowed", url);
    assert.equal((await call(method, url, carrierWho, body)).code, "not_allowed", url);
  }
  const asked = { name: "Cheap", contact, fee };
  assert.equal((await call("POST", "/v1/shops", {}, asked)).code, "not_allowed", "an applicant sets no fee");
});

test("a party is seen by itself and by operators", async () => {
  const url = `/v1/shops/${shop.id}`;
  assert.equal((await call("GET", url, atShop)).body["name"], shop.name);
  assert.equal((await call("GET", url, admin)).status, 200);
  const cases: [string, unknown, string, Who][] = [
    ["by nobody", "not_authenticated", url, {}],
    ["by another shop", "not_found", url, bearer(other.key)],
    ["under another kind", "not_found", `/v1/carriers/${shop.id}`, atShop],
    ["under another kind, by an operator", "not_found", `/v1/carriers/${shop.id}`, admin],
    ["keys, by another shop", "not_found", `${url}/keys`, bearer(other.key)],
    ["keys of an operator, by a shop", "not_found", `/v1/operators/${shop.id}/keys`, atShop],
    ["an id that is none", "invalid_field", "/v1/shops/1", admin],
  ];
  for (const [name, code, at, who] of cases) assert.equal((await call("GET", at, who)).code, code, name);
  const first = await call("GET", "/v1/shops?limit=1", admin);
  const next = String(first.body["next"]);
  const second = await call("GET", `/v1/shops?limit=1&after=${next}`, admin);
  assert.deepEqual(
    [first, second].map(({ body }) => (body["items"] as Json[]).map(({ name }) => name)),
    [[shop.name], [other.name]],
  );
});

test("a fee is set in one currency or in all, within bounds", async () => {
  const url = `/v1/shops/${other.id}/fee`;
  const fee = { fixed: 10, basisPoints: 20, roundTo: "shop" };
  const cases: [string, unknown, Json][] = [
    ["a currency without account", "currency_mismatch", { ...fee, currency: "KWD" }],
    ["a negative fee", "invalid_field", { ...fee, fixed: -1 }],
    ["more than everything", "invalid_field", { ...fee, basisPoints: 10_001 }],
    ["half a rule", "invalid_field", { fixed: 1 }],
    ["a fraction", "invalid_field", { ...fee, basisPoints: 0.5 }],
  ];
  for (const [name, code, body] of cases)
    assert.equal((await call("PUT", url, admin, body)).code, code, name);
  const one = await call("PUT", url, admin, { ...fee, currency: "USD" });
  const feeIn = (reply: Reply, currency: string): unknown =>
    (reply.body["accounts"] as Json[]).find((account) => account["currency"] === currency)?.["fee"];
  assert.deepEqual(
    [feeIn(one, "JPY"), feeIn(one, "USD")],
    [{ fixed: 10, basisPoints: 300, roundTo: "shop" }, fee],
  );
  const all = await call("PUT", url, admin, fee);
  assert.deepEqual([feeIn(all, "JPY"), feeIn(all, "USD")], [fee, fee]);
});

test("keys: shown once, rotated with an overlap, revoked at once", async () => {
  const url = `/v1/shops/${shop.id}/keys`;
  const cases: [string, unknown, Who, Json][] = [
    ["by nobody", "not_authenticated", {}, {}],
    ["by another shop", "not_found", bearer(other.key), {}],
    ["with an overlap of years", "date_out_of_range", atShop, { overlap: "P1Y" }],
    ["with an overlap that is none", "invalid_field", atShop, { overlap: "soon" }],
  ];
  for (const [name, code, who, body] of cases)
    assert.equal((await call("POST", url, who, body)).code, code, name);
  const key = { ...atShop, "idempotency-key": "k1" };
  const made = await call("POST", url, key, { label: "till 1" });
  const again = await call("POST", url, key, { label: "till 1" });
  assert.deepEqual([again.body["id"], "key" in again.body], [made.body["id"], false]);
  assert.match(String(made.body["key"]), /^ks_/);
  const fresh = bearer(made.body["key"]);
  const rotated = await call("POST", url, fresh, { overlap: "PT1H" });
  const { body } = await call("GET", url, fresh);
  const items = body["items"] as Json[];
  assert.deepEqual(
    items.map(({ expiresAt }) => expiresAt === null),
    [false, false, true],
  );
  assert.ok(!JSON.stringify(items).includes("ks_"), "a list shows no key");
  const one = `${url}/${String(made.body["id"])}`;
  assert.equal((await call("DELETE", one, bearer(other.key))).code, "not_found");
  assert.equal((await call("DELETE", one, fresh)).status, 204);
  assert.equal((await call("GET", url, fresh)).code, "not_authenticated");
  assert.equal((await call("DELETE", one, bearer(rotated.body["key"]))).code, "not_found");
  for (let count = 2; count < 20; count += 1) assert.equal((await call("POST", url, admin, {})).status, 201);
  assert.equal((await call("POST", url, admin, {})).code, "not_allowed", "twenty are enough");
});

test("a suspended shop reads and gets no key; a suspended carrier is nobody", async () => {
  await call("POST", `/v1/shops/${other.id}/suspend`, admin, {});
  assert.equal((await call("GET", `/v1/shops/${other.id}`, bearer(other.key))).body["state"], "suspended");
  assert.equal(
    (await call("POST", `/v1/shops/${other.id}/keys`, bearer(other.key), {})).code,
    "shop_suspended",
  );
  assert.equal((await call("POST", `/v1/shops/${other.id}/approve`, admin, {})).code, "shop_suspended");
  assert.equal((await call("POST", `/v1/shops/${other.id}/resume`, admin, {})).body["state"], "approved");
  const who = await signIn(carrier?.email, carrier?.password);
  const url = `/v1/carriers/${carrier?.id ?? ""}`;
  assert.equal((await call("GET", url, who)).status, 200);
  await call("POST", `${url}/suspend`, admin, {});
  assert.equal((await call("GET", url, who)).code, "not_authenticated");
  assert.equal(await signIn(carrier?.email, carrier?.password), undefined);
  await call("POST", `${url}/resume`, admin, {});
  assert.equal(
    (await call("GET", url, who)).code,
    "not_authenticated",
    "the session that was ended stays ended",
  );
  assert.ok(await signIn(carrier?.email, carrier?.password));
});

test("operators add and suspend each other, never themselves, and make keys for nobody else", async () => {
  const wish = { name: "Rin", email: "rin@example.com", password: "a long password" };
  assert.equal(
    (await call("POST", "/v1/operators", admin, { ...wish, password: "short" })).code,
    "invalid_field",
  );
  const { body } = await call("POST", "/v1/operators", admin, wish);
  const id = String(body["id"]);
  const rin = await signIn(wish.email, wish.password);
  assert.match(rin?.["cookie"] ?? "", /^__Host-kenshu_session=/);
  assert.equal((await call("POST", `/v1/operators/${id}/keys`, admin, {})).code, "not_found");
  const key = await call("POST", `/v1/operators/${id}/keys`, rin, {});
  assert.match(String(key.body["key"]), /^ka_/);
  assert.equal((await call("POST", `/v1/operators/${id}/suspend`, rin, {})).code, "not_allowed");
  assert.equal((await call("POST", `/v1/operators/${uuidv7()}/suspend`, admin, {})).code, "not_found");
  assert.equal((await call("POST", `/v1/operators/${id}/suspend`, admin, {})).body["state"], "suspended");
  for (const who of [rin, bearer(key.body["key"])]) {
    assert.equal((await call("GET", "/v1/shops", who)).code, "not_authenticated");
  }
  assert.equal((await call("GET", "/v1/operators", admin)).body["next"], null);
});
