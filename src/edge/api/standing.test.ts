import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, peopleServer } from "../../../test/support/world/people-server.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { addFigures } from "../../storage/parties/parties.ts";

const { context, demo, call } = await peopleServer({ after });
const { database } = context;
const [shop, other] = demo.shops;
const [carrier] = demo.carriers;
if (shop === undefined || other === undefined || carrier === undefined) throw new Error("No demo.");
const admin = bearer(demo.adminKey);
const reason = "new here";
const operator = async () => {
  const items = (await call("GET", "/v1/operators", admin)).body["items"] as Json[];
  return items.find(({ name }) => name === "Mei Kato")?.["id"];
};

test("an operator says that a carrier is independent, and it is recorded who said so, when and why", async () => {
  assert.equal(
    (await call("GET", `/v1/carriers/${carrier.id}`, admin)).body["independent"],
    true,
    "the demo's is",
  );
  const { body } = await call("POST", "/v1/carriers", admin, {
    name: "Own vans",
    contact: { phone: "03-1" },
  });
  assert.equal(body["independent"], false);
  const url = `/v1/carriers/${String(body["id"])}/independence`;
  const said = await call("PUT", url, admin, { independent: true, reason: "audited" });
  const set = said.body["set"] as Json;
  assert.deepEqual(
    [said.status, said.body["independent"], set["by"], set["reason"]],
    [200, true, await operator(), "audited"],
  );
  assert.ok(Date.parse(String(set["at"])) > 0);
  assert.equal((await call("PUT", url, admin, { independent: false, reason })).body["independent"], false);
  const acts = await database.query(
    rawSql("select value from party_acts where party = $1 order by id", [String(body["id"])]),
  );
  assert.deepEqual(acts, [{ value: { independent: true } }, { value: { independent: false } }]);
  const cases: [string, unknown, string, Json][] = [
    ["without a reason", "invalid_field", url, { independent: true }],
    ["of a shop", "not_found", `/v1/carriers/${shop.id}/independence`, { independent: true, reason }],
    [
      "of a carrier as provider",
      "not_found",
      url.replace("carriers", "providers"),
      { independent: true, reason },
    ],
    ["of nobody", "not_found", `/v1/providers/${uuidv7()}/independence`, { independent: true, reason }],
  ];
  for (const [name, code, at, wish] of cases)
    assert.equal((await call("PUT", at, admin, wish)).code, code, name);
  assert.equal((await call("PUT", `/v1/shops/${shop.id}/independence`, admin, {})).code, "not_found");
  assert.equal((await call("GET", `/v1/shops/${shop.id}`, admin)).body["independent"], undefined);
});

test("a shop has the usual standing until an operator sets another", async () => {
  const url = `/v1/shops/${shop.id}/standing`;
  const usual = {
    frozenLimits: {},
    settleAfter: null,
    word: true,
    paidEarly: "afterShipping",
    earlyLimits: {},
    paidOutEarly: false,
  };
  assert.deepEqual((await call("GET", url, bearer(shop.key))).body, { ...usual, set: null });
  const wish = {
    frozenLimits: { JPY: 100_000 },
    settleAfter: "P3D",
    word: false,
    paidEarly: "always",
    earlyLimits: { JPY: 5000 },
  };
  const set = await call("PUT", url, admin, { ...wish, reason });
  assert.equal(set.status, 200);
  const { set: act, ...standing } = set.body;
  assert.deepEqual(standing, { ...usual, ...wish });
  assert.deepEqual([(act as Json)["by"], (act as Json)["reason"]], [await operator(), reason]);
  assert.deepEqual((await call("GET", url, bearer(shop.key))).body, set.body);
  const back = await call("PUT", url, admin, { reason });
  assert.deepEqual({ ...back.body, set: null }, { ...usual, set: null }, "what is left out is as usual");
});

test("what a standing cannot be, and who does not set it", async () => {
  const url = `/v1/shops/${shop.id}/standing`;
  const cases: [string, unknown, Json][] = [
    ["no reason", "invalid_field", { word: false }],
    ["a currency that is none", "unknown_currency", { frozenLimits: { XQQ: 1 }, reason }],
    ["a currency without accounts here", "currency_mismatch", { frozenLimits: { KWD: 1 }, reason }],
    ["early in a currency without accounts here", "currency_mismatch", { earlyLimits: { KWD: 1 }, reason }],
    ["a limit below nothing", "invalid_field", { frozenLimits: { JPY: -1 }, reason }],
    ["a currency in small letters", "unknown_currency", { frozenLimits: { jpy: 1 }, reason }],
    ["a delay of nothing", "date_out_of_range", { settleAfter: "PT0S", reason }],
    ["a delay of a year", "date_out_of_range", { settleAfter: "P1Y", reason }],
    ["a yes where a word is asked for", "invalid_field", { paidEarly: true, reason }],
    ["a word that is none", "invalid_field", { paidEarly: "soon", reason }],
    ["a delay that is none", "invalid_field", { settleAfter: "soon", reason }],
  ];
  for (const [name, code, body] of cases)
    assert.equal((await call("PUT", url, admin, body)).code, code, name);
  assert.equal((await call("PUT", url, bearer(shop.key), { reason })).code, "not_allowed");
  assert.equal((await call("GET", url, bearer(other.key))).code, "not_found");
  assert.equal((await call("GET", `/v1/shops/${carrier.id}/standing`, admin)).code, "not_found");
  assert.equal((await call("PUT", `/v1/shops/${carrier.id}/standing`, admin, { reason })).code, "not_found");
});

test("operators see what went wrong in a party's trades, and the party does not", async () => {
  const url = `/v1/shops/${shop.id}`;
  const none = { rejections: 0, disputesLost: 0, lateDeliveries: 0 };
  assert.deepEqual((await call("GET", url, admin)).body["figures"], none);
  const figure = { party: shop.id, kind: "rejections" } as const;
  await addFigures(database, [figure, figure, { ...figure, kind: "disputes_lost" }]);
  await addFigures(database, [figure]);
  const counted = { rejections: 3, disputesLost: 1, lateDeliveries: 0 };
  assert.deepEqual((await call("GET", url, admin)).body["figures"], counted);
  assert.equal((await call("GET", url, bearer(shop.key))).body["figures"], undefined);
});

test("nobody changes what operators have said", async () => {
  for (const statement of ["update party_acts set reason = ''", "delete from party_acts"])
    await assert.rejects(database.execute(rawSql(statement, [])), /permission denied/);
});
