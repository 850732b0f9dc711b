/**
 * Nobody who cheats alone wins, over HTTP, where the institution keeps the trade itself and where a facilitator does. The
 * search over the pure machine is elsewhere (docs/fairness.md); here are the stories that began it and what it found, on
 * real servers.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { sql } from "../src/storage/database/database.ts";
import {
  foundStories,
  type GoodsStep,
  type GoodsStory,
  goodsStories,
} from "./support/tables/goods-stories.ts";
import { bearer, type Json, request } from "./support/wire/http.ts";
import { spoken } from "./support/world/operators.ts";
import { openPair } from "./support/world/pair.ts";
import { comesTo, type Counter, instantOf, openCounters, passOn } from "./support/world/story-counter.ts";
import { until } from "./support/world/world.ts";

const pair = await openPair({ after });
const counters = await openCounters(pair);
const [direct] = counters;

/** The words of a step that are not known beforehand: an instant, or the version of the offer that stands. */
async function filledIn(counter: Counter, number: string, body: Json): Promise<Json> {
  const filled = { ...body };
  if (typeof body["until"] === "string") filled["until"] = await instantOf(counter, body["until"]);
  if (body["version"] === "of the offer") filled["version"] = (await counter.read(number)).offer?.version;
  return filled;
}

async function take(counter: Counter, number: string, step: GoodsStep): Promise<void> {
  const said = `${step[0]} ${step[1]}`;
  if (step[0] === "clock") {
    await passOn(counters, step[1]);
    await comesTo(counter, number, said, step[2]);
    return;
  }
  const [who, call, body, expected] = step;
  const reply = await counter.send(
    who,
    `/v1/trades/${number}/${call}`,
    await filledIn(counter, number, body),
  );
  if (reply.code !== "") {
    assert.equal(reply.code, expected, `${said}: ${reply.text}`);
    return;
  }
  assert.ok(reply.status < 300, `${said}: ${reply.text}`);
  await comesTo(counter, number, said, expected);
}

for (const counter of counters) {
  for (const { name, terms = {}, steps } of [...goodsStories, ...foundStories] satisfies GoodsStory[]) {
    test(`${counter.topology}: ${name}`, async () => {
      const number = await counter.propose(terms);
      for (const step of steps) await take(counter, number, step);
    });
  }
}

test("terms outside of the server's bounds, and outside of a mandate, are not proposed", async () => {
  const hurried = await direct.send("shop", "/v1/trades", {
    currency: "JPY",
    amount: 5000,
    acceptance: { by: ["buyer"], autoAfter: "PT1S" },
  });
  assert.equal(hurried.code, "date_out_of_range");
});

/** Where the shop of a trade is paid, at the institution. */
async function payeeOf(topology: string, number: string): Promise<string> {
  const { institution } = pair.admin;
  const [row] =
    topology === "direct"
      ? await institution.query<{ account: string }>(
          sql`select terms ->> 'shopAccount' as account from trades where number = ${BigInt(number)}`,
        )
      : await institution.query<{ account: string }>(
          sql`select c.account from reservations r join consents c on c.id = r.payee where r.trade_number = ${number}`,
        );
  return row?.account ?? assert.fail("The trade has no payee.");
}

for (const counter of counters) {
  test(`${counter.topology}: a refund that the shop's account cannot pay stands, and its next settlement pays it`, async () => {
    const first = await counter.propose({});
    await take(counter, first, ["buyer", "accept", {}, "settled 0/5000/0"]);
    const account = await payeeOf(counter.topology, first);
    const { url } = pair.institution;
    const admin = bearer(pair.institution.demo.adminKey);
    const { json } = await request(`${url}/v1/accounts/${account}`, "GET", admin);
    const said = { reference: "week 48", reason: "by hand", operator: spoken };
    const wish = { id: randomUUID(), kind: "payout", account, currency: "JPY", ...said };
    const all = { ...wish, amount: Number(json["payable"]) };
    assert.equal((await request(`${url}/v1/transfers`, "POST", admin, all)).status, 201);
    const left = Number(json["posted"]) - all.amount;
    const asked = { amount: 5000, reason: "it broke" };
    const reply = await counter.send("shop", `/v1/trades/${first}/refund`, asked);
    assert.ok(reply.status < 300, reply.text);
    await until("the refund stands", async () => (await counter.read(first)).pending === null);
    if (left < 5000) assert.equal((await counter.read(first)).refundDue, 5000);
    const again = await counter.send("shop", `/v1/trades/${first}/refund`, asked);
    assert.equal(again.code, "amount_exceeds_settled", again.text);
    const second = await counter.propose({});
    await take(counter, second, ["buyer", "accept", {}, "settled 0/5000/0"]);
    const early = { ...wish, id: randomUUID(), amount: 5000 };
    assert.equal((await request(`${url}/v1/transfers`, "POST", admin, early)).code, "not_payable_yet");
    await passOn(counters, "PT2H");
    await until("the buyer has it back", async () => (await counter.read(first)).refunded === 5000);
    assert.equal((await counter.read(first)).refundDue, 0);
  });
}

test("both servers agree on all of it", async () => {
  const { breaks, unreachable } = await pair.reconcile(true);
  assert.deepEqual([breaks, unreachable], [[], []]);
});
