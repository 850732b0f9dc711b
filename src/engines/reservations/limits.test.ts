/** What a consent allows and for how long, how a reservation ends by itself, and what a peer is told of its own. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Asked, inDays, openBank, told } from "../../../test/support/world/consents.ts";
import { dayAt, daysAfter, startOfDay } from "../../core/protocol/protocol.ts";
import { readClock, sql, uuidv7 } from "../../storage/database/database.ts";
import { auditReservations, limitConsent, lockConsents, monthRuns } from "./reservations.ts";

const bank = await openBank({ after });
const { ask, reservations } = bank;
const peer = bank.newPeer();
const shop = await bank.account(0n, { kind: "shop" });
const payee = await bank.receive(peer, shop);

async function payer(funds = 10_000n, change = {}) {
  const account = await bank.account(funds);
  return { account, consent: await bank.consent(peer, account, change) };
}

const reserve = (account: string, amount: number, more: object = {}): Asked => ({
  do: "reserve",
  tradeNumber: "48210733951146",
  account,
  payee,
  amount,
  currency: "JPY",
  until: inDays(30),
  ...more,
});

test("a consent taken back stops what is new and leaves what runs", async () => {
  const { consent } = await payer();
  const reservation = uuidv7();
  await ask(peer, { ...reserve(consent, 1000), id: reservation });
  await bank.database.execute(sql`update consents set revoked_at = kenshu_now() where id = ${consent}`);
  assert.equal(told(await ask(peer, reserve(consent, 5))), "consent_not_valid");
  assert.equal(told(await ask(peer, { do: "extend", reservation, until: inDays(40) })), "held 1000/0/0");
  assert.equal(told(await ask(peer, { do: "settle", reservation })), "settled 0/1000/0");
});

test("the month's limit counts what was reserved in the month and not given back in it", async () => {
  const { consent } = await payer(10_000n, { limitPerMonth: 1000n });
  const [kept, back, next] = [uuidv7(), uuidv7(), uuidv7()];
  const comesTo = async (asked: Asked, is: string) => assert.equal(told(await ask(peer, asked)), is);
  const now = await bank.now();
  const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString();
  await comesTo({ ...reserve(consent, 600), id: kept }, "held 600/0/0");
  await comesTo(reserve(consent, 401), "consent_limit_exceeded");
  await comesTo({ ...reserve(consent, 400), id: back }, "held 400/0/0");
  await comesTo({ do: "settle", reservation: back, amount: 100, release: 200 }, "held 100/100/200");
  assert.equal(await bank.spent(consent), `800 until ${end}`);
  await comesTo(reserve(consent, 201), "consent_limit_exceeded");
  await comesTo({ do: "refund", reservation: back }, "held 100/100/200 back 100");
  await comesTo(reserve(consent, 201), "consent_limit_exceeded");
  await bank.advance("32 days");
  const later = inDays(60, await bank.now());
  await comesTo({ ...reserve(consent, 1000, { until: later }), id: next }, "held 1000/0/0");
  // These ran out a month after: what last month had is not this month's to give back.
  await comesTo({ do: "settle", reservation: kept }, "hold_ended");
  await comesTo(reserve(consent, 1, { until: later }), "consent_limit_exceeded");
  await comesTo({ do: "release", reservation: next, amount: 300 }, "held 700/0/300");
  await comesTo(reserve(consent, 300, { until: later }), "held 300/0/0");
  await comesTo(reserve(consent, 1, { until: later }), "consent_limit_exceeded");
  await bank.reservations.sweeper.sweep();
});

/** Moves the clock to the last day of a month, half past three in the afternoon: in Tokyo the next month is half an hour old. */
async function lastAfternoon(): Promise<Date> {
  const now = await bank.now();
  const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 0, 15, 30));
  await bank.advance(`${end.getTime() - now.getTime()} milliseconds`);
  return end;
}

test("a month is one of the institution's time zone, and its books agree in its first hours", async () => {
  const { consent } = await payer(10_000n, { limitPerMonth: 1000n });
  const at = await lastAfternoon();
  const tokyo = bank.process("Asia/Tokyo");
  const asked = { id: uuidv7(), ...reserve(consent, 700, { until: inDays(20, at) }) };
  assert.equal(told(await tokyo.submit(peer, asked)), "held 700/0/0");
  const end = startOfDay(daysAfter(dayAt(at, "Asia/Tokyo"), 31), "Asia/Tokyo");
  assert.equal(
    await bank.spent(consent),
    `700 until ${startOfDay(`${dayAt(end, "Asia/Tokyo").slice(0, 7)}-01`, "Asia/Tokyo").toISOString()}`,
  );
  assert.deepEqual((await auditReservations(bank.database)).differences, []);
});

test("a month is not spent twice where the institution moves to another time zone", async () => {
  const { consent } = await payer(10_000n, { limitPerMonth: 1000n });
  const at = await lastAfternoon();
  const tokyo = bank.process("Asia/Tokyo");
  const until = inDays(20, at);
  const here = async (asked: Asked) => told(await ask(peer, asked));
  const inTokyo = async (asked: Asked) => told(await tokyo.submit(peer, { id: uuidv7(), ...asked }));
  const first = uuidv7();
  assert.equal(await here({ ...reserve(consent, 1000, { until }), id: first }), "held 1000/0/0");
  assert.equal(await here(reserve(consent, 1, { until })), "consent_limit_exceeded");
  // The month that has begun goes on until it ends where it began.
  assert.equal(await inTokyo(reserve(consent, 1, { until })), "consent_limit_exceeded");
  await bank.advance("9 hours");
  assert.equal(await inTokyo(reserve(consent, 700, { until })), "held 700/0/0");
  // A server that goes back to the former zone goes on with the month that has begun.
  assert.equal(await here(reserve(consent, 301, { until })), "consent_limit_exceeded");
  assert.equal(await here(reserve(consent, 300, { until })), "held 300/0/0");
  // What was reserved in the old month gives this one no room, though it would be of this one by Tokyo's clocks.
  assert.equal(await inTokyo({ do: "release", reservation: first, amount: 1000 }), "released 0/0/1000");
  assert.equal(await inTokyo(reserve(consent, 1, { until })), "consent_limit_exceeded");
  assert.deepEqual((await auditReservations(bank.database)).differences, []);
});

test("what was spent in a month that has gone is forgotten with other limits, and the books agree", async () => {
  const { consent } = await payer(10_000n, { limitPerMonth: 1000n });
  const at = await lastAfternoon();
  assert.equal(told(await ask(peer, reserve(consent, 900, { until: inDays(60, at) }))), "held 900/0/0");
  await bank.advance("9 hours");
  const less = { id: consent, limitPerTrade: null, limitPerMonth: 500n, until: null };
  await bank.database.transaction(async (client) => {
    const [locked] = await lockConsents(client, [consent]);
    assert.ok(locked !== undefined);
    await limitConsent(client, less, monthRuns(locked, await readClock(client)));
  });
  assert.deepEqual((await auditReservations(bank.database)).differences, []);
  assert.equal(told(await ask(peer, reserve(consent, 500, { until: inDays(60, at) }))), "held 500/0/0");
  assert.deepEqual((await auditReservations(bank.database)).differences, []);
});

test("the limit for one trade is one for all reservations of its number", async () => {
  const { consent } = await payer(10_000n, { limitPerTrade: 2000n });
  const [first, second] = [uuidv7(), uuidv7()];
  const until = inDays(60, await bank.now());
  const comesTo = async (asked: Asked, is: string) =>
    assert.equal(told(await ask(peer, asked.do === "reserve" ? { ...asked, until } : asked)), is);
  await comesTo({ ...reserve(consent, 2000), id: first }, "held 2000/0/0");
  await comesTo(reserve(consent, 1), "consent_limit_exceeded");
  await comesTo(reserve(consent, 1000, { tradeNumber: "48210733951153" }), "held 1000/0/0");
  await comesTo({ ...reserve(consent, 1500, { replaces: first }), id: second }, "held 1500/0/0");
  await comesTo(reserve(consent, 501), "consent_limit_exceeded");
  await comesTo({ do: "settle", reservation: second, amount: 1000 }, "held 500/1000/0");
  await comesTo(reserve(consent, 501), "consent_limit_exceeded");
  await comesTo({ do: "release", reservation: second, amount: 200 }, "held 300/1000/200");
  const parts = await Promise.all([400, 400].map((amount) => ask(peer, reserve(consent, amount, { until }))));
  assert.deepEqual(parts.map(told).sort(), ["consent_limit_exceeded", "held 400/0/0"]);
  await bank.reservations.sweeper.sweep();
});

test("a reservation ends to the instant, whether sweeper or peer comes first", async () => {
  const from = await payer();
  const [asked, swept] = [uuidv7(), uuidv7()];
  const soon = new Date((await bank.now()).getTime() + 60_000).toISOString();
  for (const id of [asked, swept]) await ask(peer, { ...reserve(from.consent, 500, { until: soon }), id });
  await ask(peer, { do: "settle", reservation: swept, amount: 200 });
  await bank.advance("1 minute");
  assert.equal(told(await ask(peer, { do: "settle", reservation: asked })), "hold_ended");
  assert.equal((await reservations.read(peer, asked))?.state, "expired");
  const [, looked] = await Promise.all([
    ask(peer, { do: "release", reservation: swept }),
    bank.process().sweeper.sweep(),
  ]);
  assert.ok(looked <= 1);
  const ended = await reservations.read(peer, swept);
  assert.deepEqual([ended?.state, ended?.settled, ended?.released], ["settled", 200, 300]);
  assert.equal(await bank.reservations.sweeper.sweep(), 0);
  assert.deepEqual(await bank.balances(from.account), ["9800 0"]);
});

test("the sweeper gives back what nobody asked for", async () => {
  const from = await payer();
  const id = uuidv7();
  const soon = new Date((await bank.now()).getTime() + 60_000).toISOString();
  await ask(peer, { ...reserve(from.consent, 500, { until: soon }), id });
  assert.equal(await bank.reservations.sweeper.sweep(), 0);
  await bank.advance("1 minute");
  assert.equal(await bank.reservations.sweeper.sweep(), 1);
  assert.equal((await reservations.read(peer, id))?.state, "expired");
  assert.deepEqual(await bank.balances(from.account), ["10000 0"]);
});

test("a list tells a peer's own, newest first, by state and page by page", async () => {
  const mine = bank.newPeer();
  const account = await bank.account(100n);
  const [from, to] = [await bank.consent(mine, account), await bank.receive(mine, shop)];
  const later = inDays(30, await bank.now());
  const made: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    const id = uuidv7();
    await ask(mine, { ...reserve(from, 10, { payee: to, until: later }), id });
    made.unshift(id);
  }
  await ask(mine, { do: "settle", reservation: made[1] ?? "", amount: 4 });
  await ask(mine, { do: "settle", reservation: made[2] ?? "" });
  await ask(mine, { do: "release", reservation: made[3] ?? "" });
  const idsOf = async (page: Parameters<typeof reservations.list>[1]) => {
    const { items, next } = await reservations.list(mine, page);
    return { ids: items.map(({ id }) => id), next };
  };
  assert.deepEqual(await idsOf({ limit: 10 }), { ids: made, next: null });
  const [, second, , fourth] = made;
  assert.deepEqual(await idsOf({ limit: 2 }), { ids: made.slice(0, 2), next: second });
  assert.deepEqual(await idsOf({ limit: 10, after: second }), { ids: made.slice(2), next: null });
  assert.deepEqual((await idsOf({ state: "released", limit: 10 })).ids, [fourth]);
  assert.deepEqual((await idsOf({ state: "held", limit: 10 })).ids, [made[0], made[1], made[4]]);
  assert.deepEqual(await reservations.totals(mine), [
    { currency: "JPY", frozen: 26n, settled: 14n, released: 10n, refunded: 0n },
  ]);
  assert.deepEqual(await reservations.totals(bank.newPeer()), []);
});

test("at the end the books agree, and nothing went wrong on the way", async () => {
  assert.deepEqual(await bank.audit(), []);
  assert.deepEqual(bank.errors, []);
});
