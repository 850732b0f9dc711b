import assert from "node:assert/strict";
import { done } from "../../engines/engine/engine.ts";
import { after, test } from "node:test";
import { usualStanding, writeStanding } from "../../storage/parties/parties.ts";
import { pagesServer } from "../../../test/support/world/pages-server.ts";

const {
  context,
  rich,
  poor,
  carrier,
  voucher,
  browser: stranger,
  signedIn,
  proposed,
  seen,
  confirmed,
  open,
  shopDoes,
} = await pagesServer({ after });

test("a member who is signed in approves with one press, and a second press is the same act", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  const path = await open(browser, link);
  assert.equal(path, `/trades/${number}/approve`);
  const { html } = await browser.get(path);
  for (const part of [
    'id="promise"',
    "will be frozen, not paid",
    'id="approve"',
    "Tea &lt;set>",
    "¥1,000,000",
  ]) {
    assert.ok(html.includes(part), part);
  }
  const [method] = rich.methods;
  const key = { key: "pressed-twice", version: "1", method: method?.id ?? "", paymentOn: "acceptance" };
  const answers = await Promise.all([browser.post(path, key), browser.post(path, key)]);
  for (const { status, to } of answers)
    assert.deepEqual([status, to], [303, `/trades/${number}?done=approve`]);
  const trade = await seen(number);
  assert.deepEqual([trade.state, trade.frozen, trade.acceptance.by], ["reserved", 3600, ["buyer"]]);
  assert.ok((await browser.get(`/trades/${number}?done=approve`)).html.includes('id="done"'));
});

test("the shop may accept where the buyer has ticked it, and the payment may wait for a day", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  const path = await open(browser, link);
  const nobody = await browser.send(path, "approve-form", { paymentOn: "date", paymentDate: "" });
  assert.equal(nobody.status, 422);
  assert.match(nobody.html, /id="paymentDate-error"/);
  const day = new Date(
    (
      await context.database.query<{ now: Date }>({
        text: "select kenshu_now() + interval '5 days' as now",
        values: [],
      })
    )[0]?.now ?? 0,
  )
    .toISOString()
    .slice(0, 10);
  const fields = {
    paymentOn: "date",
    paymentDate: day,
    shopMayAccept: "yes",
    method: rich.methods[0]?.id ?? "",
  };
  assert.equal((await browser.send(path, "approve-form", fields)).status, 303);
  const trade = await seen(number);
  assert.deepEqual(trade.acceptance.by, ["buyer", "shop"]);
  assert.deepEqual(trade.payment, { on: "date", date: day });
});

test("a refused approval shows the form again, and the trade stays open", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(poor);
  const path = await open(browser, link);
  const fields = { method: poor.methods[0]?.id ?? "" };
  const { status, html } = await browser.send(path, "approve-form", fields);
  assert.equal(status, 402);
  assert.match(html, /id="refused"/);
  assert.match(html, /id="approve-form"/);
  assert.equal((await seen(number)).state, "refused");
});

test("a buyer is told in one line how far an operator lets the shop go", async () => {
  const { link, number } = await proposed();
  const browser = await signedIn(rich);
  const path = await open(browser, link);
  assert.doesNotMatch((await browser.get(path)).html, /id="standing"/);
  const { shop } = await seen(number);
  assert.ok(shop);
  await writeStanding(context.database, shop, { ...usualStanding, settleAfter: "P3D" });
  const { html } = await browser.get(path);
  await writeStanding(context.database, shop, usualStanding);
  assert.match(
    html,
    /<p id="standing">This server has set limits .* 3 days after the goods are accepted\.<\/p>/,
  );
});

test("declining cancels", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  const { to } = await browser.send(await open(browser, link), "decline-form");
  assert.equal(to, `/trades/${number}?done=decline`);
  assert.equal((await seen(number)).state, "cancelled");
});

test("other terms than what is reserved: the buyer sees them, keeps what was agreed, or agrees", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  await browser.send(await open(browser, link), "approve-form");
  const { amount = 0 } = await seen(number);
  const dearer = (amount ?? 0) + 1;
  const path = `/trades/${number}/approve`;
  const ask = () => shopDoes(number, { do: "revise", amount: dearer });
  await ask();
  const trade = (await browser.get(`/trades/${number}`)).html;
  assert.match(trade, new RegExp(`href="${path}"`));
  assert.match(trade, /id="other-terms"[^]*What was agreed stays/);
  const approval = (await browser.get(path)).html;
  assert.match(approval, /approve-form/);
  assert.match(approval, /id="stays"/);
  assert.ok(!approval.includes("Nothing is frozen, and the shop is told."), "what was agreed stays frozen");
  await browser.send(path, "decline-form");
  assert.deepEqual([(await seen(number)).state, (await seen(number)).frozen], ["reserved", amount]);
  assert.equal((await browser.get(path)).to, `/trades/${number}`, "there is nothing to approve any more");
  await ask();
  await browser.send(path, "approve-form");
  assert.deepEqual([(await seen(number)).state, (await seen(number)).frozen], ["reserved", dearer]);
});

test("opening links and pages changes no trade", async () => {
  const { number, link } = await proposed();
  const before = await seen(number);
  const browser = stranger();
  for (const path of [link, link, `/trades/${number}/approve`, `/trades/${number}`]) await browser.get(path);
  assert.deepEqual(await seen(number), before);
  assert.equal((await browser.get(`/trades/${number}/cancel`)).status, 405);
});

test("strangers see nothing, and are asked to sign in", async () => {
  const { number, link } = await proposed({ buyer: { member: rich.number } });
  const visitor = stranger();
  assert.equal((await visitor.get(`/trades/${number}`)).to, `/signin?next=/trades/${number}`);
  await open(visitor, link);
  assert.equal((await visitor.get(`/trades/${number}/approve`)).to, `/signin?next=/trades/${number}/approve`);
  const { status, to } = await visitor.send(`/signin?next=/trades/${number}/approve`, "sign-in", {
    email: rich.email,
    password: rich.password,
  });
  assert.deepEqual([status, to], [303, `/trades/${number}/approve`]);
  assert.equal((await visitor.get(to)).status, 200);
  const other = await signedIn(poor);
  assert.equal((await other.get(`/trades/${number}`)).status, 404);
  assert.equal((await stranger().get("/approve/kt_1_00")).status, 404);
});

const lines = (html: string) => html.match(/data-event="[^"]+"/g)?.length ?? 0;

test("a buyer accepts a part, rejects a part, and is told what was wrong with the form", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  await browser.send(await open(browser, link), "approve-form", { method: rich.methods[0]?.id ?? "" });
  const path = `/trades/${number}`;
  assert.ok(
    !(await browser.get(path)).html.includes('id="reject-form"'),
    "nothing has come that could be wrong",
  );
  assert.equal((await browser.send(path, "deliver-form")).to, `${path}?done=deliver`);
  assert.deepEqual((await seen(number)).lots, [{ line: 1, quantity: 3, at: "delivered", received: true }]);
  for (const [quantity, field] of [
    ["0", "accept-quantity-1-error"],
    ["4", "accept-quantity-1-error"],
    ["two", "accept-quantity-1-error"],
  ] as const) {
    const { status, html } = await browser.send(path, "accept-form", { "quantity-1": quantity });
    assert.equal(status, 422);
    assert.ok(html.includes(`id="${field}"`), quantity);
  }
  assert.equal((await browser.send(path, "accept-form", { "quantity-1": "２" })).status, 303);
  const { settled, frozen } = await seen(number);
  assert.deepEqual([settled, frozen], [2400, 1200]);
  assert.match(
    (await browser.send(path, "reject-form", { "quantity-1": "1" })).html,
    /id="reject-reason-error"/,
  );
  const reason = { "quantity-1": "1", reason: "It is <b>broken</b>." };
  assert.equal((await browser.send(path, "reject-form", reason)).to, `${path}?done=reject`);
  const { html } = await browser.get(path);
  assert.ok(html.includes("It is &lt;b>broken&lt;/b>.") && lines(html) >= 4);
  assert.equal((await seen(number)).state, "rejected");
});

test("before anything has come, accepting is asked once more and names the sum", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  await browser.send(await open(browser, link), "approve-form", { method: rich.methods[0]?.id ?? "" });
  const path = `/trades/${number}`;
  assert.match(
    (await browser.get(path)).html,
    /<details class="act" id="accept-early">/,
    "it is out of the way",
  );
  for (const [form, fields, sum] of [
    ["accept-all-form", {}, "¥3,600"],
    ["accept-form", { "quantity-1": "2" }, "¥2,400"],
  ] as const) {
    const asked = await browser.send(path, form, fields);
    assert.equal(asked.status, 422);
    assert.match(asked.html, new RegExp(`id="sure">.*${sum}`), form);
    assert.equal((await seen(number)).settled, 0);
  }
  const fields = { "quantity-1": "2", sure: "yes" };
  assert.equal((await browser.send(path, "accept-form", fields)).to, `${path}?done=accept`);
  assert.equal((await seen(number)).settled, 2400);
});

test("within cooling-off the buyer gives goods back: at once where nothing comes back, else on the way back", async () => {
  const browser = await signedIn(rich);
  for (const goods of ["keep", "return"] as const) {
    const { number, link } = await proposed({ coolingOff: { for: "P8D", goods } });
    const approval = await open(browser, link);
    assert.match(
      (await browser.get(approval)).html,
      goods === "keep" ? /the money comes back at once/ : /the goods go back, then the money/,
    );
    await browser.send(approval, "approve-form", { method: rich.methods[0]?.id ?? "" });
    const path = `/trades/${number}`;
    await browser.send(path, "deliver-form");
    assert.equal((await browser.send(path, "accept-all-form")).to, `${path}?done=accept`);
    assert.match((await browser.get(path)).html, /id="now"[^>]*>[^<]*change your mind/);
    const none = await browser.send(path, "withdraw-form", { "quantity-1": "1" });
    assert.match(none.html, /id="withdraw-reason-error"/);
    const wish = { "quantity-1": "1", reason: "Changed my mind." };
    assert.equal((await browser.send(path, "withdraw-form", wish)).to, `${path}?done=withdraw`);
    if (goods === "return") {
      const { html } = await browser.get(path);
      assert.match(html, /data-place="withdrawn".*data-deadline="returnBy"/s);
      assert.equal((await seen(number)).refunded, 0);
      await browser.send(path, "send-back-form", { parcel: "B-7" });
      assert.match((await browser.get(path)).html, /data-place="homeward".*data-parcel="B-7"/s);
      await shopDoes(number, { do: "return" });
    }
    const trade = await seen(number);
    assert.deepEqual([trade.state, trade.settled, trade.refunded], ["settled", 3600, 1200], goods);
  }
});

test("a buyer has no form for a refund, and gets none by asking", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  await browser.send(await open(browser, link), "approve-form", { method: rich.methods[0]?.id ?? "" });
  await browser.send(`/trades/${number}`, "deliver-form");
  await browser.send(`/trades/${number}`, "accept-all-form");
  assert.ok(!(await browser.get(`/trades/${number}`)).html.includes('id="refund-form"'));
  assert.equal((await browser.post(`/trades/${number}/refund`, { reason: "no use" })).status, 403);
  assert.equal((await seen(number)).refunded, 0);
});

test("more time, a dispute, a cancellation", async () => {
  const browser = await signedIn(rich);
  const reserve = async () => {
    const { number, link } = await proposed();
    await browser.send(await open(browser, link), "approve-form", { method: rich.methods[0]?.id ?? "" });
    return number;
  };
  const [first, second] = [await reserve(), await reserve()];
  const until = (await seen(first)).deadlines.reservedUntil ?? "";
  const later = new Date(new Date(until).getTime() + 3 * 86_400_000).toISOString().slice(0, 10);
  assert.equal((await browser.send(`/trades/${first}`, "extend-form", { until: later })).status, 303);
  assert.equal((await seen(first)).deadlines.reservedUntil?.slice(0, 10), later);
  assert.equal((await browser.send(`/trades/${first}`, "dispute-form", { reason: "No." })).status, 303);
  assert.equal((await seen(first)).state, "disputed");
  assert.equal((await browser.send(`/trades/${second}`, "cancel-form")).status, 303);
  assert.equal((await seen(second)).state, "cancelled");
});

test("a form from another context does nothing", async () => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  await open(browser, link);
  for (const headers of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }]) {
    const { status } = await browser.post(`/trades/${number}/decline`, {}, headers);
    assert.equal(status, 403);
  }
  assert.equal((await seen(number)).state, "proposed");
});

test("fields that no form has are refused on a page", async () => {
  const browser = await signedIn(rich);
  const { number, link } = await proposed();
  await open(browser, link);
  const { status, html } = await browser.post(`/trades/${number}/approve`, { amount: "1" });
  assert.equal(status, 422);
  assert.match(html, /^<!doctype html>.*data-code="invalid_field"/s);
});

test("a carrier reports the delivery and sees no price", async () => {
  const { number, link } = await proposed({
    carrier: carrier.id,
    acceptance: { by: ["buyer", "carrier"] },
  });
  const buyer = await signedIn(rich);
  await buyer.send(await open(buyer, link), "approve-form", { method: rich.methods[0]?.id ?? "" });
  const browser = await signedIn(carrier);
  const { html } = await browser.get(`/trades/${number}`);
  assert.ok(
    !/¥|1,?200|3,?600/.test(
      html
        .replaceAll(/<[^>]+>/g, "")
        .replaceAll("\u00a0", "")
        .replace(number, ""),
    ),
  );
  assert.match(html, /Whose word of a delivery counts/);
  assert.equal(
    (await browser.send(`/trades/${number}`, "deliver-form")).to,
    `/trades/${number}?done=deliver`,
  );
  assert.equal((await seen(number)).state, "delivered");
  assert.equal((await browser.get("/accounts")).status, 403);
});

test("what waits for another server is shown as that, and nothing is said to be done", async (t) => {
  const { number, link } = await proposed();
  const browser = await signedIn(rich);
  const approval = await open(browser, link);
  const { trades, database } = context;
  const before = { ...trades };
  t.after(() => Object.assign(trades, before));
  // As a server whose means of payment has not answered yet: everything is taken, nothing has changed.
  const pending = { step: "reserve", since: "2026-11-22T09:00:00.000Z" };
  const waits = new Set<string>();
  trades.read = async (actor, one) => {
    const trade = await before.read(actor, one);
    return trade && waits.has(one) ? { ...trade, pending } : trade;
  };
  trades.move = async (actor, one) => {
    waits.add(one);
    return done(202, (await trades.read(actor, one)) ?? assert.fail(one));
  };
  const taken = await browser.post(approval, { version: "1", method: rich.methods[0]?.id ?? "" });
  assert.deepEqual([taken.status, taken.to], [303, `/trades/${number}`]);
  const { html, headers } = await browser.get(`/trades/${number}?done=approve`);
  assert.equal(headers["refresh"], "3");
  assert.ok(html.includes('id="pending"') && !html.includes('id="done"') && !html.includes('id="acts"'));
  assert.equal((await browser.get(approval)).to, `/trades/${number}`);

  // A guest whose approval waits is not a stray one.
  const { number: other, link: given } = await proposed();
  const visitor = stranger();
  await confirmed(visitor, given, "wait@example.com");
  const fields = {
    name: "Waiting Guest",
    address: "Nara",
    birthDate: "1980-02-29",
    methodKind: "prepaid",
    token: voucher.code,
    key: "waits",
    version: "1",
  };
  for (const press of ["first", "second"]) {
    const { to } = await visitor.post(`/trades/${other}/approve-as-guest`, fields);
    assert.equal(to, `/trades/${other}`, press);
  }
  const guests = await database.query({
    text: "select 1 from people where kind = 'guest' and state = 'active'",
    values: [],
  });
  assert.equal(guests.length, 1);
  Object.assign(trades, before);
  const late = await browser.get(approval);
  assert.equal(late.status, 200);
  assert.equal(late.headers["refresh"], undefined);
});
