/** Trades for which a guarantor stands, and an institution at which they are paid: who is first wins, and a guarantee ends once. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { collectingInstitution, Collector } from "../../../test/support/world/collector.ts";
import { type Buyer, openMarket, problemIn, told, tradeIn } from "../../../test/support/world/market.ts";
import { until } from "../../../test/support/wire/listening.ts";
import { rawSql } from "../../storage/database/database.ts";
import type { Refused } from "../../core/protocol/protocol.ts";
import type { MoveBody, Propose } from "../../core/protocol/schemas.ts";

const collector = new Collector();
const market = await openMarket({ after }, { line: undefined, collector });
const { shop, operator, trades } = market;

beforeEach(() => {
  collector.first = () => undefined;
  collector.refuses = () => undefined;
});

const days = (count: number) => market.pass(24 * count);

interface Sale {
  buyer: Buyer;
  number: string;
}

/** Reserved on a credit line of 5,000. */
async function sale(terms: Partial<Propose> = {}): Promise<Sale> {
  const buyer = await market.buyer({ kind: "credit", amount: 5000n });
  const mandate = await market.mandate(buyer);
  const proposal = { buyer: { member: buyer.number }, approval: { mandate }, ...terms };
  return { buyer, number: tradeIn(await market.propose(proposal)).number };
}

/** The same, accepted whole. */
async function owing(terms: Partial<Propose> = {}): Promise<Sale> {
  const made = await sale(terms);
  assert.equal(told(await move(made, made.buyer, { do: "accept" })), "accepted 1000/0/0");
  await heard(made, 1000);
  return made;
}

const move = ({ number }: Sale, who: Buyer | "shop" | "operator", body: MoveBody) =>
  market.move(who === "shop" ? shop.actor : who === "operator" ? operator : who.actor, number, body);

/** Waits until the institution has been told that so much is due. */
async function heard({ number }: Sale, due: number): Promise<void> {
  await until(() => collector.dueOf(number) === due);
}

/** Somebody pays, and the guarantor looks for what it has not heard of. */
async function pay(made: Sale): Promise<void> {
  collector.pay(made.number);
  await look(made);
}

const noticeOf = (paid: number) => ({ institution: collectingInstitution, currency: "JPY", paid });

async function look({ number }: Sale): Promise<void> {
  const paid = collector.collections.get(number)?.paid ?? 0;
  let refused: Refused | undefined;
  await until(async () => {
    refused = await trades.collected(BigInt(number), noticeOf(paid));
    return refused?.refused !== "trade_busy";
  });
  assert.equal(refused, undefined);
}

async function view({ number }: Sale) {
  return (await trades.read(operator, number)) ?? assert.fail("no such trade");
}

/** `state frozen/settled/released guarantee` and the account that holds the credit line. */
async function stands(made: Sale): Promise<string> {
  const { state, frozen, settled, released, refunded, guarantee } = await view(made);
  const back = (refunded ?? 0) > 0 ? ` back ${refunded}` : "";
  const line = await market.balance(made.buyer.account);
  return `${state} ${frozen}/${settled}/${released}${back} ${guarantee?.state} line ${line}`;
}

test("the eight steps: what is accepted is due, what is paid frees the line when the shop says so", async () => {
  const made = await sale();
  assert.equal(await stands(made), "reserved 1000/0/0 open line 0 held 1000");
  await move(made, made.buyer, { do: "accept" });
  await heard(made, 1000);
  const due = await view(made);
  assert.deepEqual(due.payment, { on: "collection", within: "P14D" });
  const [payBy, claimFrom] = [due.deadlines.payBy, due.deadlines.claimFrom].map((at) => Date.parse(at ?? ""));
  assert.equal((claimFrom ?? 0) - (payBy ?? 0), 7 * 86_400_000);
  const [instruction] = collector.told.filter(({ tradeNumber }) => tradeNumber === made.number);
  assert.ok(instruction?.do === "due");
  assert.deepEqual(
    [instruction.amount, instruction.payee, instruction.fee?.amount, instruction.payBy, instruction.shopName],
    [1000, shop.account, 100, due.deadlines.payBy, "Aoi Tea"],
  );
  await pay(made);
  assert.equal(await stands(made), "settled 0/1000/0 open line 0 held 1000");
  assert.equal(told(await move(made, "shop", { do: "release" })), "settled 0/1000/0");
  assert.equal(await stands(made), "settled 0/1000/0 released line 0 held 0");
  assert.equal(told(await move(made, "shop", { do: "release" })), "nothing_to_release");
  assert.equal(told(await move(made, "shop", { do: "claim" })), "nothing_to_claim");
  await market.prove();
});

test("a shop that releases nothing blocks nobody's line for more than three days", async () => {
  const made = await owing();
  await pay(made);
  await days(2.9);
  await trades.sweeper.sweep();
  assert.equal(await stands(made), "settled 0/1000/0 open line 0 held 1000");
  await days(0.2);
  await trades.sweeper.sweep();
  assert.equal(await stands(made), "settled 0/1000/0 released line 0 held 0");
  await market.prove();
});

test("who never pays owes it to the guarantor, who pays the shop", async () => {
  const made = await owing();
  const before = await market.balance(shop.account);
  assert.equal(told(await move(made, "shop", { do: "claim" })), "not_due_yet");
  await days(20);
  assert.equal(told(await move(made, "shop", { do: "claim" })), "not_due_yet");
  await days(1.1);
  assert.equal(told(await move(made, "shop", { do: "claim" })), "settled 0/1000/0");
  assert.equal(await stands(made), "settled 0/1000/0 claimed line -1000 held 0");
  assert.notEqual(await market.balance(shop.account), before);
  assert.equal(collector.dueOf(made.number), 0);
  assert.equal(collector.pay(made.number), 0);
  await market.prove();
});

test("what nobody claims the clock claims, so that nothing is frozen for ever", async () => {
  const made = await owing();
  await days(14 + 7 + 29.9);
  await trades.sweeper.sweep();
  assert.equal(await stands(made), "accepted 1000/0/0 open line 0 held 1000");
  await days(0.2);
  await trades.sweeper.sweep();
  assert.equal(await stands(made), "settled 0/1000/0 claimed line -1000 held 0");
  await market.prove();
});

test("a payment that comes before a claim makes a collection of it, and the shop is paid once", async () => {
  const made = await owing();
  await days(21.1);
  collector.first = (body) => void (body.do === "due" && collector.pay(body.tradeNumber));
  assert.equal(told(await move(made, "shop", { do: "claim" })), "nothing_to_claim");
  assert.equal(await stands(made), "settled 0/1000/0 open line 0 held 1000");
  await look(made);
  assert.equal(told(await move(made, "shop", { do: "release" })), "settled 0/1000/0");
  assert.equal(await stands(made), "settled 0/1000/0 released line 0 held 0");
  const events = (await trades.events(operator, made.number, { limit: 100 }))?.items ?? [];
  const ends = events.filter(({ type }) =>
    ["guarantee.released", "guarantee.claimed", "trade.settled"].includes(type),
  );
  assert.deepEqual(
    ends.map(({ type, actor }) => `${type} ${actor.role}`),
    ["trade.settled collector", "guarantee.released shop"],
  );
  await market.prove();
});

test("the same by the clock", async () => {
  const made = await owing();
  await days(14 + 7 + 30.1);
  collector.first = (body) => void (body.do === "due" && collector.pay(body.tradeNumber));
  await trades.sweeper.sweep();
  assert.match(await stands(made), /^settled 0\/1000\/0 (open|released) line 0/);
  await days(3.1);
  await trades.sweeper.sweep();
  assert.equal(await stands(made), "settled 0/1000/0 released line 0 held 0");
  await market.prove();
});

const three = {
  amount: 1000,
  lines: [{ name: "Tea set", quantity: 10, unitAmount: 100 }],
  coolingOff: { for: "P20D", goods: "keep" as const },
};

test("goods that are withdrawn before they are paid are due no more", async () => {
  const made = await owing(three);
  const lines = [{ line: 1, quantity: 3 }];
  const withdrawn = await move(made, made.buyer, { do: "withdraw", reason: "too many", lines });
  assert.equal(told(withdrawn), "accepted 700/0/300");
  await heard(made, 700);
  assert.equal(await stands(made), "accepted 700/0/300 open line 0 held 700");
  await pay(made);
  assert.equal(await stands(made), "settled 0/700/300 open line 0 held 700");
  await market.prove();
});

test("goods that were paid for just before are paid back instead, where they were paid", async () => {
  const made = await owing(three);
  const lines = [{ line: 1, quantity: 3 }];
  collector.first = (body) => void (body.do === "due" && collector.pay(body.tradeNumber));
  const withdrawn = await move(made, made.buyer, { do: "withdraw", reason: "too many", lines });
  assert.equal(told(withdrawn), "settled 0/1000/0 back 300");
  assert.equal(collector.collections.get(made.number)?.refunded, 300);
  assert.equal(await stands(made), "settled 0/1000/0 back 300 open line 0 held 1000");
  await market.prove();
});

test("a refusal after the institution's word makes due again what was due", async () => {
  const made = await owing(three);
  await days(19.9);
  // The time to change one's mind ends while the institution is asked.
  collector.first = () => days(0.2);
  const lines = [{ line: 1, quantity: 3 }];
  const withdrawn = await move(made, made.buyer, { do: "withdraw", reason: "too many", lines });
  assert.equal(told(withdrawn), "cooling_off_over");
  collector.first = () => undefined;
  await heard(made, 1000);
  assert.equal(await stands(made), "accepted 1000/0/0 open line 0 held 1000");
  await market.prove();
});

test("what is paid in parts and claimed in parts goes back from where it is", async () => {
  const made = await sale({ lines: [{ name: "Tea set", quantity: 10, unitAmount: 100 }] });
  await move(made, made.buyer, { do: "accept", lines: [{ line: 1, quantity: 4 }] });
  await heard(made, 400);
  await pay(made);
  await move(made, made.buyer, { do: "accept" });
  await heard(made, 600);
  await days(21.1);
  assert.equal(told(await move(made, "shop", { do: "claim" })), "settled 0/1000/0");
  await trades.sweeper.sweep();
  assert.equal(await stands(made), "settled 0/1000/0 claimed line -600 held 0");
  // First what the guarantor has paid, then what the collector has.
  await move(made, "shop", { do: "refund", amount: 700, reason: "broken" });
  await until(async () => {
    const { pending, refundDue } = await view(made);
    return pending === null && refundDue === 0;
  });
  assert.equal(await stands(made), "settled 0/1000/0 back 700 claimed line 0 held 0");
  assert.equal(collector.collections.get(made.number)?.refunded, 100);
  await market.prove();
});

test("a refund that the shop's account at the institution cannot pay stands as due and is tried again", async () => {
  const made = await owing();
  await pay(made);
  collector.refuses = ({ do: does }) => (does === "reimburse" ? "payee_insufficient_funds" : undefined);
  assert.equal(
    told(await move(made, "shop", { do: "refund", amount: 500, reason: "broken" })),
    "settled 0/1000/0",
  );
  assert.equal((await view(made)).refundDue, 500);
  collector.refuses = () => undefined;
  await market.pass(2);
  await trades.sweeper.sweep();
  assert.equal(
    told(await move(made, "shop", { do: "refund", total: 500, reason: "the same" })),
    "settled 0/1000/0 back 500",
  );
  await market.prove();
});

test("a notice that comes twice is booked once, and one of more than is due is not booked", async () => {
  const made = await owing();
  await pay(made);
  const { version } = await view(made);
  await look(made);
  assert.equal((await view(made)).version, version);
  const other = await owing();
  assert.equal((await trades.collected(BigInt(other.number), noticeOf(1001)))?.refused, "amount_exceeds_due");
  assert.equal((await trades.collected(123n, noticeOf(1)))?.refused, "not_found");
  assert.equal(await stands(other), "accepted 1000/0/0 open line 0 held 1000");
  await market.prove();
});

test("nobody's word counts but that of the institution at which the trade is paid, in its currency", async () => {
  const made = await owing();
  const said = (change: object) => trades.collected(BigInt(made.number), { ...noticeOf(1000), ...change });
  const another = { institution: "00000000-0000-7000-8000-0000000000c1" };
  assert.equal((await said(another))?.refused, "not_found");
  assert.equal((await said({ currency: "USD" }))?.refused, "currency_mismatch");
  assert.equal(await stands(made), "accepted 1000/0/0 open line 0 held 1000");
  await market.prove();
});

test("a shop that could not be paid at the institution gets no guarantee", async () => {
  const untied = await market.anotherShop("00000000-0000-7000-8000-0000000000ff");
  const buyer = await market.buyer({ kind: "credit", amount: 5000n });
  const mandate = await market.mandate(buyer, { shop: untied.actor.id });
  const proposal = { currency: "JPY", amount: 1000, buyer: { member: buyer.number }, approval: { mandate } };
  const refused = problemIn(await trades.propose(untied.actor, proposal));
  assert.equal(refused.code, "account_not_tied");
  assert.equal(await market.balance(buyer.account), "0 held 0");
  await market.prove();
});

test("a guarantor takes payment at a collector only, within a time that it sets", async () => {
  const buyer = await market.buyer({ kind: "credit", amount: 5000n });
  const mandate = await market.mandate(buyer);
  const paying = async (payment: Propose["payment"]) =>
    told(
      await market.propose({
        buyer: { member: buyer.number },
        approval: { mandate },
        ...(payment && { payment }),
      }),
    );
  assert.equal(await paying({ on: "acceptance" }), "invalid_field");
  assert.equal(await paying({ on: "date", date: "2099-01-01" }), "invalid_field");
  assert.equal(await paying({ on: "collection", within: "P2D" }), "date_out_of_range");
  assert.equal(await paying({ on: "collection", within: "P61D" }), "date_out_of_range");
  assert.equal(await paying({ on: "collection", within: "P60D" }), "reserved 1000/0/0");
});

test("a dispute about other goods leaves due what was accepted, and nobody claims in it", async () => {
  const made = await sale({ lines: [{ name: "Tea set", quantity: 10, unitAmount: 100 }] });
  await move(made, "shop", { do: "ship" });
  await move(made, made.buyer, { do: "accept", lines: [{ line: 1, quantity: 4 }] });
  await heard(made, 400);
  await move(made, made.buyer, { do: "dispute", reason: "broken" });
  assert.equal(told(await move(made, "shop", { do: "claim" })), "trade_disputed");
  await pay(made);
  assert.equal(await stands(made), "disputed 600/400/0 open line 0 held 1000");
  assert.equal(told(await move(made, "shop", { do: "release" })), "disputed 600/400/0");
  assert.equal(await stands(made), "disputed 600/400/0 open line 0 held 600");
  await market.prove();
});

test("where a process ends between question and answer, another asks again, and a payment has still won", async () => {
  const made = await owing();
  await days(21.1);
  let answer: (value: unknown) => void = () => undefined;
  const lost = new Promise((resolve) => void (answer = resolve));
  let asked = 0;
  collector.first = () => {
    asked += 1;
    return asked === 1 ? lost : undefined;
  };
  const claiming = market.move(shop.actor, made.number, { do: "claim" }, "key of the claim");
  await until(() => asked === 1);
  assert.equal((await view(made)).pending?.step, "claim");
  collector.pay(made.number);
  market.anotherProcess();
  await market.admin.execute(rawSql("update instructions set next_at = clock_timestamp()"));
  await until(async () => (await view(made)).state === "settled");
  answer(undefined);
  assert.equal(told(await claiming), "nothing_to_claim");
  assert.equal(await stands(made), "settled 0/1000/0 open line 0 held 1000");
  await market.prove();
});

test("while the institution is asked nothing else is done, and the same claim is the same", async () => {
  const made = await owing();
  await days(21.1);
  let answer: (value: unknown) => void = () => undefined;
  const slow = new Promise((resolve) => void (answer = resolve));
  collector.first = ({ do: does }) => (does === "due" ? slow : undefined);
  const claims = [1, 2].map(() => market.move(shop.actor, made.number, { do: "claim" }, "one key"));
  await until(async () => (await view(made)).pending?.step === "claim");
  assert.equal((await trades.collected(BigInt(made.number), noticeOf(1000)))?.refused, "trade_busy");
  answer(undefined);
  const came = (await Promise.all(claims)).map(told);
  assert.deepEqual(came, ["settled 0/1000/0", "settled 0/1000/0"]);
  assert.equal(await stands(made), "settled 0/1000/0 claimed line -1000 held 0");
  await market.prove();
});

test("what an institution did not take is told it again with the next step", async () => {
  const made = await sale(three);
  collector.refuses = () => "consent_not_valid";
  await move(made, made.buyer, { do: "accept", lines: [{ line: 1, quantity: 4 }] });
  await until(() => collector.told.some(({ tradeNumber }) => tradeNumber === made.number));
  await until(async () => {
    const [row] = await market.admin.query<{ waiting: number }>(
      rawSql("select count(*)::int as waiting from instructions where trade = $1", [made.number]),
    );
    return row?.waiting === 0;
  });
  assert.equal(collector.dueOf(made.number), 0);
  collector.refuses = () => undefined;
  // A week before the time to pay is over the buyer is told, and with that the institution.
  await days(7.1);
  await trades.sweeper.sweep();
  await heard(made, 400);
  await market.prove();
});
