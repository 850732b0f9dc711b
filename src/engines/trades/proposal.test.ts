/** Proposals, approvals and revisions on a real database: who has agreed to what, and what is frozen for it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openMarket, problemIn, told, tradeIn } from "../../../test/support/world/market.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { setPartyState } from "../../storage/parties/parties.ts";
import { dammAppend } from "../../core/protocol/protocol.ts";
import type { OperatorAct } from "../../core/trade/trade.ts";
import type { Propose } from "../../core/protocol/schemas.ts";

const market = await openMarket({ after });
const { propose, move, shop, operator, carrier } = market;
const phone = { channel: "phone" as const, reference: "call 7" };

test("a mandate reserves at once, and keeps account of what is open and settled under it", async () => {
  const buyer = await market.buyer();
  const mandate = await market.mandate(buyer, { limit: 3000n });
  const used = async () => {
    const [row] = await market.database.query<{ used: bigint }>(
      rawSql("select used from mandates where id = $1", [mandate]),
    );
    return row?.used;
  };
  const one = await propose({ approval: { mandate } });
  assert.deepEqual([one.status, told(one), await used()], [201, "reserved 1000/0/0", 1000n]);
  assert.deepEqual(tradeIn(one).buyer, { member: buyer.number });
  const two = await propose({ approval: { mandate }, amount: 2000 });
  assert.deepEqual([told(two), await used()], ["reserved 2000/0/0", 3000n]);
  assert.equal(told(await propose({ approval: { mandate }, amount: 1 })), "mandate_limit_exceeded");
  await move(shop.actor, tradeIn(two).number, { do: "cancel" });
  assert.equal(await used(), 1000n, "what is released can be used again");
  await move(buyer.actor, tradeIn(one).number, { do: "accept" });
  assert.equal(await used(), 1000n, "what is settled cannot");
  await move(shop.actor, tradeIn(one).number, { do: "refund", amount: 400, reason: "late" });
  assert.equal(await used(), 1000n);
});

test("what a shop may not propose", async () => {
  const [buyer, other] = [await market.buyer(), await market.buyer()];
  const mandate = await market.mandate(buyer);
  const elsewhere = await market.mandate(buyer, { shop: (await market.anotherShop()).actor.id });
  const ended = await market.mandate(buyer, { until: new Date("2020-01-01T00:00:00Z") });
  const strict = await market.mandate(buyer, { acceptors: ["buyer"] });
  const line = { name: "Tea", quantity: 2, unitAmount: 500 };
  const cases: [string, Partial<Propose>, string][] = [
    ["another shop's mandate", { approval: { mandate: elsewhere } }, "mandate_not_valid"],
    ["a mandate that has ended", { approval: { mandate: ended } }, "mandate_not_valid"],
    ["a mandate that nobody gave", { approval: { mandate: uuidv7() } }, "mandate_not_valid"],
    [
      "another member's mandate",
      { approval: { mandate }, buyer: { member: other.number } },
      "mandate_not_valid",
    ],
    [
      "itself as acceptor, against the mandate",
      { approval: { mandate: strict }, acceptance: { by: ["shop"] } },
      "mandate_not_valid",
    ],
    ["another's means of payment", { approval: { mandate }, method: other.method }, "method_not_usable"],
    ["for another shop", { shop: uuidv7() }, "not_allowed"],
    ["that the buyer agreed on the phone", { approval: { operator: phone } }, "not_allowed"],
    ["to a member who is not there", { buyer: { member: dammAppend("10") } }, "not_found"],
    ["to a mistyped number", { buyer: { member: "10" } }, "wrong_check_digit"],
    ["to a number longer than any", { buyer: { member: dammAppend("9".repeat(19)) } }, "not_found"],
    ["to be paid yesterday", { payment: { on: "date", date: "2020-02-03" } }, "date_out_of_range"],
    ["lines and another amount", { lines: [line], amount: 999 }, "amount_mismatch"],
    [
      "lines beyond what the wire carries",
      { lines: [{ ...line, quantity: 1_000_000, unitAmount: 2 ** 53 - 1 }] },
      "invalid_field",
    ],
    ["a currency that is none", { currency: "ABC" }, "unknown_currency"],
    ["a currency it has no account in", { currency: "USD" }, "currency_mismatch"],
    ["a carrier that is none", { carrier: uuidv7() }, "invalid_field"],
    ["a carrier as provider", { provider: carrier.id }, "invalid_field"],
    ["more acceptors than it names", { acceptance: { by: ["buyer"], need: 2 } }, "invalid_field"],
    ["a reservation of two years", { reserveFor: "P2Y" }, "date_out_of_range"],
    [
      "a payment date in the past",
      { approval: { mandate }, payment: { on: "date", date: "2020-01-01" } },
      "date_out_of_range",
    ],
  ];
  for (const [name, trade, code] of cases) {
    const { lines, amount = lines === undefined ? 1000 : undefined, ...rest } = trade;
    const body = { ...rest, ...(lines && { lines }), ...(amount === undefined ? {} : { amount }) };
    const { currency = "JPY" } = body;
    assert.equal(told(await market.trades.propose(shop.actor, { ...body, currency })), code, name);
  }
  assert.equal(told(await market.trades.propose(buyer.actor, { currency: "JPY", amount: 1 })), "not_allowed");
  assert.equal(await market.balance(buyer.account), "10000 held 0");
});

test("a mandate for one means of payment is not one for another", async () => {
  const buyer = await market.buyer();
  const second = await market.buyer();
  await market.admin.execute(
    rawSql("update methods set person = $1 where id = $2", [buyer.actor.id, second.method]),
  );
  const mandate = await market.mandate(buyer, { method: buyer.method });
  assert.equal(told(await propose({ approval: { mandate }, method: second.method })), "mandate_not_valid");
  assert.equal(told(await propose({ approval: { mandate }, method: buyer.method })), "reserved 1000/0/0");
});

test("402 leaves a refused trade, which is revised and reserved in one step", async () => {
  const buyer = await market.buyer({ amount: 700n });
  const mandate = await market.mandate(buyer);
  const refused = await propose({ approval: { mandate } });
  const { code, trade: number = "", transient } = problemIn(refused);
  assert.deepEqual([refused.status, code, transient], [402, "insufficient_funds", true]);
  const before = await market.trades.read(shop.actor, number);
  assert.deepEqual([before?.state, before?.refusal], ["refused", "insufficient_funds"]);
  const revised = await move(shop.actor, number, { do: "revise", amount: 600 });
  assert.deepEqual(
    [revised.status, told(revised), tradeIn(revised).refusal],
    [200, "reserved 600/0/0", null],
  );
  const dearer = await move(shop.actor, number, { do: "revise", amount: 800 });
  assert.equal(told(dearer), "insufficient_funds");
  assert.equal((await market.trades.read(shop.actor, number))?.frozen, 600, "what was frozen stays frozen");
  const events = (await market.trades.events(shop.actor, number))?.items;
  assert.deepEqual(
    events?.map(({ seq, type }) => [seq, type.slice(6)]),
    [
      [1, "proposed"],
      [2, "refused"],
      [3, "revised"],
      [4, "reserved"],
    ],
  );
  const poor = await market.buyer({ kind: "credit", amount: 999n });
  const beyond = await propose({ approval: { mandate: await market.mandate(poor) } });
  assert.deepEqual([beyond.status, told(beyond)], [402, "credit_limit_exceeded"]);
});

test("the page: the holder of the link approves, becomes the buyer and pays", async () => {
  const [buyer, stranger] = [await market.buyer(), await market.buyer()];
  const { number, approveUrl, version } = tradeIn(await propose({ acceptance: { by: ["buyer", "shop"] } }));
  assert.equal(approveUrl, `https://pay.example/trades/${number}`);
  const holder = { ...buyer.actor, opens: number };
  assert.equal(told(await move(stranger.actor, number, { do: "approve" })), "not_found");
  assert.equal(told(await move(shop.actor, number, { do: "approve" })), "not_allowed");
  assert.equal(told(await move(operator, number, { do: "approve" })), "approval_required");
  assert.equal(told(await move(holder, number, { do: "approve", version: version + 1 })), "trade_changed");
  assert.equal(told(await move(holder, number, { do: "approve", acceptors: ["carrier"] })), "invalid_field");
  const approved = await move(holder, number, { do: "approve", version });
  assert.equal(told(approved), "reserved 1000/0/0");
  assert.deepEqual(tradeIn(approved).acceptance.by, ["buyer"], "the shop was not agreed to");
  assert.equal(told(await move(buyer.actor, number, { do: "approve" })), "already_reserved");
  assert.equal(
    told(await move({ ...stranger.actor, opens: number }, number, { do: "approve" })),
    "not_found",
  );
});

test("the operator: for a named buyer, with channel and reference in the record", async () => {
  const buyer = await market.buyer();
  const trade = { currency: "JPY", amount: 500, shop: shop.actor.id, approval: { operator: phone } };
  assert.equal(told(await market.trades.propose(operator, trade)), "invalid_field");
  const outcome = await market.trades.propose(operator, { ...trade, buyer: { member: buyer.number } });
  assert.equal(told(outcome), "reserved 500/0/0");
  const { number } = tradeIn(outcome);
  await move(operator, number, { do: "accept", operator: { ...phone, as: "buyer" } });
  const events = (await market.trades.events(operator, number))?.items;
  assert.deepEqual(events?.[0]?.data["operator"], phone);
  assert.deepEqual(events?.at(-2)?.data["operator"], { ...phone, as: "buyer" });
  assert.ok(events?.every(({ actor }) => actor.role === "operator" && actor.id === operator.id));
  const seen = (await market.trades.events(buyer.actor, number))?.items;
  assert.ok(
    seen?.every(({ actor }) => actor.id === null),
    "which operator is for operators",
  );
  assert.equal(
    told(await move(buyer.actor, number, { do: "refund", amount: 1, reason: "x", operator: phone })),
    "not_allowed",
  );
});

test("guests pay by the one means they came with", async () => {
  const guest = await market.guest();
  const buyer = { guest: { name: "x", address: "x" } };
  const { number, ...view } = tradeIn(await propose({ buyer }));
  assert.deepEqual([view.state, view.buyer], ["proposed", null]);
  const approved = await move({ ...guest.actor, opens: number }, number, { do: "approve" });
  assert.equal(told(approved), "reserved 1000/0/0");
  assert.deepEqual(tradeIn(approved).buyer, { guest: true });
  assert.equal(told(await move(guest.actor, number, { do: "accept" })), "settled 0/1000/0");
});

test("a shop's revision is covered by what the buyer agreed to, and by nothing else", async () => {
  const buyer = await market.buyer();
  const lines = [{ name: "Tea", quantity: 10, unitAmount: 100 }];
  const less = [{ name: "Tea", quantity: 8, unitAmount: 90 }];
  const more = [{ name: "Tea", quantity: 50, unitAmount: 100 }];
  const { number } = tradeIn(
    await market.trades.propose(shop.actor, { currency: "JPY", lines, buyer: { member: buyer.number } }),
  );
  await move(buyer.actor, number, { do: "approve" });
  const revise = async (lines: typeof less, who = shop.actor) =>
    told(await move(who, number, { do: "revise", lines }));
  assert.equal(await revise(less), "reserved 720/0/0");
  assert.equal(await revise(lines, buyer.actor), "not_allowed");
  assert.equal(await revise(more), "reserved 720/0/0", "the buyer has to be asked");
  assert.equal(await revise(more), "reserved 720/0/0", "the same again is still not agreed to");
  assert.equal(await market.balance(buyer.account), "10000 held 720", "meanwhile what was agreed stands");
  assert.equal(told(await move(shop.actor, number, { do: "revise", method: buyer.method })), "not_allowed");
  assert.equal(
    await revise(more, buyer.actor),
    "not_allowed",
    "a buyer takes less of what is offered, not more",
  );
  assert.equal(await revise(less), "reserved 720/0/0", "what the buyer has agreed to ends the wish");
  assert.equal(told(await move(buyer.actor, number, { do: "approve" })), "already_reserved");
  const dated = await move(buyer.actor, number, {
    do: "revise",
    payment: { on: "date", date: "2099-01-01" },
  });
  assert.equal(told(dated), "date_out_of_range");
  assert.equal(await market.balance(buyer.account), "10000 held 720", "what was reserved stands");
});

test("a buyer takes less of what is offered, at its price, and an operator for them no more", async () => {
  const buyer = await market.buyer();
  const lines = [{ name: "Tea", quantity: 10, unitAmount: 100 }];
  const body = { currency: "JPY", lines, buyer: { member: buyer.number } };
  const { number } = tradeIn(await market.trades.propose(shop.actor, body));
  const revise = async (quantity: number, unitAmount: number, more: { operator?: OperatorAct } = {}) =>
    told(
      await move(more.operator === undefined ? buyer.actor : operator, number, {
        do: "revise",
        lines: [{ name: "Tea", quantity, unitAmount }],
        ...more,
      }),
    );
  assert.equal(await revise(10, 1), "not_allowed", "a price of their own");
  assert.equal(told(await move(buyer.actor, number, { do: "revise", amount: 8 })), "not_allowed");
  const spoken = { operator: { channel: "phone", reference: "call 7", as: "buyer" } } as const;
  assert.equal(await revise(10, 1, spoken), "not_allowed", "by way of an operator");
  assert.equal(await revise(7, 100), "proposed 0/0/0", "less of it");
  assert.equal(told(await move(buyer.actor, number, { do: "approve" })), "reserved 700/0/0");
});

test("what the buyer has cancelled is not covered any more", async () => {
  const buyer = await market.buyer();
  const lines = [{ name: "Tea", quantity: 10, unitAmount: 100 }];
  const body = { currency: "JPY", lines, buyer: { member: buyer.number } };
  const { number } = tradeIn(await market.trades.propose(shop.actor, body));
  await move(buyer.actor, number, { do: "approve" });
  const some = { do: "cancel" as const, lines: [{ line: 1, quantity: 3 }] };
  assert.equal(told(await move(buyer.actor, number, some)), "reserved 700/0/300");
  const dated = { do: "revise" as const, payment: { on: "acceptance" as const } };
  assert.equal(told(await move(buyer.actor, number, dated)), "reserved 700/0/0");
  const seven = [{ name: "Tea", quantity: 7, unitAmount: 100 }];
  assert.equal(told(await move(shop.actor, number, { do: "revise", lines: seven })), "reserved 700/0/0");
  assert.equal(told(await move(buyer.actor, number, some)), "reserved 400/0/300");
  const revised = await move(shop.actor, number, { do: "revise", lines: seven });
  assert.equal(told(revised), "reserved 400/0/300", "the buyer has to be asked");
});

test("a revision that only the shop wants gives it no more time, whoever passes it on", async () => {
  const buyer = await market.buyer();
  const lines = [{ name: "Tea", quantity: 10, unitAmount: 100 }];
  const body = { currency: "JPY", lines, shipWithin: "P3D", buyer: { member: buyer.number } };
  const { number } = tradeIn(await market.trades.propose(shop.actor, body));
  const { shipBy } = tradeIn(await move(buyer.actor, number, { do: "approve" })).deadlines;
  await market.pass(24);
  const again = tradeIn(await move(shop.actor, number, { do: "revise", lines }));
  assert.deepEqual([again.state, again.deadlines.shipBy], ["reserved", shipBy]);
  const operator = { channel: "phone" as const, reference: "call 3", as: "shop" as const };
  const passed = tradeIn(await move(market.operator, number, { do: "revise", lines, operator }));
  assert.deepEqual([passed.state, passed.deadlines.shipBy], ["reserved", shipBy]);
  const dearer = [{ name: "Tea", quantity: 10, unitAmount: 101 }];
  const more = await move(market.operator, number, { do: "revise", lines: dearer, operator });
  assert.equal(
    told(more),
    "reserved 1000/0/0",
    "an operator who speaks for the shop has not asked the buyer",
  );
  assert.equal(told(await move(market.operator, number, { do: "approve", operator })), "not_allowed");
});

test("no revision makes the shop an acceptor behind the buyer's back", async () => {
  const buyer = await market.buyer();
  const asked = { buyer: { member: buyer.number }, acceptance: { by: ["buyer" as const, "shop" as const] } };
  const strict = await market.mandate(buyer, { acceptors: ["buyer"] });
  const first = tradeIn(await propose(asked)).number;
  assert.equal(
    told(await move(shop.actor, first, { do: "revise", approval: { mandate: strict } })),
    "mandate_not_valid",
  );
  const chosen = await move(buyer.actor, first, { do: "revise", method: buyer.method });
  assert.equal(told(chosen), "reserved 1000/0/0");
  assert.deepEqual(tradeIn(chosen).acceptance.by, ["buyer"]);
  const poor = await market.buyer({ amount: 900n });
  const second = tradeIn(await propose({ ...asked, buyer: { member: poor.number } })).number;
  assert.equal(told(await move(poor.actor, second, { do: "approve" })), "insufficient_funds");
  const revised = await move(shop.actor, second, { do: "revise", amount: 800 });
  assert.equal(told(revised), "reserved 800/0/0");
  assert.deepEqual(tradeIn(revised).acceptance.by, ["buyer"], "as the buyer approved it");
});

test("what the buyer chose is kept while the reservation is refused", async () => {
  const poor = await market.buyer({ amount: 900n });
  const { number } = tradeIn(await propose({ buyer: { member: poor.number } }));
  const [row] = await market.database.query<{ day: string }>(
    rawSql("select to_char(kenshu_now() + interval '20 days', 'YYYY-MM-DD') as day"),
  );
  const payment = { on: "date" as const, date: row?.day ?? "" };
  assert.equal(told(await move(poor.actor, number, { do: "approve", payment })), "insufficient_funds");
  const revised = tradeIn(await move(shop.actor, number, { do: "revise", amount: 800 }));
  assert.deepEqual([revised.state, revised.payment], ["reserved", payment]);
});

test("a proposal that is refused leaves nothing behind, no address either", async () => {
  const buyer = await market.buyer();
  const mandate = await market.mandate(buyer);
  const recipient = { name: "Yui", address: "2-2 Kyoto" };
  const count = async () => {
    const [row] = await market.database.query<{ count: bigint }>(
      rawSql("select count(*) from trade_recipients"),
    );
    return row?.count;
  };
  const before = await count();
  const payment = { on: "date" as const, date: "2020-01-01" };
  assert.equal(told(await propose({ approval: { mandate }, recipient, payment })), "date_out_of_range");
  assert.equal(await count(), before);
  assert.equal(told(await propose({ approval: { mandate }, recipient })), "reserved 1000/0/0");
  assert.equal(await count(), (before ?? 0n) + 1n);
});

test("a suspended shop opens nothing; what runs goes on to its end", async () => {
  const other = await market.anotherShop();
  const buyer = await market.buyer();
  const mandate = await market.mandate(buyer, { shop: other.actor.id });
  const open = async () =>
    tradeIn(
      await market.trades.propose(other.actor, { currency: "JPY", amount: 1000, approval: { mandate } }),
    ).number;
  const [one, two, three] = [await open(), await open(), await open()];
  const asked = await market.trades.propose(other.actor, {
    currency: "JPY",
    amount: 9,
    buyer: { member: buyer.number },
  });
  await move(buyer.actor, three, { do: "accept" });
  await setPartyState(market.database, other.actor.id, "suspended");
  const again = await market.trades.propose(other.actor, {
    currency: "JPY",
    amount: 1,
    approval: { mandate },
  });
  assert.equal(told(again), "shop_suspended");
  assert.equal(told(await move(buyer.actor, tradeIn(asked).number, { do: "approve" })), "shop_suspended");
  assert.equal(told(await move(buyer.actor, one, { do: "accept" })), "settled 0/1000/0");
  assert.equal(told(await move(buyer.actor, two, { do: "cancel" })), "cancelled 0/0/1000");
  assert.equal(
    told(await move(other.actor, three, { do: "refund", amount: 1000, reason: "x" })),
    "settled 0/1000/0 back 1000",
  );
});

test("the books are whole", market.prove);

/** A reserved trade of ten, for which the shop would like one yen more. */
async function wished(amount = 3000) {
  const buyer = await market.buyer();
  const body = { currency: "JPY", amount, buyer: { member: buyer.number } };
  const { number } = tradeIn(await market.trades.propose(shop.actor, body));
  const { deadlines } = tradeIn(await move(buyer.actor, number, { do: "approve" }));
  const revise = (amount: number) => move(shop.actor, number, { do: "revise", amount });
  return { buyer, number, deadlines, revise, asked: tradeIn(await revise(amount + 1)) };
}

test("a price that rises after approval leaves what is reserved, until the buyer approves it", async () => {
  const { buyer, number, deadlines, asked } = await wished();
  assert.deepEqual([asked.state, asked.amount, asked.frozen], ["reserved", 3000, 3000]);
  assert.equal(asked.revisionAsked?.amount, 3001);
  assert.deepEqual(asked.deadlines, deadlines, "a wish moves no deadline");
  assert.notEqual(asked.approveUrl, null);
  assert.equal(await market.balance(buyer.account), "10000 held 3000");
  const stale = await move(buyer.actor, number, { do: "approve", version: asked.version - 1 });
  assert.equal(told(stale), "trade_changed");
  const approved = await move(buyer.actor, number, { do: "approve", version: asked.version });
  assert.equal(told(approved), "reserved 3001/0/0");
  assert.deepEqual([tradeIn(approved).amount, tradeIn(approved).revisionAsked], [3001, null]);
  assert.equal(await market.balance(buyer.account), "10000 held 3001");
  await market.prove();
});

test("and back: the wish is over, and the money was frozen all the time", async () => {
  const { buyer, number, revise } = await wished();
  const back = await revise(3000);
  assert.deepEqual([told(back), tradeIn(back).revisionAsked], ["reserved 3000/0/0", null]);
  assert.equal(told(await move(buyer.actor, number, { do: "approve" })), "already_reserved");
});

test("the buyer keeps what was agreed, says nothing, or cannot pay more: the old reservation stands", async () => {
  const { number, buyer, revise } = await wished();
  assert.equal(told(await move(shop.actor, number, { do: "revise", decline: true })), "not_allowed");
  const kept = await move(buyer.actor, number, { do: "revise", decline: true });
  assert.deepEqual([told(kept), tradeIn(kept).revisionAsked], ["reserved 3000/0/0", null]);
  assert.equal(told(await move(buyer.actor, number, { do: "revise", decline: true })), "no_offer");
  await revise(20_000);
  assert.equal(told(await move(buyer.actor, number, { do: "approve" })), "insufficient_funds");
  const read = await market.trades.read(buyer.actor, number);
  assert.deepEqual([read?.frozen, read?.revisionAsked?.amount], [3000, 20_000]);
  await market.pass(24 * 15);
  assert.equal(told(await move(buyer.actor, number, { do: "approve" })), "offer_over");
  assert.equal((await market.trades.read(buyer.actor, number))?.frozen, 3000);
});

test("the shop ships what was agreed, and its wish is over", async () => {
  const { number, buyer } = await wished();
  const shipped = await move(shop.actor, number, { do: "ship" });
  assert.deepEqual([told(shipped), tradeIn(shipped).revisionAsked], ["reserved 3000/0/0", null]);
  assert.equal(told(await move(buyer.actor, number, { do: "approve" })), "already_reserved");
  assert.equal(told(await move(buyer.actor, number, { do: "accept" })), "settled 0/3000/0");
});
