/**
 * Nobody who cheats alone wins, over HTTP, where the institution keeps the trade itself and where a facilitator does. The
 * search over the pure machine is elsewhere (docs/fairness.md); here are the stories that began it, on real servers.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { sql } from "../src/storage/database/database.ts";
import type { TradeView } from "../src/core/protocol/protocol.ts";
import { type GoodsStep, type GoodsStory, goodsStories, type Who } from "./support/tables/goods-stories.ts";
import { bearer, type Headers, type Json, request, signIn } from "./support/wire/http.ts";
import { openPair } from "./support/world/pair.ts";
import { until } from "./support/world/world.ts";

const pair = await openPair({ after });
const day = 86_400_000;

interface Counter {
  url: string;
  demo: Pick<typeof pair.institution.demo, "shops" | "members" | "carriers" | "operators" | "adminKey">;
}

/** A trading server with its people, as stories need them. */
async function openCounter({ url, demo }: Counter) {
  const [shop] = demo.shops;
  const [member] = demo.members;
  const [carrier] = demo.carriers;
  const [, second] = demo.operators;
  assert.ok(shop && member && carrier && second);
  const callers: Record<Who, Headers> = {
    shop: bearer(shop.key),
    buyer: await signIn(url, member),
    carrier: await signIn(url, carrier),
    phone: await signIn(url, second),
    admin: bearer(demo.adminKey),
  };
  const send = (who: Who, path: string, body: Json) => request(`${url}${path}`, "POST", callers[who], body);
  const read = async (number: string): Promise<TradeView> => {
    const { json } = await request(`${url}/v1/trades/${number}`, "GET", callers.admin);
    return json as unknown as TradeView;
  };
  const now = async (): Promise<number> => {
    const { json } = await request(`${url}/v1/test-clock`, "GET", callers.admin);
    return new Date(String(json["now"])).getTime();
  };
  const propose = async (terms: Json): Promise<string> => {
    const reply = await send("shop", "/v1/trades", {
      buyer: { member: member.number },
      currency: "JPY",
      lines: [{ name: "Cup", quantity: 5, unitAmount: 1000 }],
      approval: { mandate: member.mandates[shop.key] },
      carrier: carrier.id,
      reference: randomUUID(),
      ...terms,
    });
    assert.equal(reply.status, 201, reply.text);
    return String(reply.json["number"]);
  };
  return { send, read, now, propose };
}
type Open = Awaited<ReturnType<typeof openCounter>>;

const counters: [topology: string, counter: Open][] = [
  ["direct", await openCounter(pair.institution)],
  ["facilitated", await openCounter(pair.facilitator)],
];

function shown({ state, frozen, settled, released, refunded }: TradeView): string {
  return `${state} ${frozen}/${settled}/${released}${(refunded ?? 0) > 0 ? ` back ${refunded}` : ""}`;
}

/** The same day on both servers: a hold at the institution runs out by the institution's clock. */
async function advance(by: string): Promise<void> {
  for (const [, { send }] of counters) {
    const reply = await send("admin", "/v1/test-clock/advance", { by });
    assert.ok(reply.status < 300, reply.text);
  }
}

/** The words of a step that are not known beforehand: an instant, or the version of the offer that stands. */
async function filledIn(counter: Open, number: string, body: Json): Promise<Json> {
  const filled = { ...body };
  const days = /^in (\d+) days$/.exec(String(body["until"]))?.[1];
  if (days !== undefined)
    filled["until"] = new Date((await counter.now()) + Number(days) * day).toISOString();
  if (body["version"] === "of the offer") filled["version"] = (await counter.read(number)).offer?.version;
  return filled;
}

async function take(counter: Open, number: string, step: GoodsStep): Promise<void> {
  const said = `${step[0]} ${step[1]}`;
  if (step[0] === "clock") {
    await advance(step[1]);
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

/** Waits until a trade stands as it has to: another server may still be asked. */
async function comesTo(counter: Open, number: string, said: string, expected: string): Promise<void> {
  let last = "";
  await until(said, async () => {
    const trade = await counter.read(number);
    last = shown(trade);
    return last === expected || (trade.pending === null && trade.refundDue === 0);
  });
  assert.equal(last, expected, said);
}

for (const [topology, counter] of counters) {
  for (const { name, terms = {}, steps } of goodsStories satisfies GoodsStory[]) {
    test(`${topology}: ${name}`, async () => {
      const number = await counter.propose(terms);
      for (const step of steps) await take(counter, number, step);
    });
  }
}

test("terms outside of the server's bounds, and outside of a mandate, are not proposed", async () => {
  const [, counter] = counters[0] ?? assert.fail();
  const hurried = await counter.send("shop", "/v1/trades", {
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

for (const [topology, counter] of counters) {
  test(`${topology}: a refund that the shop's account cannot pay stands, and its next settlement pays it`, async () => {
    const first = await counter.propose({});
    await take(counter, first, ["buyer", "accept", {}, "settled 0/5000/0"]);
    const account = await payeeOf(topology, first);
    const { url } = pair.institution;
    const admin = bearer(pair.institution.demo.adminKey);
    const { json } = await request(`${url}/v1/accounts/${account}`, "GET", admin);
    const wish = { id: randomUUID(), kind: "payout", account, currency: "JPY", reference: "week 48" };
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
    await advance("PT2H");
    await until("the buyer has it back", async () => (await counter.read(first)).refunded === 5000);
    assert.equal((await counter.read(first)).refundDue, 0);
  });
}

test("both servers agree on all of it", async () => {
  const { breaks, unreachable } = await pair.reconcile(true);
  assert.deepEqual([breaks, unreachable], [[], []]);
});
