import assert from "node:assert/strict";
import { test } from "node:test";
import { type Database, rawSql } from "../src/storage/database/database.ts";
import { fakeInstitution } from "./support/world/fake-institution.ts";
import { onlyOrder, openShop, Visitor } from "./support/world/shop-visit.ts";

interface Outgoing {
  call: string;
  key: string;
  state: string;
  code: string | null;
}

async function outgoing(database: Database): Promise<Outgoing[]> {
  return database.query<Outgoing>(
    rawSql("select call, key, state, code from outgoing order by order_id, seq"),
  );
}

async function statesOf(database: Database): Promise<string[]> {
  return (await outgoing(database)).map(({ call, state }) => `${call} ${state}`);
}

/** One trade came of it all, and each call was made under one key. */
function once(seen: { call: string; key: string }[], trades: Map<string, unknown>): void {
  assert.equal(trades.size, 1);
  for (const call of new Set(seen.map((one) => one.call))) {
    assert.equal(new Set(seen.filter((one) => one.call === call).map(({ key }) => key)).size, 1, call);
  }
}

/** A database whose transactions fail while the switch is on, as if the process had been killed before them. */
function mortal(database: Database): { database: Database; dead: { now: boolean } } {
  const dead = { now: false };
  const transaction: Database["transaction"] = async (work) => {
    if (dead.now) throw new Error("killed");
    return database.transaction(work);
  };
  return { database: { ...database, transaction }, dead };
}

test("the order button pressed twice is one order", async (t) => {
  const { server, institution, database } = await openShop(t);
  const visitor = new Visitor(server);
  await visitor.post("/cart/add", { product: "umbrella" });
  const seen = Visitor.hidden((await visitor.get("/checkout")).page, "/orders");
  const fields = { ...seen, name: "Aoi", address: "Kanda", phone: "0312345678", receiver: "me" };
  const answers = await Promise.all([1, 2, 3].map(async () => visitor.post("/orders", fields)));
  const [trade] = institution.trades.values();
  assert.deepEqual(new Set(answers.map(({ location }) => location)), new Set([trade?.approveUrl]));
  const again = await visitor.post("/orders", fields);
  assert.equal(again.location, trade?.approveUrl);
  await onlyOrder(database);
  once(institution.seen, institution.trades);
  assert.equal(institution.seen.length, 1);
});

test("a proposal whose replies are lost is sent again with its key until it is answered", async (t) => {
  const { server, institution, database, watcher, later } = await openShop(t);
  institution.faults.push("lose reply", "lose request", "lose reply");
  const visitor = new Visitor(server);
  const { location, orderPage } = await visitor.order();
  assert.equal(location, orderPage, "the buyer is told to wait");
  const waiting = await visitor.get(orderPage);
  assert.match(waiting.page, /On its way to the institution/);
  assert.equal(waiting.headers["refresh"], "3");
  institution.faults.push("lose reply", "lose reply", "lose reply");
  await later();
  await watcher.runOnce();
  await later();
  assert.equal((await watcher.runOnce()).sent, 1);
  assert.deepEqual(
    (await outgoing(database)).map(({ state }) => state),
    ["done"],
  );
  once(institution.seen, institution.trades);
  assert.equal(institution.seen.length, 7);
  const known = await visitor.get(orderPage);
  assert.match(known.page, /data-state="proposed".*id="approve"/s);
});

test("killed after sending and before recording: another process finds out with the same key", async (t) => {
  const { institution, another, database, later } = await openShop(t);
  const doomed = mortal(database);
  const first = await another(doomed.database);
  institution.done = () => {
    doomed.dead.now = true;
  };
  const visitor = new Visitor(first.server);
  const { status } = await visitor.order();
  assert.equal(status, 500);
  assert.deepEqual(
    (await outgoing(database)).map(({ state }) => state),
    ["waiting"],
  );
  institution.done = () => undefined;

  const second = await another();
  assert.equal((await second.watcher.runOnce()).sent, 0, "the lease of the dead process is respected");
  await later();
  assert.equal((await second.watcher.runOnce()).sent, 1);
  assert.deepEqual(
    (await outgoing(database)).map(({ state }) => state),
    ["done"],
  );
  once(institution.seen, institution.trades);
  assert.equal(institution.seen.length, 2);
});

test("killed between two calls of one act: both are made, in order, once", async (t) => {
  const { server, institution, another, database, later, staff } = await openShop(t);
  await new Visitor(server).order({ shopMayAccept: "yes" });
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.approve(trade.number);
  const order = `/staff/orders/${trade.reference}`;
  const clerk = await staff();
  const form = { ...Visitor.hidden((await clerk.get(order)).page, `${order}/hand-over`), sure: "yes" };

  const doomed = mortal(database);
  const dying = await another(doomed.database);
  const there = new Visitor(dying.server);
  await there.post("/staff/sign-in", { password: "paper-crane-42" });
  institution.done = () => {
    doomed.dead.now = true;
  };
  assert.equal((await there.post(`${order}/hand-over`, form)).status, 500);
  institution.done = () => undefined;
  await later();
  // The buyer presses again elsewhere, and two watchers wake up at the same moment.
  const again = await another();
  await clerk.post(`${order}/hand-over`, form);
  for (let round = 0; round < 4; round += 1) {
    await later();
    await Promise.all([again.watcher.runOnce(), again.watcher.runOnce()]);
  }
  assert.equal(institution.trades.get(trade.number)?.settled, 16_800);
  assert.deepEqual(
    (await outgoing(database)).map(({ call, state }) => `${call} ${state}`),
    ["propose done", "deliver done", "accept done"],
  );
  once(institution.seen, institution.trades);
});

test("several watchers take each call once", async (t) => {
  const { server, institution, another, database } = await openShop(t);
  const others = await Promise.all([1, 2, 3].map(async () => another()));
  institution.faults.push(...Array.from({ length: 18 }, () => "lose request" as const));
  for (let count = 0; count < 6; count += 1) await new Visitor(server).order();
  assert.equal(institution.trades.size, 0);
  await database.execute(rawSql("update outgoing set send_at = clock_timestamp()"));
  const rounds = await Promise.all(others.map(async ({ watcher }) => watcher.runOnce()));
  assert.equal(
    rounds.reduce((sum, { sent }) => sum + sent, 0),
    6,
  );
  assert.equal(institution.trades.size, 6);
  assert.equal(institution.seen.length, 18 + 6);
});

test("a refusal is shown and ends the call; the next press is a new one", async (t) => {
  const { server, institution, database, later, staff } = await openShop(t);
  await new Visitor(server).order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.approve(trade.number);
  await later();
  const clerk = await staff();
  const order = `/staff/orders/${trade.reference}`;
  institution.faults.push({ refuse: "trade_disputed" });
  await clerk.press(order, `${order}/ship`);
  assert.match((await clerk.get(order)).page, /was refused.*data-code="trade_disputed"/s);
  await clerk.press(order, `${order}/ship`);
  const calls = (await outgoing(database)).filter(({ call }) => call === "ship");
  assert.deepEqual(
    calls.map(({ state }) => state),
    ["refused", "done"],
  );
  assert.notEqual(calls[0]?.key, calls[1]?.key);
});

test("a proposal that is refused takes what waits behind it along", async (t) => {
  const { server, institution, database, watcher, later } = await openShop(t);
  institution.faults.push("lose request", "lose request", "lose request");
  const visitor = new Visitor(server);
  const { orderPage } = await visitor.order();
  await database.execute(rawSql("update outgoing set send_at = clock_timestamp() + interval '1 hour'"));
  await visitor.press(orderPage, `${orderPage}/cancel`, { sure: "yes" });
  institution.faults.push({ refuse: "shop_suspended" }, { refuse: "unknown_currency" });
  await later();
  await watcher.runOnce();
  const states = async (): Promise<string[]> =>
    (await outgoing(database)).map(({ call, state }) => `${call} ${state}`);
  assert.deepEqual(
    await states(),
    ["propose waiting", "cancel waiting"],
    "a refusal at the door does not tell what became of the earlier attempts",
  );
  await later();
  await watcher.runOnce();
  assert.deepEqual(await states(), ["propose refused", "cancel refused"]);
  assert.match((await visitor.get(orderPage)).page, /did not come about/);
});

test("an order called off before its proposal is answered is cancelled behind it", async (t) => {
  const { server, institution, watcher, later } = await openShop(t);
  institution.faults.push("lose reply", "lose request", "lose request");
  const visitor = new Visitor(server);
  const { orderPage } = await visitor.order();
  await visitor.press(orderPage, `${orderPage}/cancel`, { sure: "yes" });
  for (let round = 0; round < 2; round += 1) {
    await later();
    await watcher.runOnce();
  }
  assert.deepEqual(
    institution.seen.map(({ call }) => call),
    ["propose", "propose", "propose", "propose", "cancel"],
  );
  once(institution.seen, institution.trades);
  assert.match((await visitor.get(orderPage)).page, /data-state="cancelled"/);
});

test("a key that the institution does not know keeps the notices waiting, not lost", async (t) => {
  const { server, institution, database, watcher, later } = await openShop(t);
  institution.faults.push({ refuse: "not_authenticated" }, { refuse: "not_authenticated" });
  await new Visitor(server).order();
  await later();
  await watcher.runOnce();
  assert.deepEqual(
    (await outgoing(database)).map(({ state }) => state),
    ["waiting"],
  );
  await later();
  await watcher.runOnce();
  assert.deepEqual(
    (await outgoing(database)).map(({ state }) => state),
    ["done"],
  );
});

test("a started watcher learns by itself what became of an order, and stops when told", async (t) => {
  const { server, institution, another, database } = await openShop(t);
  await new Visitor(server).order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.move(trade.number, "settled", { settled: 16_800 });
  const { watcher } = await another(database, { roundMs: 20 });
  const settled = rawSql("select 1 from orders where state = 'settled'");
  watcher.start();
  watcher.start();
  while ((await database.query(settled)).length === 0) await new Promise((resolve) => setImmediate(resolve));
  await watcher.stop();
  await watcher.stop();
});

test("what the institution has taken and not decided is asked about with its key, and never lost or done twice", async (t) => {
  const { server, institution, database, watcher, later, staff } = await openShop(t);
  institution.faults.push("wait");
  const visitor = new Visitor(server);
  const { location, orderPage } = await visitor.order({ shopMayAccept: "yes" });
  const [trade] = institution.trades.values();
  assert.ok(trade);
  assert.equal(location, orderPage, "there is nothing to approve while the reservation is being made");
  const waiting = await visitor.get(orderPage);
  assert.match(waiting.page, /id="waiting".*id="pending"/s);
  assert.equal(waiting.headers["refresh"], "3");
  await later();
  await watcher.runOnce();
  assert.deepEqual(await statesOf(database), ["propose waiting"]);
  institution.decide();
  institution.approve(trade.number);
  await later();
  await watcher.runOnce();
  assert.deepEqual(await statesOf(database), ["propose done"]);
  once(institution.seen, institution.trades);

  const order = `/staff/orders/${trade.reference}`;
  const clerk = await staff();
  institution.faults.push("wait");
  await clerk.press(order, `${order}/ship`);
  // Behind a step that waits, the next one is put off; then both come, each once.
  await visitor.press(orderPage, `${orderPage}/accept`, { sure: "yes" });
  await later();
  await watcher.runOnce();
  assert.deepEqual(await statesOf(database), ["propose done", "ship waiting", "accept waiting"]);
  institution.decide();
  for (let round = 0; round < 2; round += 1) {
    await later();
    await watcher.runOnce();
  }
  assert.deepEqual(await statesOf(database), ["propose done", "ship done", "accept done"]);
  assert.equal(institution.trades.get(trade.number)?.settled, 16_800);
  once(institution.seen, institution.trades);
});

test("a step of somebody else that waits is shown, and a call is put off until it is decided", async (t) => {
  const { server, institution, database, watcher, later, staff } = await openShop(t);
  const visitor = new Visitor(server);
  const { orderPage } = await visitor.order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.approve(trade.number);
  const reserved = institution.trades.get(trade.number);
  assert.ok(reserved);
  await visitor.get(orderPage);
  const order = `/staff/orders/${trade.reference}`;
  const clerk = await staff();
  const { page: opened } = await clerk.get(order);
  // The version stays as it is while a step waits.
  const pending = { step: "extend", since: "2026-11-22T00:00:00.000Z" };
  institution.trades.set(trade.number, { ...reserved, pending });
  await later();
  const shown = await visitor.get(orderPage);
  assert.match(shown.page, /id="pending"/);
  assert.equal(shown.headers["refresh"], "3");
  const staffs = await clerk.get(order);
  assert.match(staffs.page, /id="pending"/);
  assert.doesNotMatch(
    staffs.page,
    /id="ship-form"|id="now"/,
    "nothing is asked or offered of how it was before",
  );
  assert.equal(staffs.headers["refresh"], "3");
  // A page that was opened before still holds the form.
  await clerk.post(`${order}/ship`, Visitor.hidden(opened, `${order}/ship`));
  assert.deepEqual(await statesOf(database), ["propose done", "ship waiting"]);
  institution.trades.set(trade.number, reserved);
  await later();
  await watcher.runOnce();
  assert.deepEqual(await statesOf(database), ["propose done", "ship done"]);
  assert.doesNotMatch((await visitor.get(orderPage)).page, /id="pending"/);
});

test("what waited and was then refused is refused once, and the order says so", async (t) => {
  const { server, institution, database, watcher, later } = await openShop(t);
  institution.faults.push("wait");
  const visitor = new Visitor(server);
  const { orderPage } = await visitor.order();
  const [trade] = institution.trades.values();
  assert.ok(trade);
  institution.decide("insufficient_funds");
  institution.move(trade.number, "refused", { refusal: "insufficient_funds" });
  await later();
  await watcher.runOnce();
  assert.deepEqual(await statesOf(database), ["propose refused"]);
  assert.match((await visitor.get(orderPage)).page, /data-state="refused".*id="approve"/s);
  assert.equal(institution.trades.size, 1);
});

test("each order stays at its till, and is told and asked about there", async (t) => {
  const helped = await fakeInstitution(t);
  const { server, institution, database, watcher, later, staff, another } = await openShop(t, helped);
  const visitor = new Visitor(server);
  await visitor.order({ till: "direct" });
  const { location, orderPage } = await visitor.order({ till: "helped" });
  const [there] = helped.trades.values();
  assert.ok(there);
  assert.equal(location, there.approveUrl);
  assert.equal(
    institution.trades.has(there.number),
    true,
    "both count from one, so their numbers are the same",
  );
  assert.notEqual(institution.trades.get(there.number)?.reference, there.reference);
  helped.approve(there.number);
  const page = await visitor.get(orderPage);
  assert.ok(page.page.includes(`href="${helped.url}/trades/${there.number}"`));
  const clerk = await staff();
  await clerk.press(`/staff/orders/${there.reference}`, `/staff/orders/${there.reference}/ship`);
  assert.equal(helped.trades.get(there.number)?.lots.length, 1);
  assert.equal(institution.trades.get(there.number)?.state, "proposed");
  helped.move(there.number, "settled", { frozen: 0, settled: 16_800 });
  await later();
  assert.equal((await watcher.runOnce()).asked, 2);
  assert.match((await visitor.get(orderPage)).page, /data-state="settled"/);

  // A shop whose configuration has lost a till leaves its orders alone, and loses none.
  const poorer = await another();
  await database.execute(rawSql("update orders set till = 'gone' where till = 'helped'"));
  await later();
  await poorer.watcher.runOnce();
  const lost = await new Visitor(poorer.server).get(orderPage);
  assert.equal(lost.status, 200);
  assert.ok(lost.page.includes('data-state="settled"') && !lost.page.includes('id="trade-link"'));
});
