/** Operators see which disputes are open, and which of them they should have decided. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json, peopleServer, signInAs } from "../../../test/support/world/people-server.ts";
import { rawSql } from "../../storage/database/database.ts";
import { countLateDisputes } from "../../engines/trades/trades.ts";

const { context, demo, call } = await peopleServer({ after });
const { database } = context;
const [shop] = demo.shops;
const [rich] = demo.members;
if (shop === undefined || rich === undefined) throw new Error("No demo.");
const admin = bearer(demo.adminKey);
const atShop = bearer(shop.key);

async function disputed(): Promise<string> {
  const made = await call("POST", "/v1/trades", atShop, {
    currency: "JPY",
    amount: 100,
    approval: { mandate: rich?.mandates[shop?.key ?? ""] },
  });
  const number = String(made.body["number"]);
  const opened = await call("POST", `/v1/trades/${number}/dispute`, atShop, { reason: "no answer" });
  assert.equal(opened.status, 200);
  return number;
}

async function listed(query = ""): Promise<Json[]> {
  return (await call("GET", `/v1/disputes${query}`, admin)).body["items"] as Json[];
}

test("open disputes are listed, those first that are to be decided first, page by page", async () => {
  const numbers = [await disputed(), await disputed(), await disputed()];
  const set = (number: string | undefined, days: number) =>
    database.execute(
      rawSql(
        "update disputes set decide_by = date_trunc('second', kenshu_now()) + $2 * interval '1 day' where trade = $1",
        [BigInt(number ?? 0), days],
      ),
    );
  await set(numbers[1], 3);
  await set(numbers[2], -1);
  const ofLast = await listed("?late=true");
  assert.deepEqual(
    ofLast.map(({ trade, late, openedBy, answerBy }) => [trade, late, openedBy, typeof answerBy]),
    [[numbers[2], true, "shop", "string"]],
  );
  assert.equal(await countLateDisputes(database), 1);
  const inOrder = [numbers[2], numbers[1], numbers[0]];
  assert.deepEqual(
    (await listed()).map(({ trade, late }) => [trade, late]),
    inOrder.map((number, index) => [number, index === 0]),
  );
  const seen: unknown[] = [];
  for (let query = "?limit=1"; query !== "" && seen.length < 9; ) {
    const { body } = await call("GET", `/v1/disputes${query}`, admin);
    seen.push(...(body["items"] as Json[]).map(({ trade }) => trade));
    query = typeof body["next"] === "string" ? `?limit=1&after=${body["next"]}` : "";
  }
  assert.deepEqual(seen, inOrder);
  for (const query of ["?after=x", "?late=1", "?after=1_"])
    assert.equal((await call("GET", `/v1/disputes${query}`, admin)).code, "invalid_field", query);
  assert.equal((await call("GET", "/v1/disputes", atShop)).code, "not_allowed");
});

test("what is decided is no longer open, and is kept; nothing is decided against a side that can still answer", async () => {
  const number = await disputed();
  const decided = {
    outcome: "release",
    reason: "nothing was sent",
    operator: { channel: "phone", reference: "7" },
  };
  const against = { ...decided, outcome: "settle" };
  const refused = await call("POST", `/v1/trades/${number}/resolve`, admin, against);
  assert.deepEqual([refused.status, refused.code], [409, "still_running"]);
  assert.equal((await call("POST", `/v1/trades/${number}/resolve`, admin, decided)).status, 200);
  assert.ok((await listed()).every(({ trade }) => trade !== number));
  const rows = await database.query<{ outcome: string; at: Date | null }>(
    rawSql("select outcome, ended_at as at from disputes where trade = $1", [BigInt(number)]),
  );
  assert.deepEqual([rows.length, rows[0]?.outcome, rows[0]?.at instanceof Date], [1, "shop_lost", true]);
});

test("a rejection is one more in the figures of its shop and of its buyer, whom they are not shown", async () => {
  const rejections = async () => {
    const found: unknown[] = [];
    for (const url of [`/v1/shops/${shop.id}`, `/v1/members/${rich.number}?reason=figures`])
      found.push(((await call("GET", url, admin)).body["figures"] as Json)["rejections"]);
    return found;
  };
  const before = await rejections();
  const made = await call("POST", "/v1/trades", atShop, {
    currency: "JPY",
    amount: 100,
    approval: { mandate: rich.mandates[shop.key] },
    acceptance: { by: ["buyer", "shop"], need: 1 },
  });
  const url = `/v1/trades/${String(made.body["number"])}`;
  await call("POST", `${url}/deliver`, atShop, {});
  assert.equal((await call("POST", `${url}/reject`, atShop, { reason: "broken" })).status, 200);
  assert.deepEqual(
    await rejections(),
    before.map((count) => Number(count) + 1),
  );
  const own = await call("GET", `/v1/members/${rich.number}`, await signInAs(call, rich));
  assert.deepEqual([own.status, own.body["figures"]], [200, undefined]);
});
