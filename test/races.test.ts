/** Many at once about one thing, over HTTP: as many succeed as can, and the others are told who was first. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { sql } from "../src/storage/database/database.ts";
import { chanceOf, newSeed } from "./support/sim/chance.ts";
import { bearer, type Headers, type Json, type Reply, request } from "./support/wire/http.ts";
import { setStage, tradeAmount } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const chance = chanceOf(newSeed());
// What is raced is one request against another, not who confirms it.
const world = await startWorld({ after }, { operators: "one", durable: false, sandbox: true });
const { url, database } = world;
const stage = await setStage(world);
const { shop, buyer, carrier, admin } = stage;

const post = (path: string, who: Headers, body: Json = {}) => request(`${url}${path}`, "POST", who, body);
const read = async (number: string) => (await request(`${url}/v1/trades/${number}`, "GET", shop)).json;

/** The answers by status and code, each with how often it came. */
function counted(replies: readonly Reply[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, code } of replies) {
    const name = status < 300 ? "done" : `${status} ${code}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** What losers are told, by how the trade ended. */
const losers: Record<string, { accept: string; cancel: string; amounts: Json }> = {
  settled: {
    accept: "409 already_accepted",
    cancel: "409 already_settled",
    amounts: { frozen: 0, settled: tradeAmount, released: 0 },
  },
  cancelled: {
    accept: "409 already_cancelled",
    cancel: "409 already_cancelled",
    amounts: { frozen: 0, settled: 0, released: tradeAmount },
  },
  expired: {
    accept: "409 already_expired",
    cancel: "409 already_expired",
    amounts: { frozen: 0, settled: 0, released: tradeAmount },
  },
};

/** Accepts and cancels of one trade, at once with whatever else happens; answers how the trade has ended. */
async function contest(number: string, meanwhile: () => Promise<unknown>): Promise<string> {
  const calls = Array.from({ length: 50 }, (_, index) => {
    const act = index < 25 ? ("accept" as const) : ("cancel" as const);
    const who = act === "accept" ? chance.pick([buyer, carrier, shop]) : shop;
    return { act, who };
  });
  const others = meanwhile();
  const replies = await Promise.all(
    chance.shuffled(calls).map(async ({ act, who }) => ({
      act,
      reply: await post(`/v1/trades/${number}/${act}`, who),
    })),
  );
  await others;
  const { state, frozen, settled, released } = await read(number);
  const ending = losers[String(state)];
  assert.ok(ending, `${number} is ${String(state)}`);
  assert.deepEqual({ frozen, settled, released }, ending.amounts, number);
  const of = (act: string) => counted(replies.filter((one) => one.act === act).map(({ reply }) => reply));
  const winner = (act: string, won: boolean) => (won ? { done: 1, [act]: 24 } : { [act]: 25 });
  assert.deepEqual(of("accept"), winner(ending.accept, state === "settled"), `${number}, ${String(state)}`);
  assert.deepEqual(of("cancel"), winner(ending.cancel, state === "cancelled"), `${number}, ${String(state)}`);
  return String(state);
}

test(`twenty times fifty accepts and cancels: one wins, and the losers are told who (seed ${chance.seed})`, async (t) => {
  const ends: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    ends.push(await contest(await stage.newTrade(), () => Promise.resolve()));
  }
  t.diagnostic(`${ends.filter((end) => end === "settled").length} accepted, the rest cancelled`);
});

test("accept, cancel and the end of the reservation at once", async (t) => {
  const ends: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    const number = await stage.newTrade();
    ends.push(await contest(number, () => post("/v1/test-clock/advance", admin, { by: "P31D" })));
  }
  t.diagnostic(ends.join(", "));
});

test("a line of five is accepted five times by one, and no more", async () => {
  const lines = [{ name: "Cup", quantity: 5, unitAmount: 100 }];
  const number = await stage.newTrade({ lines, amount: 500 });
  const one = { lines: [{ line: 1, quantity: 1 }] };
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => post(`/v1/trades/${number}/accept`, buyer, one)),
  );
  const { done, ...rest } = counted(replies);
  assert.equal(done, 5);
  const told = Object.keys(rest).filter(
    (each) => !["409 already_accepted", "409 quantity_exceeds_open"].includes(each),
  );
  assert.deepEqual(told, []);
  assert.equal((await read(number))["settled"], 500);
});

test("what was paid is given back once", async () => {
  const number = await stage.newTrade();
  assert.equal((await post(`/v1/trades/${number}/accept`, buyer)).status, 200);
  const body = { amount: tradeAmount, reason: "once" };
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => post(`/v1/trades/${number}/refund`, shop, body)),
  );
  assert.deepEqual(counted(replies), { done: 1, "409 amount_exceeds_settled": 19 });
  assert.equal((await read(number))["refunded"], tradeAmount);
});

test("thirty proposals with one key are one trade", async () => {
  const reference = randomUUID();
  const who = { ...shop, "idempotency-key": randomUUID() };
  const replies = await Promise.all(
    Array.from({ length: 30 }, () => post("/v1/trades", who, { currency: "JPY", amount: 5, reference })),
  );
  assert.deepEqual(counted(replies), { done: 30 });
  assert.equal(new Set(replies.map(({ text }) => text)).size, 1);
  const replayed = replies.filter(({ headers }) => headers.get("idempotent-replayed") === "true");
  assert.equal(replayed.length, 29);
  const rows = await database.query(sql`select number from trades where terms->>'reference' = ${reference}`);
  assert.equal(rows.length, 1);
});

test("nobody spends what they do not have", async () => {
  const [, ken] = world.demo.members;
  const [key = ""] = world.demo.shopKeys;
  const body = { currency: "JPY", amount: 100, approval: { mandate: ken?.mandates[key] } };
  const replies = await Promise.all(Array.from({ length: 50 }, () => post("/v1/trades", bearer(key), body)));
  assert.deepEqual(counted(replies), { done: 5, "402 insufficient_funds": 45 });
});

test("a voucher is claimed once", async () => {
  const voucher = world.demo.vouchers[0]?.code ?? "";
  const people = world.demo.loadMembers.slice(0, 20);
  const claim = { kind: "prepaid", currency: "JPY", token: voucher };
  const replies = await Promise.all(
    people.map(({ number }) => post(`/v1/members/${number}/methods`, admin, claim)),
  );
  const { done } = counted(replies);
  assert.equal(done, 1, JSON.stringify(counted(replies)));
  assert.ok(replies.every(({ status }) => status < 500));
});

test("a transfer with one id moves money once", async () => {
  const body = { id: randomUUID(), kind: "withdrawal", account: stage.ids.account, amount: 7 };
  const wish = { ...body, currency: "JPY", reference: "race" };
  const replies = await Promise.all(Array.from({ length: 20 }, () => post("/v1/transfers", admin, wish)));
  assert.deepEqual(counted(replies), { done: 20 });
  const legs = await database.query(sql`select leg from entries where command = ${body.id}`);
  assert.equal(legs.length, 2);
});

test("a key that is revoked while it works is refused at once, and what it began is whole", async () => {
  const made = await stage.post(`/v1/shops/${stage.ids.shop}/keys`, admin, {});
  const who = bearer(String(made["key"]));
  const propose = () => post("/v1/trades", who, { currency: "JPY", amount: 5 });
  const running = Array.from({ length: 20 }, propose);
  const gone = await request(`${url}/v1/shops/${stage.ids.shop}/keys/${String(made["id"])}`, "DELETE", admin);
  assert.equal(gone.status, 204);
  const late = await Promise.all(Array.from({ length: 20 }, propose));
  assert.deepEqual(counted(late), { "401 not_authenticated": 20 });
  for (const { status } of await Promise.all(running)) assert.ok(status === 201 || status === 401);
});

test("after all of it the books agree, and the server has not failed once", async () => {
  assert.deepEqual(await world.audit(), []);
  const log = await world.log();
  assert.ok(!log.includes('"level":50'), log.slice(0, 3000));
});
