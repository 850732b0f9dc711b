import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeInstitution } from "../../../test/support/world/fake-institution.ts";
import { aoi, onlyOrder, openShop, staffPassword, Visitor } from "../../../test/support/world/shop-visit.ts";
import { firstGoods, linesOf, orderByNumber } from "../shop-orders/shop-orders.ts";

test("goods are shown with prices and pictures from this server only", async (t) => {
  const { server } = await openShop(t);
  const { status, page, headers } = await new Visitor(server).get("/");
  assert.equal(status, 200);
  for (const { id, words } of firstGoods) {
    const { name } = words.en;
    assert.ok(page.includes(name), name);
    assert.ok(page.includes(`href="/products/${id}"`));
  }
  assert.ok(page.includes("¥18,500"));
  assert.doesNotMatch(
    page,
    /<script(?! type="module" src="\/assets\/)|style="|(?:src|href)="(?:https?:)?\/\//,
  );
  assert.match(
    String(headers["content-security-policy"]),
    /form-action 'self' http:\/\/127\.0\.0\.1:[0-9]+;/,
  );
  for (const [, path] of page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
    const file = await server.inject(path ?? "");
    assert.equal(file.statusCode, 200, path);
    assert.match(String(file.headers["cache-control"]), /immutable/);
  }
});

test("a voucher: a tenth off, a gift, and every line of what the institution is asked to freeze", async (t) => {
  const { server, institution, database } = await openShop(t);
  const visitor = new Visitor(server);
  await visitor.post("/cart/add", { product: "notebook", quantity: "3" });
  await visitor.post("/cart/voucher", { voucher: "nothing" });
  assert.ok(!(await visitor.get("/cart")).page.includes("Furoshiki"));
  await visitor.post("/cart/voucher", { voucher: "welcome " });
  for (const path of ["/cart", "/checkout"])
    assert.match((await visitor.get(path)).page, /a gift.*¥0.*WELCOME.*−¥294.*Shipping.*¥600.*¥3,246/s, path);
  const { orderPage } = await visitor.order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  assert.deepEqual(
    trade.lines.map(({ id, kind = "goods", quantity, unitAmount }) => [id, kind, quantity, unitAmount]),
    [
      ["lacquer-bowl", "goods", 3, 5600],
      ["notebook", "goods", 3, 980],
      ["gift", "goods", 1, 0],
      ["voucher", "discount", 1, -1974],
    ],
  );
  assert.equal(trade.amount, 17_766);
  const { page } = await visitor.get(orderPage);
  assert.match(page, /data-kind="discount".*WELCOME.*−¥1,974.*Total.*¥17,766/s);
  assert.ok(!(await visitor.get("/cart")).page.includes("Furoshiki"), "a voucher is for one order");
  const lines = await linesOf(database, (await orderByNumber(database, await onlyOrder(database)))?.id ?? "");
  assert.equal(
    lines.reduce((sum, { quantity, unitAmount }) => sum + unitAmount * BigInt(quantity), 0n),
    17_766n,
  );
});

test("the cart: put in, change, take out", async (t) => {
  const { server } = await openShop(t);
  const visitor = new Visitor(server);
  assert.equal((await visitor.get("/checkout")).location, "/cart");
  await visitor.post("/cart/add", { product: "notebook" });
  await visitor.post("/cart/add", { product: "notebook", quantity: "2" });
  const three = (await visitor.get("/cart")).page;
  assert.ok(three.includes("¥2,940") && three.includes("¥3,540") && three.includes("Cart (3)"));
  await visitor.post("/cart/change", { product: "notebook", quantity: "11" });
  assert.match((await visitor.get("/cart")).page, /free.*¥10,780/s);
  await visitor.post("/cart/change", { product: "notebook", quantity: "0" });
  assert.ok((await visitor.get("/cart")).page.includes("Nothing is in your cart"));
  await visitor.post("/cart/add", { product: "umbrella" });
  await visitor.post("/cart/remove", { product: "umbrella" });
  assert.ok((await visitor.get("/cart")).page.includes("Nothing is in your cart"));
  assert.ok((await new Visitor(server).get("/cart")).page.includes("Nothing is in your cart"));
});

test("an order from the cart to the settled money", async (t) => {
  const { server, institution, database, watcher, later, staff } = await openShop(t);
  const visitor = new Visitor(server);
  const { status, location, orderPage } = await visitor.order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  assert.deepEqual([status, location], [303, trade.approveUrl]);
  assert.deepEqual([trade.amount, trade.reference], [16_800, await onlyOrder(database)]);
  assert.deepEqual(trade.acceptance.by, ["buyer"]);
  assert.ok((await visitor.get("/cart")).page.includes("Nothing is in your cart"));

  const proposed = await visitor.get(orderPage);
  assert.ok(
    proposed.page.includes('data-state="proposed"') && proposed.page.includes(String(trade.approveUrl)),
  );
  assert.equal(proposed.headers["refresh"], undefined);
  institution.approve(trade.number);
  await later();
  const frozen = (await visitor.get(orderPage)).page;
  assert.match(frozen, /data-state="reserved".*data-part="frozen".*¥16,800/s);
  assert.ok(frozen.includes(`href="${institution.url}/trades/${trade.number}"`));

  const clerk = await staff();
  const order = `/staff/orders/${trade.reference}`;
  const parcel = { carrier: "Yamato", number: "YT-123", url: "https://yamato.example/YT-123" };
  const shipped = await clerk.press(order, `${order}/ship`, parcel);
  assert.equal(shipped.location, order);
  assert.equal(institution.seen.at(-1)?.call, "ship");
  assert.deepEqual(JSON.parse(institution.seen.at(-1)?.body ?? ""), { version: 2, tracking: parcel });
  const onTheWay = (await visitor.get(orderPage)).page;
  assert.doesNotMatch(onTheWay, /cancel-form|accept-form/);
  assert.match(onTheWay, /data-lead="way".*data-place="way".*data-parcel="YT-123".*yamato\.example/s);

  institution.move(trade.number, "settled", { frozen: 0, settled: 16_800, lots: [] });
  await later();
  assert.deepEqual(await watcher.runOnce(), { sent: 0, asked: 1 });
  assert.match((await visitor.get(orderPage)).page, /data-state="settled".*data-part="settled".*¥16,800/s);
  await later();
  assert.deepEqual(await watcher.runOnce(), { sent: 0, asked: 0 }, "nothing more is to be learnt");
});

test("the order form: what is missing is said, and what was typed is kept", async (t) => {
  const { server, institution } = await openShop(t);
  const visitor = new Visitor(server);
  await visitor.post("/cart/add", { product: "umbrella" });
  const cases: [Record<string, string>, RegExp][] = [
    [{ name: "" }, /href="#name"/],
    [{ email: "" }, /email address or a telephone/],
    [{ email: "aoi" }, /not an email address/],
    [{ receiver: "other" }, /href="#recipientName"/],
    [{ member: "1234567890" }, /check its digits/],
    [{ member: "12-34" }, /digits only/],
    [{ address: "4111 1111 1111 1111" }, /Card numbers are never taken/],
  ];
  for (const [fields, says] of cases) {
    const { status, page } = await visitor.press("/checkout", "/orders", { ...aoi, phone: "", ...fields });
    assert.equal(status, 422, JSON.stringify(fields));
    assert.match(page, says);
    assert.ok(page.includes("Kanda, Tokyo") || fields["address"] !== undefined);
  }
  assert.equal(institution.seen.length, 0);
});

test("a present, a member number and the shop's leave go into the proposal", async (t) => {
  const { server, institution } = await openShop(t);
  await new Visitor(server).order({
    receiver: "other",
    recipientName: "Ren Sato",
    recipientAddress: "4-5 Naka, Kobe",
    member: "5724",
    shopMayAccept: "yes",
  });
  const body = JSON.parse(institution.seen[0]?.body ?? "") as Record<string, object>;
  assert.deepEqual(body["acceptance"], { by: ["buyer", "recipient", "shop"], need: 1, autoAfter: "P7D" });
  assert.deepEqual(body["recipient"], { name: "Ren Sato", address: "4-5 Naka, Kobe" });
  assert.deepEqual(body["buyer"], { member: "5724" });
  assert.ok(!JSON.stringify(body).includes("Aoi"), "the buyer's own data stay here");
});

test("the buyer cancels before shipping, and not after", async (t) => {
  const { server, institution, staff } = await openShop(t);
  const visitor = new Visitor(server);
  const first = await visitor.order();
  const asked = await visitor.press(first.orderPage, `${first.orderPage}/cancel`);
  assert.equal(asked.status, 422);
  assert.match(asked.page, /id="sure">Shall we cancel the whole order\? Nothing is frozen/);
  assert.doesNotMatch((await visitor.get(first.orderPage)).page, /data-state="cancelled"/);
  const sure = Visitor.hidden(asked.page, `${first.orderPage}/cancel`);
  assert.equal((await visitor.post(`${first.orderPage}/cancel`, sure)).location, first.orderPage);
  assert.match((await visitor.get(first.orderPage)).page, /data-state="cancelled"/);

  const second = new Visitor(server);
  const { orderPage } = await second.order();
  const trade = [...institution.trades.values()].at(-1);
  assert.ok(trade);
  institution.approve(trade.number);
  const old = (await second.get(orderPage)).page;
  const order = `/staff/orders/${trade.reference}`;
  await (await staff()).press(order, `${order}/ship`);
  const late = await second.post(`${orderPage}/cancel`, Visitor.hidden(old, `${orderPage}/cancel`));
  assert.equal(late.status, 409);
  assert.deepEqual(
    institution.seen.map(({ call }) => call),
    ["propose", "cancel", "propose", "ship"],
  );
});

test("what has left is not cancelled for the buyer, however old the shop's own copy of the trade is", async (t) => {
  const { server, institution } = await openShop(t);
  const visitor = new Visitor(server);
  const { orderPage } = await visitor.order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.approve(trade.number);
  const { page } = await visitor.get(orderPage);
  const once = await visitor.post(`${orderPage}/cancel`, Visitor.hidden(page, `${orderPage}/cancel`));
  assert.match(once.page, /id="sure">Shall we cancel the whole order\? <.*¥[0-9,]+.* becomes free again/s);
  const form = Visitor.hidden(once.page, `${orderPage}/cancel`);
  // A carrier has picked it up, and nobody has told the shop.
  const lots = [{ line: 1, quantity: 3, at: "shipped" }] as const;
  institution.move(trade.number, "reserved", { lots: [...lots] });
  assert.equal((await visitor.post(`${orderPage}/cancel`, form)).location, orderPage);
  assert.equal(institution.trades.get(trade.number)?.state, "reserved");
  const after = (await visitor.get(orderPage)).page;
  assert.match(after, /id="refused".*data-code="trade_changed"/s);
  assert.ok(!after.includes('id="cancel-form"'));
});

test("an order is called off while its proposal waits, and stays if the buyer approves in the meantime", async (t) => {
  const { server, institution, watcher, later } = await openShop(t);
  const visitor = new Visitor(server);
  for (const approved of [false, true]) {
    institution.faults.push("lose reply", "lose reply", "lose reply");
    const { orderPage } = await visitor.order();
    const trade = [...institution.trades.values()].at(-1) ?? assert.fail();
    await visitor.press(orderPage, `${orderPage}/cancel`, { sure: "yes" });
    if (approved) institution.approve(trade.number);
    for (let round = 0; round < 3; round += 1) {
      await later();
      await watcher.runOnce();
    }
    const { state } = institution.trades.get(trade.number) ?? {};
    assert.equal(state, approved ? "reserved" : "cancelled");
  }
});

test("where the buyer agreed, the shop passes on their acceptance", async (t) => {
  const { server, institution, later, staff } = await openShop(t);
  const visitor = new Visitor(server);
  const { orderPage } = await visitor.order({ shopMayAccept: "yes" });
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.approve(trade.number);
  await later();
  const order = `/staff/orders/${trade.reference}`;
  await (await staff()).press(order, `${order}/ship`);
  const early = await visitor.press(orderPage, `${orderPage}/accept`);
  assert.equal(early.status, 422, "on the way, one press pays nothing");
  assert.match(early.page, /id="sure">Nobody but us has reported it delivered\. .* shall .*[0-9]/);
  assert.doesNotMatch((await visitor.get(orderPage)).page, /data-state="settled"/);
  const accepted = await visitor.press(orderPage, `${orderPage}/accept`, { sure: "yes" });
  assert.equal(accepted.location, orderPage);
  assert.match((await visitor.get(orderPage)).page, /data-state="settled"/);
});

test("handed over at the counter: delivery and acceptance are told, in this order", async (t) => {
  const { server, institution, staff } = await openShop(t);
  await new Visitor(server).order({ shopMayAccept: "yes" });
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.approve(trade.number);
  const order = `/staff/orders/${trade.reference}`;
  const clerk = await staff();
  await clerk.press(order, `${order}/hand-over`, { reference: "signed" });
  assert.deepEqual(
    institution.seen.map(({ call }) => call),
    ["propose", "deliver", "accept"],
  );
  assert.match((await clerk.get(order)).page, /data-state="settled"/);
});

test("refunds: too much is not sent, a double press is one refund", async (t) => {
  const { server, institution, later, staff } = await openShop(t);
  await new Visitor(server).order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.move(trade.number, "settled", { settled: 16_800 });
  await later();
  const clerk = await staff();
  const order = `/staff/orders/${trade.reference}`;
  for (const amount of ["16801", "0", "-1", "1.5", "lots"]) {
    const { status } = await clerk.press(order, `${order}/refund`, { amount, reason: "scratched" });
    assert.equal(status, 422, amount);
  }
  const seen = Visitor.hidden((await clerk.get(order)).page, `${order}/refund`);
  const fields = { ...seen, amount: "¥5,600", reason: "scratched", sure: "yes" };
  const answers = await Promise.all([1, 2, 3].map(async () => clerk.post(`${order}/refund`, fields)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]));
  assert.equal(institution.trades.get(trade.number)?.refunded, 5_600);
  assert.equal(institution.seen.filter(({ call }) => call === "refund").length, 1);
  await clerk.press(order, `${order}/refund`, { reason: "the rest" });
  assert.equal(institution.trades.get(trade.number)?.refunded, 16_800);
});

test("rejected goods come back", async (t) => {
  const { server, institution, later, staff } = await openShop(t);
  await new Visitor(server).order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  const lines = trade.lines.map((line) => ({ ...line, rejected: line.quantity }));
  const lots = lines.map(
    ({ line, quantity }) => ({ line, quantity, at: "rejected", kind: "wrong" }) as const,
  );
  institution.move(trade.number, "rejected", { frozen: 16_800, lines, lots });
  await later();
  const order = `/staff/orders/${trade.reference}`;
  await (await staff()).press(order, `${order}/return`);
  assert.equal(institution.trades.get(trade.number)?.released, 16_800);
});

test("the staff's pages are for the staff", async (t) => {
  const { server, database } = await openShop(t);
  const stranger = new Visitor(server);
  await stranger.order();
  const order = `/staff/orders/${await onlyOrder(database)}`;
  const key = "k".repeat(32);
  assert.equal((await stranger.get("/staff")).location, "/staff/sign-in");
  assert.equal((await stranger.get(order)).location, "/staff/sign-in");
  assert.equal((await stranger.post(`${order}/ship`, { key })).location, "/staff/sign-in");
  for (const password of ["", "wrong", `${staffPassword} `]) {
    assert.equal((await stranger.post("/staff/sign-in", { password })).status, 401);
  }
  await stranger.post("/staff/sign-in", { password: staffPassword });
  assert.match((await stranger.get("/staff")).page, new RegExp(`href="${order}"`));
  await stranger.post("/staff/sign-out", {});
  assert.equal((await stranger.get("/staff")).location, "/staff/sign-in");
});

test("bad input is refused, never a failure", async (t) => {
  const { server, institution, staff } = await openShop(t);
  const visitor = new Visitor(server);
  await visitor.post("/cart/add", { product: "umbrella" });
  const clerk = await staff();
  const key = "k".repeat(32);
  const paths = ["/products/%00", "/products/Ä", "/orders/%00", "/orders/x", `/products/${"a".repeat(300)}`];
  for (const path of [...paths, "/nothing", "/staff/orders/%00", "/staff?before=%00", "/staff?after=1"]) {
    const { status } = await clerk.get(path);
    assert.ok(status === 404 || status === 422 || status === 400, `${path}: ${status}`);
  }
  const posts: [string, Record<string, string>][] = [
    ["/cart/add", { product: "\0" }],
    ["/cart/add", { product: "umbrella", quantity: "1e3" }],
    ["/cart/add", { product: "umbrella", quantity: "100" }],
    ["/cart/add", { product: "nothing" }],
    ["/cart/add", { product: "umbrella", price: "1" }],
    ["/cart/change", { product: "umbrella", quantity: "-1" }],
    ["/orders", { ...aoi, key: "short" }],
    ["/orders", { ...aoi, key, name: "A\0B" }],
    ["/orders", { ...aoi, key, constructor: "x" }],
    ["/orders", { ...aoi, key, amount: "1" }],
    ["/staff/orders/0000000000/ship", { key }],
    [`/orders/${"x".repeat(43)}/cancel`, { key }],
  ];
  for (const [path, fields] of posts) {
    for (const who of [visitor, clerk]) {
      const { status, location } = await who.post(path, fields);
      assert.ok(
        (status >= 400 && status < 500) || location === "/cart" || location === "/staff/sign-in",
        `${path} ${JSON.stringify(fields)}: ${status}`,
      );
    }
  }
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    cookie: "shop_cart=%00; shop_orders=..%00",
  };
  const payload = "product=umbrella&product=notebook";
  assert.equal((await server.inject({ method: "POST", url: "/cart/add", headers, payload })).statusCode, 422);
  assert.equal((await server.inject({ url: "/orders", headers })).statusCode, 200);
  const elsewhere = { ...headers, "sec-fetch-site": "cross-site" };
  const forged = await server.inject({
    method: "POST",
    url: "/cart/add",
    headers: elsewhere,
    payload: "product=umbrella",
  });
  assert.equal(forged.statusCode, 403);
  assert.equal(institution.seen.length, 0);
});

test("where to pay is asked only where there is a choice", async (t) => {
  const one = await openShop(t);
  const alone = new Visitor(one.server);
  await alone.post("/cart/add", { product: "umbrella" });
  assert.doesNotMatch((await alone.get("/checkout")).page, /name="till"/);

  const second = await fakeInstitution(t);
  const { server, institution } = await openShop(t, second);
  const visitor = new Visitor(server);
  await visitor.post("/cart/add", { product: "umbrella" });
  const { page, headers } = await visitor.get("/checkout");
  assert.match(page, /value="direct" id="till-direct" checked/);
  assert.doesNotMatch(page, /id="till-helped" checked/);
  assert.ok(page.includes("Helped &lt;b>"));
  const policy = String(headers["content-security-policy"]);
  for (const { url } of [institution, second]) assert.ok(policy.includes(` ${url}`), policy);
  const seen = Visitor.hidden(page, "/orders");
  for (const fields of [{}, { till: "nowhere" }]) {
    const again = await visitor.post("/orders", { ...aoi, ...seen, ...fields });
    assert.equal(again.status, 422);
    assert.ok(again.page.includes("Please say where you want to pay."));
  }
  assert.equal(institution.seen.length + second.seen.length, 0);
});
