/**
 * The engine on a real database: what callers are told, once and only once, and what is kept of it. The same stories for
 * every means of payment, since a caller should not notice which one a server has.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { textOf } from "../../../src/engines/engine/engine.ts";
import { after, test } from "node:test";
import { accept, dispute, stories, type Who } from "../tables/trade-stories.ts";
import { type Buyer, openMarket, problemIn, told, tradeIn } from "./market.ts";
import { randomDigits, rawSql, uuidv7 } from "../../../src/storage/database/database.ts";
import { dammAppend } from "../../../src/core/protocol/protocol.ts";
import type { MoveBody, Propose } from "../../../src/core/protocol/schemas.ts";
import type { Actor } from "../../../src/engines/trades/trades.ts";

const market = await openMarket({ after });
const { trades, move, shop, operator, carrier } = market;

/** A trade of ten at 100, reserved under a mandate. */
async function reserved(buyer: Buyer, more: Partial<Propose> = {}): Promise<string> {
  const mandate = await market.mandate(buyer);
  const lines = [{ name: "Tea set", quantity: 10, unitAmount: 100 }];
  const outcome = await trades.propose(shop.actor, {
    currency: "JPY",
    lines,
    approval: { mandate },
    ...more,
  });
  assert.equal(told(outcome), "reserved 1000/0/0");
  return tradeIn(outcome).number;
}

for (const [name, more, lines, balance, earned] of stories) {
  test(`story: ${name}`, async () => {
    const buyer = await market.buyer();
    const number = await reserved(buyer, { carrier: carrier.id, ...more });
    const [before] = await market.balance(shop.account).then((text) => text.split(" "));
    const actors: Record<Who, Actor> = { buyer: buyer.actor, shop: shop.actor, carrier, operator };
    for (const [who, body, comesTo] of lines) {
      const outcome = await move(actors[who], number, body);
      const seen =
        outcome.status < 400 && who === "carrier" ? await trades.read(shop.actor, number) : undefined;
      const text = seen && `${seen.state} ${seen.frozen}/${seen.settled}/${seen.released}`;
      assert.equal(text ?? told(outcome), comesTo, `${who}: ${body.do}`);
    }
    assert.equal(await market.balance(buyer.account), balance);
    assert.equal(await market.balance(shop.account), `${BigInt(before ?? "") + earned} held 0`);
  });
}

test("the same key again is the same answer, whatever has happened since; another body is another request", async () => {
  const buyer = await market.buyer();
  const number = await reserved(buyer);
  const first = await move(buyer.actor, number, accept(4), "key 1");
  await move(buyer.actor, number, accept(3), "key 2");
  const again = await move(buyer.actor, number, accept(4), "key 1");
  assert.deepEqual(again, { ...first, replayed: true });
  assert.equal(told(await move(buyer.actor, number, accept(5), "key 1")), "idempotency_key_reused");
  assert.equal(told(await move(buyer.actor, number, { do: "cancel" }, "key 1")), "idempotency_key_reused");
  assert.equal((await trades.read(shop.actor, number))?.settled, 700);
  const refused = await move(buyer.actor, number, accept(9), "key 3");
  assert.equal(told(refused), "quantity_exceeds_open");
  assert.deepEqual(await move(buyer.actor, number, accept(9), "key 3"), { ...refused, replayed: true });
});

test("fields in another order are the same request, also for an answer that was kept while their order counted", async () => {
  const buyer = await market.buyer();
  const number = await reserved(buyer);
  const first = await move(
    buyer.actor,
    number,
    { do: "accept", lines: [{ line: 1, quantity: 4 }] },
    "turned",
  );
  const turned = await move(
    buyer.actor,
    number,
    { lines: [{ quantity: 4, line: 1 }], do: "accept" },
    "turned",
  );
  assert.deepEqual(turned, { ...first, replayed: true });
  const former = createHash("sha256")
    .update(JSON.stringify(["move", number, { do: "accept", lines: [{ line: 1, quantity: 4 }] }]))
    .digest();
  await market.admin.execute(
    rawSql("update answers set request = $1 where caller = $2 and key = 'turned'", [former, buyer.actor.id]),
  );
  const again = await move(
    buyer.actor,
    number,
    { do: "accept", lines: [{ line: 1, quantity: 4 }] },
    "turned",
  );
  assert.deepEqual(again, { ...first, replayed: true });
  assert.equal(told(await move(buyer.actor, number, accept(5), "turned")), "idempotency_key_reused");
});

test("another caller's key means nothing", async () => {
  const [one, two] = [await market.buyer(), await market.buyer()];
  const numbers = [await reserved(one), await reserved(two)];
  assert.equal(told(await move(one.actor, numbers[0] ?? "", accept(10), "key")), "settled 0/1000/0");
  const other = await move(two.actor, numbers[1] ?? "", accept(10), "key");
  assert.deepEqual([told(other), other.replayed], ["settled 0/1000/0", false]);
});

test("one key twice in one batch is one trade; twenty times from three processes too", async () => {
  const buyer = await market.buyer();
  const body = { currency: "JPY", amount: 100, approval: { mandate: await market.mandate(buyer) } };
  const pair = await Promise.all([
    trades.propose(shop.actor, body, "twin"),
    trades.propose(shop.actor, body, "twin"),
  ]);
  assert.deepEqual(
    pair.map(({ replayed }) => replayed),
    [false, true],
  );
  assert.equal(new Set(pair.map(textOf)).size, 1);
  const processes = [trades, market.anotherProcess(), market.anotherProcess()];
  const crowd = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      (processes[index % 3] ?? trades).propose(shop.actor, body, "crowd"),
    ),
  );
  assert.equal(new Set(crowd.map(textOf)).size, 1);
  assert.equal(crowd.filter((outcome) => outcome.replayed === false).length, 1);
  assert.equal(await market.balance(buyer.account), "10000 held 200");
});

test("approved and accepted in one batch", async () => {
  const buyer = await market.buyer();
  const { number } = tradeIn(await market.propose({ buyer: { member: buyer.number } }));
  const [approved, accepted] = await Promise.all([
    move(buyer.actor, number, { do: "approve" }),
    move(buyer.actor, number, { do: "accept" }),
  ]);
  assert.deepEqual([told(approved), told(accepted)], ["reserved 1000/0/0", "settled 0/1000/0"]);
});

test("strangers learn nothing, not even that there is a trade", async () => {
  const [buyer, other] = [await market.buyer(), await market.buyer()];
  const number = await reserved(buyer);
  const strangers: Actor[] = [
    other.actor,
    { ...other.actor, opens: number },
    (await market.anotherShop()).actor,
    carrier,
    { kind: "provider", id: uuidv7() },
  ];
  const nobodys = dammAppend(`9${randomDigits(12)}`);
  for (const actor of strangers) {
    const { detail, trade } = problemIn(await move(actor, number, { do: "accept" }));
    assert.deepEqual(
      { detail, trade },
      { detail: problemIn(await move(actor, nobodys, { do: "accept" })).detail, trade: undefined },
    );
    assert.equal(told(await move(actor, number, { do: "accept" })), "not_found");
    assert.equal(await trades.read(actor, number), undefined);
    assert.equal(await trades.events(actor, number), undefined);
    assert.equal(await trades.recipient(actor, number), undefined);
    assert.ok(!(await trades.list(actor, { limit: 100 })).items.some((trade) => trade.number === number));
  }
  assert.equal(
    told(
      await move(buyer.actor, `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`, {
        do: "accept",
      }),
    ),
    "wrong_check_digit",
  );
  const long = dammAppend("9".repeat(19));
  assert.equal(told(await move(buyer.actor, long, { do: "accept" })), "not_found");
  assert.equal(await trades.read(buyer.actor, long), undefined);
});

test("a carrier sees neither price nor payer, in the trade and in its record", async () => {
  const buyer = await market.buyer();
  const number = await reserved(buyer, {
    carrier: carrier.id,
    recipient: { name: "Yui", address: "2-2 Kyoto" },
  });
  await move(carrier, number, { do: "deliver" });
  await move(buyer.actor, number, accept(4));
  await move(buyer.actor, number, dispute);
  await move(shop.actor, number, { do: "answer", statement: "it was otherwise" });
  await move(operator, number, { do: "resolve", outcome: "split", amount: 100, reason: "seen" });
  await move(shop.actor, number, { do: "refund", amount: 50, reason: "sorry" });
  const seen = JSON.stringify([await trades.read(carrier, number), await trades.events(carrier, number)]);
  for (const secret of [
    buyer.actor.id,
    buyer.number,
    "amount",
    '"fee"',
    'settled":',
    'released":',
    "frozen",
  ]) {
    assert.ok(!seen.includes(secret), `${secret} in ${seen}`);
  }
  assert.equal((await trades.recipient(carrier, number))?.address, "2-2 Kyoto");
  const poor = await market.buyer({ amount: 1n });
  const mandate = await market.mandate(poor);
  const refused = problemIn(await market.propose({ approval: { mandate }, carrier: carrier.id }));
  const { trade = "" } = refused;
  const shown = JSON.stringify([await trades.read(carrier, trade), await trades.events(carrier, trade)]);
  assert.ok(!shown.includes("insufficient_funds"), shown);
});

test("events are numbered without gaps and cannot be changed by the server", async () => {
  const buyer = await market.buyer();
  const number = await reserved(buyer);
  await Promise.all([1, 2, 3].map((quantity) => move(buyer.actor, number, accept(quantity))));
  await move(shop.actor, number, { do: "cancel" });
  const events = (await trades.events(shop.actor, number))?.items;
  assert.deepEqual(
    events?.map(({ seq }) => seq),
    events?.map((_, index) => index + 1),
  );
  assert.equal((await trades.read(shop.actor, number))?.version, events?.length);
  for (const statement of [
    "update trade_events set seq = 9",
    "delete from trade_events",
    "truncate trade_events",
  ]) {
    await assert.rejects(market.database.execute(rawSql(statement)), /permission denied/);
  }
});

test("a guest is forgotten when the cooling-off is over; the books are not", async () => {
  const guest = await market.guest();
  const body: Propose = {
    currency: "JPY",
    amount: 1000,
    coolingOff: "P14D",
    recipient: { name: "Yui", address: "2-2 Kyoto" },
    buyer: {
      guest: { name: "Hana", address: "1-1 Nara" },
    },
  };
  const { number, buyer } = tradeIn(await trades.propose(shop.actor, body));
  assert.equal(buyer, null, "what the shop has said makes nobody the buyer");
  assert.deepEqual(await trades.guestForm(number), { name: "Hana", address: "1-1 Nara" });
  await move({ ...guest.actor, opens: number }, number, { do: "approve" });
  assert.equal(await trades.guestForm(number), undefined);
  await move(guest.actor, number, { do: "accept" });
  const person = async () => {
    const [row] = await market.database.query<{ state: string; known: number }>(
      rawSql(
        "select state, num_nonnulls(name, address, birth_date, email, phone) as known from people where id = $1",
        [guest.actor.id],
      ),
    );
    return row;
  };
  await market.pass(13 * 24);
  await trades.sweeper.sweep();
  assert.equal((await person())?.state, "active");
  assert.notEqual(await trades.recipient(guest.actor, number), undefined);
  await market.pass(25);
  await trades.sweeper.sweep();
  assert.deepEqual(await person(), { state: "erased", known: 0 });
  assert.equal(await trades.recipient(shop.actor, number), undefined);
  const forms = await market.database.query(rawSql("select from guest_forms"));
  assert.equal(forms.length, 0);
  assert.equal((await trades.read(shop.actor, number))?.settled, 1000);
  assert.equal(await market.balance(guest.account), "9000 held 0");
  const nothing = await trades.sweeper.sweep();
  assert.equal(nothing, 0, "nothing is left to look at");
});

test("the books are whole", market.prove);

test("a dispute takes nothing from the cooling-off period; the record comes in pages", async () => {
  const buyer = await market.buyer();
  const coolingOff = { for: "P14D", goods: "keep" } as const;
  const number = await reserved(buyer, {
    lines: [{ name: "Tea", quantity: 2, unitAmount: 500 }],
    coolingOff,
  });
  await move(buyer.actor, number, { do: "accept", lines: [{ line: 1, quantity: 1 }] });
  await move(shop.actor, number, { do: "dispute", reason: "to run it out" });
  await market.pass(15 * 24);
  const back: MoveBody = { do: "withdraw", reason: "changed my mind" };
  assert.equal(told(await move(buyer.actor, number, back)), "trade_disputed");
  await move(market.operator, number, { do: "resolve", outcome: "resume", reason: "go on" });
  assert.equal(told(await move(buyer.actor, number, back)), "delivered 500/500/0 back 500");
  const whole = (await trades.events(shop.actor, number))?.items ?? [];
  const paged: number[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page = await trades.events(shop.actor, number, { limit: 2, after });
    assert.ok(page !== undefined && page.items.length <= 2);
    paged.push(...page.items.map(({ seq }) => seq));
    after = page.next === null ? undefined : Number(page.next);
  }
  assert.deepEqual(
    paged,
    whole.map(({ seq }) => seq),
  );
});
