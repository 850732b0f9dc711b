/** Several processes on one database: deadlines to the instant, and one winner of every race. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Buyer, openMarket, told, tradeIn } from "../../../test/support/world/market.ts";
import { rawSql } from "../../storage/database/database.ts";
import type { MoveBody, Propose } from "../../core/protocol/schemas.ts";
import { auditTrades } from "../steps/steps.ts";

const market = await openMarket({ after });
const { move, shop } = market;
const processes = [market.trades, market.anotherProcess(), market.anotherProcess()] as const;
const [first, second, third] = processes;
const at = (index: number) => processes[index % 3] ?? first;
const lines = [{ name: "Tea set", quantity: 10, unitAmount: 100 }];

async function reserved(buyer: Buyer, more: Partial<Propose> = {}): Promise<string> {
  const mandate = await market.mandate(buyer);
  const outcome = await first.propose(shop.actor, { currency: "JPY", lines, approval: { mandate }, ...more });
  assert.equal(told(outcome), "reserved 1000/0/0");
  return tradeIn(outcome).number;
}

async function stateOf(number: string): Promise<string> {
  const view = await first.read(shop.actor, number);
  return `${view?.state} ${view?.frozen}/${view?.settled}/${view?.released}`;
}

/** The calendar day so many days from the database's today. */
async function dayIn(days: number): Promise<string> {
  const query =
    "select to_char(kenshu_now() at time zone 'UTC' + $1 * interval '1 day', 'YYYY-MM-DD') as day";
  const [row] = await market.database.query<{ day: string }>(rawSql(query, [days]));
  return row?.day ?? "";
}

/** Moves the clock to so many milliseconds before the end of a reservation (or after it, if negative). */
async function standBefore(number: string, milliseconds: number): Promise<void> {
  await market.admin.execute(
    rawSql(
      `update test_clock set ahead = ahead + greatest(interval '0', (select reserved_until from trades
        where number = $1) - kenshu_now() - $2 * interval '1 millisecond')`,
      [number, milliseconds],
    ),
  );
}

const deliver: MoveBody = { do: "deliver", lines: [{ line: 1, quantity: 10 }] };
const some = (quantity: number): MoveBody => ({ do: "accept", lines: [{ line: 1, quantity }] });

type Story = [name: string, terms: Partial<Propose>, before: MoveBody[], hours: number, comesTo: string];

const deadlines: Story[] = [
  ["nothing came", {}, [], 30 * 24, "expired 0/0/1000"],
  ["nothing came, a minute before", {}, [], 30 * 24 - 1 / 60, "reserved 1000/0/0"],
  ["not shipped in time", { shipWithin: "P3D" }, [], 3 * 24, "expired 0/0/1000"],
  ["delivered and silent", {}, [deliver], 7 * 24, "settled 0/1000/0"],
  ["delivered and silent, a minute before", {}, [deliver], 7 * 24 - 1 / 60, "delivered 1000/0/0"],
  [
    "silence is no consent here",
    { acceptance: { autoAfter: null } },
    [deliver],
    30 * 24,
    "disputed 1000/0/0",
  ],
  ["a part came and was accepted", {}, [some(7)], 30 * 24, "settled 0/700/300"],
  [
    "a part was rejected, nothing else came",
    {},
    [{ do: "reject", lines: [{ line: 1, quantity: 4 }], reason: "x" }],
    30 * 24,
    "disputed 400/0/600",
  ],
  [
    "a dispute that the shop does not answer, of goods that nobody independent has seen delivered",
    {},
    [deliver, { do: "dispute", reason: "x" }],
    60 * 24,
    "cancelled 0/0/1000",
  ],
];

test("deadlines: two sweepers at once do what is due, once", async (t) => {
  for (const [name, terms, before, hours, comesTo] of deadlines) {
    await t.test(name, async () => {
      const buyer = await market.buyer();
      const number = await reserved(buyer, terms);
      for (const body of before) {
        assert.ok((await move(buyer.actor, number, body)).status < 400, body.do);
      }
      await market.pass(hours);
      await Promise.all([second.sweeper.sweep(), third.sweeper.sweep()]);
      assert.equal(await stateOf(number), comesTo);
      await market.prove();
    });
  }
});

test("a deadline holds without anybody who looks at the clock", async () => {
  const buyer = await market.buyer();
  const numbers = [await reserved(buyer), await reserved(buyer), await reserved(buyer)] as const;
  await move(buyer.actor, numbers[1], deliver);
  await move(buyer.actor, numbers[2], some(7));
  await market.pass(30 * 24);
  assert.equal(told(await move(buyer.actor, numbers[0], { do: "accept" })), "already_expired");
  assert.equal(told(await move(buyer.actor, numbers[1], { do: "reject", reason: "x" })), "already_accepted");
  assert.equal(told(await move(shop.actor, numbers[2], { do: "cancel" })), "already_settled");
  assert.equal(await market.balance(buyer.account), "8300 held 0");
});

test("a payment date: accepted goods wait for it, and are paid on it", async () => {
  const buyer = await market.buyer();
  const number = await reserved(buyer, { payment: { on: "date", date: await dayIn(20) } });
  assert.equal(told(await move(buyer.actor, number, { do: "accept" })), "accepted 1000/0/0");
  assert.equal(told(await move(shop.actor, number, { do: "cancel" })), "already_accepted");
  await market.pass(18 * 24);
  await second.sweeper.sweep();
  assert.equal(await stateOf(number), "accepted 1000/0/0");
  await market.pass(3 * 24);
  await Promise.all([second.sweeper.sweep(), third.sweeper.sweep()]);
  assert.equal(await stateOf(number), "settled 0/1000/0");
});

test("a dispute gives back the time it took", async () => {
  const buyer = await market.buyer();
  const number = await reserved(buyer);
  await move(buyer.actor, number, deliver);
  await move(buyer.actor, number, { do: "dispute", reason: "x" });
  await move(shop.actor, number, { do: "answer", statement: "x" });
  await market.pass(40 * 24);
  const resume: MoveBody = { do: "resolve", outcome: "resume", reason: "x" };
  assert.equal(told(await move(market.operator, number, resume)), "delivered 1000/0/0");
  await market.pass(6 * 24);
  await first.sweeper.sweep();
  assert.equal(await stateOf(number), "delivered 1000/0/0");
  await market.pass(25);
  await first.sweeper.sweep();
  assert.equal(await stateOf(number), "settled 0/1000/0");
});

test("cooling-off: the buyer withdraws until the instant it is over", async () => {
  const buyer = await market.buyer();
  const number = await reserved(buyer, { coolingOff: { for: "P14D", goods: "keep" } });
  await move(buyer.actor, number, { do: "accept" });
  await market.pass(13 * 24);
  const back: MoveBody = { do: "withdraw", lines: [{ line: 1, quantity: 3 }], reason: "not for me" };
  assert.equal(told(await move(buyer.actor, number, back)), "settled 0/1000/0 back 300");
  await market.pass(24);
  assert.equal(told(await move(buyer.actor, number, back)), "cooling_off_over");
  const refund: MoveBody = { do: "refund", amount: 700, reason: "sorry" };
  assert.equal(told(await move(shop.actor, number, refund)), "settled 0/1000/0 back 1000");
});

/** What the two who lost are told, by how the trade ended. */
const ends: Record<string, { accept: string; cancel: string }> = {
  "settled 0/1000/0": { accept: "settled 0/1000/0", cancel: "already_settled" },
  "cancelled 0/0/1000": { accept: "already_cancelled", cancel: "cancelled 0/0/1000" },
  "expired 0/0/1000": { accept: "already_expired", cancel: "already_expired" },
};

test("accept, cancel and the end of the reservation: one wins, and the losers are told who", async () => {
  const buyer = await market.buyer({ amount: 1_000_000n });
  const seen = new Map<string, number>();
  for (let round = 0; round < 48; round += 1) {
    const number = await reserved(buyer, { reserveFor: "PT1H" });
    // From two milliseconds too late to a little early; every sixth round nobody can be too late.
    await standBefore(number, round % 6 === 5 ? 60_000 : (round % 6) * 2 - 2);
    const tries = [
      () => at(round).move(buyer.actor, number, { do: "accept" }),
      () => at(round + 1).move(shop.actor, number, { do: "cancel" }),
      () => at(round + 2).sweeper.sweep(),
    ];
    const order = [0, 1, 2].map((place) => (place + round) % 3);
    const done = await Promise.all(order.map(async (place) => tries[place]?.()));
    await standBefore(number, -1);
    await first.sweeper.sweep();
    const end = await stateOf(number);
    const expected = ends[end];
    assert.ok(expected, `round ${round} ended ${end}`);
    const [accepted, cancelled] = [0, 1].map((place) => done[order.indexOf(place)]);
    assert.ok(typeof accepted === "object" && typeof cancelled === "object");
    assert.deepEqual({ accept: told(accepted), cancel: told(cancelled) }, expected, `round ${round}`);
    seen.set(end, (seen.get(end) ?? 0) + 1);
  }
  assert.ok((seen.get("expired 0/0/1000") ?? 0) >= 8, "rounds that began too late");
  assert.ok((seen.get("expired 0/0/1000") ?? 0) <= 40, "rounds in which nobody could be too late");
  await market.prove();
});

test("twenty at once want a fifth each: five get it", async () => {
  const buyer = await market.buyer();
  const number = await reserved(buyer);
  const done = await Promise.all(
    Array.from({ length: 20 }, (_, index) => at(index).move(buyer.actor, number, some(2))),
  );
  const codes = done.map((outcome) => told(outcome));
  assert.equal(codes.filter((code) => code.startsWith("delivered") || code.startsWith("settled")).length, 5);
  assert.equal(codes.filter((code) => code === "already_accepted").length, 15);
  const refunds = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      at(index).move(shop.actor, number, { do: "refund", amount: 400, reason: "x" }),
    ),
  );
  assert.equal(refunds.filter((outcome) => outcome.status === 200).length, 2);
  assert.equal(await market.balance(buyer.account), "9800 held 0");
});

test("many at once on one mandate and one account: neither is overdrawn", async () => {
  const body = { currency: "JPY", lines };
  const crowd = async (amount: bigint, limit: bigint) => {
    const buyer = await market.buyer({ amount });
    const mandate = await market.mandate(buyer, { limit });
    const proposals = Array.from({ length: 12 }, (_, index) =>
      at(index).propose(shop.actor, { ...body, approval: { mandate } }),
    );
    const codes = (await Promise.all(proposals)).map((outcome) => told(outcome)).toSorted();
    const query = rawSql("select used from mandates where id = $1", [mandate]);
    const [row] = await market.database.query<{ used: bigint }>(query);
    return { codes, used: row?.used, balance: await market.balance(buyer.account) };
  };
  const both = (refused: string, count: number) => [
    ...Array<string>(12 - count).fill(refused),
    ...Array<string>(count).fill("reserved 1000/0/0"),
  ];
  assert.deepEqual(await crowd(4500n, 60_000n), {
    codes: both("insufficient_funds", 4),
    used: 4000n,
    balance: "4500 held 4000",
  });
  assert.deepEqual(await crowd(45_000n, 3500n), {
    codes: both("mandate_limit_exceeded", 3),
    used: 3000n,
    balance: "45000 held 3000",
  });
});

test("a request that waits for a lock past the deadline is too late", async () => {
  const buyer = await market.buyer();
  const number = await reserved(buyer, { shipWithin: "PT2S" });
  const until = async (query: string, values: string[] = []) => {
    const [row] = await market.admin.query<{ ready: boolean }>(rawSql(query, values));
    if (row?.ready !== true) await until(query, values);
  };
  const accepted = await market.admin.transaction(async (holder) => {
    await holder.execute(rawSql("select from trades where number = $1 for update", [number]));
    const waiting = first.move(buyer.actor, number, { do: "accept" });
    await until(`select exists (select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock') as ready`);
    await until("select kenshu_now() >= ship_by as ready from trades where number = $1", [number]);
    return { waiting };
  });
  assert.equal(told(await accepted.waiting), "already_expired");
});

test("batches of trades, mandates and accounts in every order: no deadlock, nothing lost", async () => {
  const buyers = await Promise.all([1, 2, 3, 4].map(() => market.buyer({ amount: 100_000n })));
  const mandates = await Promise.all(buyers.map((buyer) => market.mandate(buyer)));
  const open = async (index: number) => {
    const approval = { mandate: mandates[index % 4] ?? "" };
    const outcome = await at(index).propose(shop.actor, { currency: "JPY", lines, approval });
    return tradeIn(outcome).number;
  };
  const numbers = await Promise.all(Array.from({ length: 60 }, (_, index) => open(index)));
  const bodies: MoveBody[] = [some(3), { do: "cancel" }, { do: "revise", amount: 500 }, deliver];
  const moves = numbers.flatMap((number, index) =>
    bodies.map((body, turn) => {
      const actor = body.do === "accept" ? buyers[index % 4]?.actor : shop.actor;
      return { actor: actor ?? shop.actor, number, body, server: at(index + turn) };
    }),
  );
  const mixed = [...moves.filter((_, index) => index % 2 === 0), ...moves.toReversed()];
  const done = await Promise.all(
    mixed.map(({ actor, number, body, server }) => server.move(actor, number, body)),
  );
  assert.ok(done.every(({ status }) => status === 200 || status === 409));
  await market.prove();
  assert.ok(((await auditTrades(market.database)).counts["trades"] ?? 0n) > 100n);
});
