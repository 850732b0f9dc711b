import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { rawSql } from "../../storage/database/database.ts";
import { root } from "../../../test/tidy/sources.ts";
import { noteSigner } from "../../../test/support/wire/notes.ts";
import { openShop, Visitor } from "../../../test/support/world/shop-visit.ts";
import type { TradeEventView, TradeView } from "../../core/protocol/protocol.ts";

/** What the institution was told, but for the version that was seen. */
function sent({ call, body } = { call: "", body: "{}" }): [string, object] {
  const { version, ...rest } = JSON.parse(body) as { version?: number };
  return [call, call === "offer/accept" ? { version } : rest];
}

/** An order that is frozen, and shipped in two parcels; with its trade, a clerk and the path of the clerk's page. */
async function shippedOrder(t: TestContext) {
  const { server, institution, staff, later } = await openShop(t);
  const visitor = new Visitor(server);
  const { orderPage } = await visitor.order();
  const [{ number, reference } = { number: "", reference: null }] = institution.trades.values();
  institution.approve(number);
  await later();
  const clerk = await staff();
  const order = `/staff/orders/${reference}`;
  const ship = async (parcel: string, quantity: string) =>
    clerk.press(order, `${order}/ship`, { carrier: "Hayabusa", number: parcel, "quantity-1": quantity });
  await ship("P-1", "2");
  await ship("P-2", "1");
  const last = () => sent(institution.seen.at(-1));
  return { institution, visitor, orderPage, number, clerk, order, last, later };
}

test("an order goes out in parts, each with its parcel, and what is lost is given up by parcel", async (t) => {
  const { institution, clerk, order, last } = await shippedOrder(t);
  assert.deepEqual(institution.seen.slice(-2).map(sent), [
    ["ship", { lines: [{ line: 1, quantity: 2 }], tracking: { number: "P-1", carrier: "Hayabusa" } }],
    ["ship", { tracking: { number: "P-2", carrier: "Hayabusa" } }],
  ]);
  const { page } = await clerk.get(order);
  assert.ok(!page.includes('id="ship-form"') && page.includes('data-parcel="P-2"'));
  await clerk.press(order, `${order}/give-up`, { parcel: "P-2", reason: "The van burnt." });
  assert.deepEqual(last(), ["cancel", { lines: [{ line: 1, quantity: 1 }], reason: "The van burnt." }]);
});

test("a number of a parcel goes with its carrier, and a link is one", async (t) => {
  const { server, institution, staff, later } = await openShop(t);
  await new Visitor(server).order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.approve(trade.number);
  await later();
  const clerk = await staff();
  const order = `/staff/orders/${trade.reference}`;
  for (const quantity of ["0", "4", "two"]) {
    const { status, page } = await clerk.press(order, `${order}/ship`, { "quantity-1": quantity });
    assert.equal(status, 422, quantity);
    assert.match(page, /href="#ship-quantity-1"/, "nothing, or more than there is, is never all of it");
  }
  for (const [fields, field] of [
    [{ carrier: "Hayabusa" }, "ship-number"],
    [{ number: "P-1", url: "javascript:alert(1)" }, "ship-url"],
  ] as const) {
    const { status, page } = await clerk.press(order, `${order}/ship`, fields);
    assert.equal(status, 422);
    assert.match(page, new RegExp(`href="#${field}".*id="${field}-error"`, "s"));
  }
  assert.equal(institution.seen.length, 1);
});

test("the shop's own word is told for what is on the way, and nothing else", async (t) => {
  const { visitor, orderPage, clerk, order, last } = await shippedOrder(t);
  await clerk.press(order, `${order}/delivered`, { reference: "called them" });
  const evidence = { kind: "receipt", reference: "called them" };
  assert.deepEqual(last(), ["deliver", { lines: [{ line: 1, quantity: 3 }], evidence }]);
  const { page } = await visitor.get(orderPage);
  assert.match(page, /data-lead="claimed".*id="to-trade"/s);
  assert.ok(!(await clerk.get(order)).page.includes('id="delivered-form"'));
});

const rejectedLot = { line: 1, quantity: 3, at: "rejected", kind: "wrong", home: "back" } as const;

test("staff are told that the buyer has accepted what nobody has seen leave, and not where somebody has", async (t) => {
  const { server, institution, staff, later } = await openShop(t);
  await new Visitor(server).order();
  const [{ number, reference, lines } = assert.fail()] = institution.trades.values();
  institution.approve(number);
  const event = (seq: number, type: TradeEventView["type"], role: "buyer" | "carrier"): TradeEventView => ({
    seq,
    version: seq,
    type,
    at: "2026-11-22T00:00:00.000Z",
    actor: { role, id: null },
    data: {},
  });
  const accepted = lines.map((line) => ({ ...line, delivered: line.quantity, accepted: line.quantity }));
  institution.move(number, "settled", { lines: accepted });
  await later();
  const clerk = await staff();
  const page = async (...events: TradeEventView[]) => {
    institution.said.set(number, events);
    return (await clerk.get(`/staff/orders/${reference}`)).page;
  };
  assert.match(
    await page(event(1, "trade.accepted", "buyer")),
    /id="early".*ask them about before you send it/s,
  );
  assert.doesNotMatch(
    await page(event(1, "trade.delivered", "carrier"), event(2, "trade.accepted", "buyer")),
    /id="early"/,
  );
});

test("staff see why goods come back, keep a part of the price, or contest by a closed list", async (t) => {
  const { institution, number, clerk, order, last, later } = await shippedOrder(t);
  institution.move(number, "rejected", { lots: [rejectedLot] });
  const said = (seq: number, type: TradeEventView["type"], data: object): TradeEventView => ({
    seq,
    version: seq,
    type,
    at: "2026-11-22T00:00:00.000Z",
    actor: { role: "buyer", id: null },
    data: { ...data },
  });
  const reason = "Two bowls <b>crack</b>.";
  institution.said.set(number, [said(1, "trade.rejected", { reason, kind: "wrong" })]);
  await later();
  const { page } = await clerk.get(order);
  assert.match(page, /id="said".*Rejected.*wrong or broken.*Two bowls &lt;b>crack/s);
  assert.equal((await clerk.press(order, `${order}/contest`, { contest: "no", reason: "x" })).status, 422);
  await clerk.press(order, `${order}/contest`, { contest: "another_article", reason: "It is a cup." });
  assert.deepEqual(last(), ["dispute", { contest: "another_article", reason: "It is a cup." }]);
  for (const [fields, field] of [
    [{ deduct: "lots", reason: "x" }, "return-deduct"],
    [{ deduct: "600" }, "return-reason"],
  ] as const) {
    const { status, page: again } = await clerk.press(order, `${order}/return`, fields);
    assert.equal(status, 422);
    assert.ok(again.includes(`id="${field}-error"`), field);
  }
  await clerk.press(order, `${order}/return`, { deduct: "600", reason: "scratched", "quantity-1": "2" });
  const deduct = { amount: 600, reason: "scratched" };
  assert.deepEqual(last(), ["return", { lines: [{ line: 1, quantity: 2 }], deduct }]);
});

test("what is back is asked of the shop first, and what it contests is not agreed to by silence", async (t) => {
  const { institution, number, clerk, order, later } = await shippedOrder(t);
  const back = { ...rejectedLot, home: "back", back: "B-1" } as const;
  const here = { line: 1, quantity: 1, at: "delivered", parcel: "P-2" } as const;
  const trade = institution.trades.get(number) ?? assert.fail();
  const deadlines = { ...trade.deadlines, inspectBy: "2026-12-22T00:00:00.000Z" };
  institution.move(number, "delivered", { lots: [here, back], deadlines });
  await later();
  const { page } = await clerk.get(order);
  assert.match(page, /id="now" data-lead="home"/);
  assert.match(page, /data-deadline="inspectBy">.*counts as agreed/s);
  institution.move(number, "delivered", { lots: [here, { ...back, contested: "used" }], deadlines });
  await later();
  const contested = await clerk.get(order);
  assert.match(contested.page, /data-deadline="inspectBy">.*an operator decides about what it contests/s);
  assert.doesNotMatch(contested.page, /counts as agreed/);
});

test("a dispute: the shop answers, offers, and takes the buyer's offer", async (t) => {
  const { institution, number, clerk, order, last, later } = await shippedOrder(t);
  const dispute = {
    by: "buyer",
    since: "2026-11-22T00:00:00.000Z",
    asked: ["shop"],
  } satisfies TradeView["dispute"];
  institution.move(number, "disputed", { dispute });
  await later();
  await clerk.press(order, `${order}/answer`, { statement: "It was delivered.", reference: "S-1" });
  const evidence = { kind: "receipt", reference: "S-1" };
  assert.deepEqual(last(), ["answer", { statement: "It was delivered.", evidence }]);
  assert.ok(!(await clerk.get(order)).page.includes('id="answer-form"'));
  assert.equal((await clerk.press(order, `${order}/offer`, { pay: "16,801" })).status, 422);
  await clerk.press(order, `${order}/offer`, { pay: "10,000" });
  assert.deepEqual(last(), ["offer", { release: 6_800, pay: 10_000 }]);
  const offer = { by: "buyer", release: 16_000, pay: 800, refund: 0, version: 17 } as const;
  institution.move(number, "disputed", { offer });
  await later();
  assert.match((await clerk.get(order)).page, /id="offered">.*¥800.*¥16,000/s);
  await clerk.press(order, `${order}/take-offer`);
  assert.deepEqual(last(), ["offer/accept", { version: 17 }]);
});

test("what the staff press is done to the trade that the page showed, and to no other", async (t) => {
  const { institution, number, clerk, order, later } = await shippedOrder(t);
  const fair = { by: "buyer", release: 100, pay: 8_300, refund: 0, version: 17 } as const;
  const lot = { line: 1, quantity: 3, at: "delivered" } as const;
  institution.move(number, "settled", { settled: 16_800, lots: [lot, rejectedLot], offer: fair });
  await later();
  const { page } = await clerk.get(order);
  assert.match(page, /id="offered">.*¥8,300/s);
  const paths = [...page.matchAll(/<form[^>]* action="(\/staff\/orders\/[^"]+)"/g)].map(
    ([, path = ""]) => path,
  );
  assert.ok(paths.length > 4, paths.join());
  const forms = paths.map((path) => ({ path, fields: Visitor.hidden(page, path) }));
  const told = institution.seen.length;
  const reason = { reason: "x", contest: "used", pay: "0", refund: "1", statement: "x" };

  // The shop has not heard of the other offer: the institution says no.
  institution.move(number, "settled", { offer: { ...fair, release: 8_400, pay: 0, version: 18 } });
  const taking = forms.find(({ path }) => path.endsWith("/take-offer")) ?? assert.fail();
  await clerk.post(taking.path, { ...taking.fields, sure: "yes" });
  assert.deepEqual(sent(institution.seen.at(-1)), ["offer/accept", { version: 17 }]);
  assert.match((await clerk.get(order)).page, /id="refused".*data-code="no_offer".*id="offered">.*¥8,400/s);
  assert.equal(institution.seen.length, told + 1);
  // Now it has, and asks nobody; nor where a form does not say what it showed.
  for (const { path, fields } of forms.filter((form) => form !== taking)) {
    const { version, ...blind } = fields;
    assert.ok(version, path);
    assert.equal((await clerk.post(path, { ...fields, ...reason, sure: "yes" })).status, 409, path);
    assert.equal((await clerk.post(path, { ...blind, ...reason, sure: "yes" })).status, 409, path);
  }
  assert.equal(institution.seen.length, told + 1);
});

test("a form that was kept and is pressed with other words is another act", async (t) => {
  const { institution, number, clerk, order, later } = await shippedOrder(t);
  const lot = { line: 1, quantity: 3, at: "delivered" } as const;
  institution.move(number, "settled", { settled: 16_800, lots: [lot] });
  await later();
  const path = `${order}/refund`;
  const kept = Visitor.hidden((await clerk.get(order)).page, path);
  const press = (refund: string) =>
    clerk.post(path, { ...kept, refund, amount: refund, reason: "A scratch", sure: "yes" });
  const told = institution.seen.length;
  assert.equal((await press("100")).status, 303);
  assert.equal(institution.seen.length, told + 1);
  assert.equal((await press("100")).status, 303, "the same press again is the same");
  institution.move(number, "settled", { refunded: 100 });
  await later();
  assert.equal((await press("100")).status, 303, "whatever the order has become");
  assert.equal((await press("3000")).status, 409, "and another one is not said to be done");
  assert.equal(institution.seen.length, told + 1);
});

test("a yes to being paid early is to the price that was shown, and to no other", async (t) => {
  const { institution, number, clerk, order, later } = await shippedOrder(t);
  institution.move(number, "reserved", { topology: "facilitated" });
  await later();
  const path = `${order}/advance`;
  const fields = Visitor.hidden((await clerk.get(order)).page, path);
  const told = institution.seen.length;
  // This server says no price: a form that was shown one is asked again.
  for (const price of [{}, { price: "30" }]) {
    const { page } = await clerk.post(path, { ...fields, ...price, sure: "yes" });
    assert.match(page, /id="ask-form"/);
    assert.equal(Visitor.hidden(page, path)["price"], "unknown");
  }
  assert.equal(institution.seen.length, told);
  assert.equal((await clerk.press(order, path)).status, 303);
  assert.deepEqual(sent(institution.seen.at(-1)), ["advance", {}]);
  assert.equal(institution.seen.length, told + 1);
});

test("an order that was last seen before goods were under way, and is not asked about any more, is shown as ever", async (t) => {
  const { server, institution, staff, later, database, watcher } = await openShop(t);
  const visitor = new Visitor(server);
  const { orderPage } = await visitor.order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.approve(trade.number);
  await later();
  await watcher.runOnce();
  const old = ["lots", "parcels", "independent", "dispute"].reduce(
    (text, name) => `${text} - '${name}'::text`,
    "view",
  );
  await database.execute(
    rawSql(`update orders set check_at = null, view = jsonb_set(jsonb_set(${old},
      '{lines,0}', (view #> '{lines,0}') - 'shipped'::text - 'withdrawn'::text - 'ended'::text), '{deadlines}', '{"approveBy": null,
      "reservedUntil": null, "shipBy": null, "acceptBy": null, "paymentDate": null, "coolingOffUntil": null}')`),
  );
  const sql = readFileSync(join(root, "sql", "shop", "0003_goods_under_way.sql"), "utf8");
  await database.execute(rawSql(sql.slice(sql.indexOf("update orders"))));
  const clerk = await staff();
  const { status, page } = await clerk.get(`/staff/orders/${trade.reference}`);
  assert.equal(status, 200);
  assert.ok(page.includes('id="ship-form"'));
  assert.match((await visitor.get(orderPage)).page, /data-place="unshipped"/);
});

test("staff are warned of a server whose log is not what the shop has seen of it, until they name a new key", async (t) => {
  const { institution, staff, another } = await openShop(t);
  const pager = await staff();
  const shows = (signer: ReturnType<typeof noteSigner>, origin: string, size: number, root: string): void => {
    const text = `${origin}\n${size}\n${root}\n`;
    institution.log = { note: `${text}\n${signer.sign(text)}`, proof: [], key: signer.key };
  };
  const [log, next] = [noteSigner("log.example/log", 1), noteSigner("log.example/log/2", 1)];
  const [one, two] = ["A", "B"].map((letter) => `${letter.repeat(43)}=`);
  const look = async (logKeys?: string[]): Promise<string> => {
    const { watcher } = await another(undefined, {}, logKeys);
    await watcher.runOnce();
    return (await pager.get("/staff")).page;
  };
  assert.ok(!(await look()).includes('id="rewritten"'), "a server without a log");
  shows(log, "log.example/log", 5, one ?? "");
  assert.ok(!(await look()).includes('id="rewritten"'));
  assert.ok(!(await look()).includes('id="rewritten"'), "the same again");
  shows(log, "log.example/log", 5, two ?? "");
  assert.match(await look(), /id="rewritten".*Directly says something else of the past than it did/s);
  shows(log, "log.example/log", 5, one ?? "");
  assert.ok((await look()).includes('id="rewritten"'), "what was seen is not unseen");
  shows(next, "log.example/log/2", 1, two ?? "");
  assert.ok((await look()).includes('id="rewritten"'));
  assert.ok(!(await look([next.key])).includes('id="rewritten"'));
  shows(next, "log.example/log/2", 1, one ?? "");
  assert.ok((await look([log.key, next.key])).includes('id="rewritten"'));
});

/** An order of a present, whose recipient the buyer has named. */
const present = {
  receiver: "other",
  recipientName: "Mei Ito <i>",
  recipientAddress: "3-3 Minato, Tokyo",
  from: "Hana & Aki",
  greeting: "Happy birthday!",
};

test("a recipient's code, and from whom it is, come into the parcel by papers that have no price", async (t) => {
  const { server, institution, staff, later } = await openShop(t);
  const visitor = new Visitor(server);
  await visitor.order(present);
  const [trade] = institution.trades.values();
  assert.ok(trade);
  const proposal = JSON.parse(institution.seen[0]?.body ?? "{}") as { recipient: Record<string, unknown> };
  assert.deepEqual(
    [proposal.recipient["from"], proposal.recipient["greeting"]],
    ["Hana & Aki", "Happy birthday!"],
  );
  const clerk = await staff();
  const order = `/staff/orders/${trade.reference}`;
  assert.ok(!(await clerk.get(order)).page.includes('id="parcel"'), "nothing is to be packed yet");
  institution.approve(trade.number);
  await later();
  const { page } = await clerk.get(order);
  assert.match(page, /id="recipient-code">1234 5678</);
  assert.ok(page.includes(`href="${order}/papers"`));
  const papers = await clerk.get(`${order}/papers`);
  assert.equal(papers.status, 200);
  const [, label = "", slip = ""] = /id="label"(.*)id="slip"(.*)/s.exec(papers.page) ?? [];
  assert.ok(!label.includes("1234 5678"), "who carries it does not read the code");
  assert.match(
    label,
    new RegExp(
      `class="bars".*aria-label="${trade.number}".*Mei Ito &lt;i>|Mei Ito &lt;i>.*aria-label="${trade.number}"`,
      "s",
    ),
  );
  assert.match(slip, /id="parcel-code">1234 5678<.*class="squares"/s);
  assert.match(slip, /Hana &amp; Aki.*Happy birthday!/s);
  assert.doesNotMatch(papers.page, /[¥￥円]|JPY/);
  await clerk.press(order, `${order}/ship`, { carrier: "Hayabusa", number: "P-1" });
  assert.match((await clerk.get(order)).page, /id="recipient-code"/, "a slip may have got lost");
  assert.equal((await visitor.get(`${order}/papers`)).location, "/staff/sign-in");
});

test("goods for the buyer go out with a label and a slip, and nobody is told a code", async (t) => {
  const { clerk, order, institution } = await shippedOrder(t);
  const { page } = await clerk.get(`${order}/papers`);
  assert.ok(page.includes('id="label"') && !page.includes("parcel-code"));
  const proposal = JSON.parse(institution.seen[0]?.body ?? "{}") as Record<string, unknown>;
  assert.deepEqual(proposal["buyer"], { guest: { name: "Aoi Tanaka", address: "1-2-3 Kanda, Tokyo" } });
  assert.deepEqual(proposal["buyerHint"], { email: "aoi@example.jp", locale: "en" });
});
