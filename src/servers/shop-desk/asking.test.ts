/** Acts that move money: the sum, one question, one act; and what was typed survives whatever happens meanwhile. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { rawSql } from "../../storage/database/database.ts";
import { openShop, staffPassword, Visitor } from "../../../test/support/world/shop-visit.ts";

async function reservedOrder(t: TestContext) {
  const shop = await openShop(t);
  await new Visitor(shop.server).order();
  const [{ number, reference } = assert.fail()] = shop.institution.trades.values();
  shop.institution.approve(number);
  await shop.later();
  const clerk = await shop.staff();
  return { ...shop, number, clerk, order: `/staff/orders/${String(reference)}` };
}

const body = (seen: { body: string }[]) => JSON.parse(seen.at(-1)?.body ?? "{}") as Record<string, unknown>;

test("a refund names its sum and asks once; nothing is done before that, and once after it", async (t) => {
  const { institution, number, clerk, order, later } = await reservedOrder(t);
  institution.move(number, "settled", { settled: 16_800, frozen: 0 });
  await later();
  const path = `${order}/refund`;
  const before = institution.seen.length;
  const first = Visitor.hidden((await clerk.get(order)).page, path);
  const reason = `<script>alert(1)</script> "quoted" & more`;
  const asked = await clerk.post(path, { ...first, amount: "５,６００", reason });
  assert.equal(asked.status, 200);
  assert.match(asked.page, /id="sure">Shall <span class="amount">¥5,600<\/span> be paid back/);
  assert.ok(!asked.page.includes("<script>alert"), "markup is text");
  assert.equal(institution.seen.length, before);
  const yes = Visitor.hidden(asked.page, path);
  assert.deepEqual([yes["key"], yes["version"], yes["sure"]], [first["key"], first["version"], "yes"]);
  const answers = await Promise.all([1, 2, 3].map(() => clerk.post(path, yes)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]));
  assert.equal(institution.seen.length, before + 1);
  assert.deepEqual([body(institution.seen)["amount"], body(institution.seen)["reason"]], [5_600, reason]);
  // Back, and the same form once more.
  assert.equal((await clerk.post(path, { ...first, amount: "５,６００", reason })).status, 303);
  assert.equal(institution.seen.length, before + 1);
  const { page } = await clerk.get(order);
  assert.match(page, /id="done".*The refund, by <bdi>owner/s);
});

test("nothing is called off without a typed reason and a yes, and nothing that has left", async (t) => {
  const { institution, clerk, order } = await reservedOrder(t);
  const path = `${order}/cancel`;
  const seen = Visitor.hidden((await clerk.get(order)).page, path);
  const without = await clerk.post(path, seen);
  assert.equal(without.status, 422);
  assert.match(without.page, /id="cancel-reason-error"/);
  const asked = await clerk.post(path, { ...seen, reason: "Out of stock" });
  assert.match(asked.page, /id="sure">.*¥16,800.*becomes free for the buyer/s);
  assert.equal(institution.seen.length, 1);
  await clerk.press(order, `${order}/ship`);
  assert.ok(!(await clerk.get(order)).page.includes('id="cancel-form"'));
  assert.equal((await clerk.post(path, { ...seen, reason: "x", sure: "yes" })).status, 409);
  assert.equal(institution.seen.at(-1)?.call, "ship");
});

test("a price is changed with old and new side by side", async (t) => {
  const { institution, clerk, order } = await reservedOrder(t);
  const path = `${order}/revise`;
  const seen = Visitor.hidden((await clerk.get(order)).page, path);
  for (const [fields, wrong] of [
    [{}, "revise-price-1"],
    [{ "price-1": "lots" }, "revise-price-1"],
    [{ "price-1": "-5" }, "revise-price-1"],
    [{ "quantity-1": "1.5" }, "revise-quantity-1"],
    [{ "quantity-1": "0" }, "revise-price-1"],
    [{ "price-1": "9007199254740991" }, "revise-price-1"],
  ] as const) {
    const { status, page } = await clerk.post(path, { ...seen, ...fields });
    assert.equal(status, 422, JSON.stringify(fields));
    assert.ok(page.includes(`id="${wrong}-error"`), JSON.stringify(fields));
  }
  const asked = await clerk.post(path, { ...seen, "quantity-1": "２", "price-1": "¥5,000" });
  assert.match(asked.page, /id="old-and-new".*3 × .*¥5,600.*→ 2 × .*¥5,000.*¥16,800.*¥10,000/s);
  await clerk.post(path, Visitor.hidden(asked.page, path));
  const { call } = institution.seen.at(-1) ?? assert.fail();
  const [line] = body(institution.seen)["lines"] as Record<string, unknown>[];
  assert.deepEqual([call, line?.["quantity"], line?.["unitAmount"]], ["revise", 2, 5_000]);
});

test("of two on one order the second is told, and keeps what was typed", async (t) => {
  const { institution, clerk, order, staff } = await reservedOrder(t);
  const other = await staff();
  const mine = Visitor.hidden((await clerk.get(order)).page, `${order}/dispute`);
  await other.press(order, `${order}/ship`, { carrier: "Hayabusa", number: "P-1", "quantity-1": "1" });
  const told = institution.seen.length;
  const words = `${"The buyer has moved. ".repeat(20)}<b>`;
  const answer = await clerk.post(`${order}/dispute`, { ...mine, reason: words });
  assert.equal(answer.status, 409);
  assert.match(answer.page, /id="moved"/);
  assert.ok(answer.page.includes(`${"The buyer has moved. ".repeat(20)}&lt;b>`), "what was typed is kept");
  assert.equal(institution.seen.length, told);
});

test("ten thousand characters are refused at their field and stay in it", async (t) => {
  const { institution, clerk, order } = await reservedOrder(t);
  const long = "長".repeat(10_000);
  const told = institution.seen.length;
  const answer = await clerk.press(order, `${order}/dispute`, { reason: long });
  assert.equal(answer.status, 422);
  assert.match(answer.page, /id="dispute-reason-error"/);
  assert.ok(answer.page.includes(long));
  assert.equal(institution.seen.length, told);
});

test("an ended session keeps what was typed, for whoever typed it and for nobody else", async (t) => {
  const { institution, clerk, order, database } = await reservedOrder(t);
  const path = `${order}/dispute`;
  const seen = Visitor.hidden((await clerk.get(order)).page, path);
  await database.execute(
    rawSql("update staff_sessions set expires_at = clock_timestamp() - interval '1 minute'"),
  );
  const told = institution.seen.length;
  const reason = `Not ours "at all" <i>`;
  const kept = await clerk.post(path, { ...seen, reason });
  assert.equal(kept.status, 401);
  assert.match(kept.page, /id="kept"/);
  const hidden = Visitor.hidden(kept.page, "/staff/sign-in");
  const back = await clerk.post("/staff/sign-in", { ...hidden, password: staffPassword });
  assert.equal(back.status, 200);
  assert.ok(back.page.includes("Not ours &quot;at all&quot; &lt;i>"));
  assert.equal(institution.seen.length, told, "signing in does nothing");
  const again = Visitor.hidden(back.page, path);
  assert.equal(again["key"], seen["key"], "twice is once");
  await clerk.post(path, { ...again, reason });
  assert.equal(institution.seen.at(-1)?.call, "dispute");
  // Somebody else at the same browser gets nothing of it.
  await clerk.post("/staff/team", {
    ...Visitor.hidden((await clerk.get("/staff/team")).page, "/staff/team"),
    name: "Kei",
    signIn: "kei",
    password: "a password of kei",
    role: "manager",
    ownPassword: staffPassword,
  });
  await database.execute(
    rawSql("update staff_sessions set expires_at = clock_timestamp() - interval '1 minute'"),
  );
  const left = await clerk.post(path, { ...seen, reason });
  const words = Visitor.hidden(left.page, "/staff/sign-in");
  const other = await clerk.post("/staff/sign-in", { ...words, name: "kei", password: "a password of kei" });
  assert.equal(other.location, "/staff");
});
