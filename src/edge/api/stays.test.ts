/** Shops that come for a time: until then they are like any, and after it they finish what they have begun. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, peopleServer, signInAs } from "../../../test/support/world/people-server.ts";
import { insertConsents, readConsents } from "../../engines/reservations/reservations.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { listShopAccounts, readParties, readParty } from "../../storage/parties/parties.ts";

const { context, demo, call } = await peopleServer({ after });
const admin = bearer(demo.adminKey);
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
const password = "only for a summer";

let count = 0;
const apply = (change: Json = {}) =>
  call(
    "POST",
    "/v1/shops",
    {},
    {
      name: `Summer stall ${(count += 1)}`,
      contact: { email: `stall${count}@example.com` },
      password,
      until: hours(48),
      ...change,
    },
  );
const pass = (interval: string) =>
  context.database.execute(rawSql("update test_clock set ahead = ahead + $1::interval", [interval]));

test("a shop applies for a time, sells until then, and finishes by its sign-in what it has begun", async () => {
  const { status, body } = await apply();
  assert.equal(status, 201, JSON.stringify(body));
  const shop = `/v1/shops/${String(body["id"])}`;
  assert.equal((await call("POST", `${shop}/approve`, admin, {})).status, 200);
  const { body: key } = await call("POST", `${shop}/keys`, admin, {});
  assert.equal(key["expiresAt"], body["until"], "the key ends with the stay");
  const own = bearer(key["key"]);
  const order = { currency: "JPY", amount: 500 };
  const made = await call("POST", "/v1/trades", own, order);
  assert.equal(made.status, 201);
  const trade = `/v1/trades/${String(made.body["number"])}`;
  const signedIn = await signInAs(call, { email: `stall${count}@example.com`, password });
  await pass("49 hours");
  assert.equal((await call("GET", trade, own)).code, "not_authenticated", "the key has ended");
  assert.equal((await call("POST", "/v1/trades", signedIn, order)).code, "shop_suspended");
  assert.equal((await call("POST", `${shop}/keys`, signedIn, {})).code, "shop_suspended");
  assert.equal((await call("POST", `${shop}/keys`, admin, {})).code, "shop_suspended");
  assert.equal((await call("GET", trade, signedIn)).status, 200);
  assert.equal((await call("POST", `${trade}/cancel`, signedIn, {})).status, 200, "what it has it finishes");
  const id = String(body["id"]);
  assert.equal((await readParty(context.database, "shop", id))?.state, "suspended");
  assert.equal((await readParties(context.database, [id]))[0]?.state, "suspended");
  const [consent, peer] = [uuidv7(), uuidv7()];
  const [account = ""] = (await listShopAccounts(context.database, id)).map((each) => each.account);
  const fee = { feeFixed: null, feeBasisPoints: null, confirmAbove: null, until: null };
  const none = { limitPerTrade: null, limitPerMonth: null, own: false, currency: "JPY", ...fee } as const;
  const of = { purpose: "receive", ownerKind: "shop", owner: id } as const;
  await insertConsents(context.database, [{ id: consent, peer, account, ...of, ...none }]);
  assert.equal((await readConsents(context.database, [consent]))[0]?.standing, "shop", "it is not paid anew");
});

test("until when is a time within a year, for shops only, with a sign-in for what goes on", async () => {
  for (const until of [hours(-1), hours(24 * 400)])
    assert.equal((await apply({ until })).code, "invalid_field", until);
  assert.equal((await apply({ until: "soon" })).code, "invalid_field");
  const { status, code } = await call(
    "POST",
    "/v1/shops",
    {},
    {
      name: "Keyless stall",
      contact: { email: "k@example.com" },
      until: hours(60),
    },
  );
  assert.deepEqual([status, code], [422, "invalid_field"]);
  const carrier = { name: "Summer carrier", contact: { email: "c@example.com" }, password, until: hours(60) };
  assert.equal((await call("POST", "/v1/carriers", {}, carrier)).code, "invalid_field");
});
