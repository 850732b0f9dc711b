/** The client's calls about credit against a running guarantor on which two operators are needed: lines, orders, lenders, bills. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { type CallOptions, kenshu, type Outcome } from "@kenshu/sdk";
import { request, signIn } from "./support/wire/http.ts";
import { openDebtors } from "./support/world/debtors.ts";
import { until } from "./support/world/world.ts";

const world = await openDebtors({ after });
const { guarantor, people, desk: asDesk, as, billed, advance, agree } = world;
const { url, demo } = guarantor;
const [, other] = demo.operators;
assert.ok(other);
const second = await signIn(url, other);
const desk = kenshu({ url, key: demo.adminKey });
const shop = kenshu({ url, key: people.shop.key });
const clientOf = async (member: Parameters<typeof as>[0]) => kenshu({ url, headers: await as(member) });

interface Ended {
  outcome: string;
  problem?: { code: string };
}
const done = <End extends Ended>(end: End): Extract<End, { outcome: "done" }> =>
  end.outcome === "done" ? (end as Extract<End, { outcome: "done" }>) : assert.fail(JSON.stringify(end));
const codeOf = ({ outcome, problem }: Ended): string => problem?.code ?? outcome;

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Asked for, confirmed by the other operator, and asked for again with the same key: then it is answered as what it came to. */
async function together<Value extends object>(
  ask: (options: CallOptions) => Promise<Outcome<Value>>,
): Promise<Extract<Outcome<Value>, { outcome: "done" }>> {
  const key = randomUUID();
  const asked = await ask({ key });
  assert.ok(
    asked.outcome === "refused" && asked.problem.code === "four_eyes_required",
    JSON.stringify(asked),
  );
  const { act } = asked.problem;
  const confirmed = await request(`${url}/v1/operator-acts/${act}/confirm`, "POST", second, {});
  assert.ok(confirmed.status < 300, confirmed.text);
  return done(await ask({ key }));
}

test("how far a line goes, and that one operator alone sets none", async () => {
  const { number } = people.sora;
  const set = await together((options) =>
    desk.creditLines.set(number, { currency: "JPY", limit: 50_000 }, options),
  );
  const [line] = set.lines.items;
  assert.deepEqual([set.lines.member, line?.limit], [number, 50_000]);
  const sora = await clientOf(people.sora);
  assert.deepEqual(done(await sora.creditLines.get(number)).lines, set.lines);
  assert.equal(codeOf(await sora.creditLines.get(people.hana.number)), "not_found");
});

test("credit for one order: asked for, looked at, refused, and granted", async () => {
  const yui = await clientOf(people.yui);
  const order = { currency: "JPY", amount: 900_000, buyer: { member: people.yui.number } };
  const { trade } = done(await shop.propose(order));
  const asked = done(await yui.creditRequests.ask(trade.number, { version: trade.version })).request;
  assert.equal(asked.state, "asked");
  assert.equal(
    codeOf(await yui.creditRequests.ask(trade.number, { version: trade.version })),
    "credit_already_asked",
  );
  assert.deepEqual(
    (await all(desk.creditRequests.waiting())).map(({ id }) => id),
    [asked.id],
  );
  const { facts } = done(await desk.creditRequests.get(asked.id)).request;
  assert.deepEqual([facts.shop.id, facts.order.changed], [people.shop.id, false]);
  const refused = done(await desk.creditRequests.refuse(asked.id, { reason: "too much" })).request;
  assert.equal(refused.state, "refused");
  const again = done(await yui.creditRequests.ask(trade.number, { version: trade.version })).request;
  const granted = await together((options) => desk.creditRequests.grant(again.id, options));
  assert.equal(granted.request.id, again.id);
  const states = async () => (await all(yui.creditRequests.of(trade.number))).map(({ state }) => state);
  await until("it is used for the approval", async () => (await states())[0] === "used");
  assert.deepEqual(await states(), ["used", "refused"]);
  const { trade: now } = done(await shop.get(trade.number));
  assert.equal(now.state, "reserved");
});

test("a line that is lent, given to a member who lets it, and stopped", async () => {
  const id = randomUUID();
  const terms = { lender: people.shop.id, currency: "JPY", limit: 10_000 };
  const { line } = await together((options) => desk.lentLines.lend(id, terms, options));
  assert.deepEqual([line.id, line.limit, line.given], [id, 10_000, 0]);
  const wish = { member: people.sora.number, limit: 4000 };
  assert.equal(codeOf(await shop.lentLines.give(id, wish)), "not_found");
  const leave = `${url}/v1/members/${people.sora.number}/lenders/${people.shop.id}`;
  assert.equal((await request(leave, "PUT", await as(people.sora))).status, 200);
  assert.equal(done(await shop.lentLines.give(id, wish)).part.limit, 4000);
  assert.equal(codeOf(await shop.lentLines.give(id, { ...wish, limit: 10_001 })), "lent_line_exceeded");
  assert.deepEqual(
    (await all(shop.lentLines.members(id))).map(({ member, limit }) => [member, limit]),
    [[people.sora.number, 4000]],
  );
  assert.equal((await all(shop.lentLines.list()))[0]?.given, 4000);
  const call = { member: people.sora.number };
  const { called } = await together((options) => desk.lentLines.call(id, call, options));
  assert.deepEqual([called.line, called.amount], [id, 0]);
  const stopped = done(await desk.lentLines.stop(id)).line;
  assert.notEqual(stopped.stoppedAt, null);
});

test("a bill: read, in parts, and given up", async () => {
  const { bill: number } = await billed(people.hana);
  const hana = await clientOf(people.hana);
  const [listed] = await all(hana.bills.list({ state: "open" }));
  assert.deepEqual([listed?.number, listed?.owed], [number, 3600]);
  assert.equal((await all(desk.bills.list({ member: people.hana.number, limit: 1 }))).length, 1);
  const { file } = done(await hana.bills.slip(number));
  assert.equal(new TextDecoder().decode(file.bytes.slice(0, 5)), "%PDF-");
  const clock = await request(`${url}/v1/test-clock`, "GET", asDesk);
  const dayAfter = (days: number) =>
    new Date(Date.parse(String(clock.json["now"])) + days * 86_400_000).toISOString().slice(0, 10);
  const parts = [
    { by: dayAfter(10), amount: 600 },
    { by: dayAfter(40), amount: 3000 },
  ];
  assert.equal(codeOf(await hana.bills.askInstalments(number, { parts: parts.slice(1) })), "amount_mismatch");
  const wished = done(await hana.bills.askInstalments(number, { parts })).bill;
  assert.equal(wished.wish?.length, 2);
  const planned = await together((options) => desk.bills.setInstalments(number, { parts }, options));
  assert.deepEqual([planned.bill.asked, planned.bill.instalments?.length], [600, 2]);
  await advance("P41D");
  const { bill } = done(await desk.bills.get(number));
  assert.equal(bill.instalments, null, "one was missed");
  const giveUp = { amount: bill.lineOwed, reason: "nothing is there" };
  const over = await together((options) => desk.bills.writeOff(number, giveUp, options));
  assert.deepEqual([over.bill.state, over.bill.writtenOff], ["written off", bill.lineOwed]);
  await agree();
});
