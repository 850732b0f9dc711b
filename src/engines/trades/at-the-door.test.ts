/** The carrier says in one act that goods were accepted and that it took the money: what of it is true the institution says. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { collectingInstitution, Collector } from "../../../test/support/world/collector.ts";
import { type Buyer, openMarket, told, tradeIn } from "../../../test/support/world/market.ts";
import { until } from "../../../test/support/wire/listening.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { doorCodeEvidence } from "../../core/protocol/protocol.ts";
import type { MoveBody, Propose } from "../../core/protocol/schemas.ts";
import { takingAccount, tieAccounts } from "../rails/rails.ts";
import type { Actor, Trades } from "./trades.ts";

const collector = new Collector();
const market = await openMarket({ after }, { line: undefined, collector });
const { shop, operator, trades, carrier, database } = market;
const other = market.anotherProcess();
const consent = uuidv7();
const tie = (institution = collectingInstitution) =>
  tieAccounts(database, [{ account: takingAccount(carrier.id, "JPY"), institution, consent }]);
await tie();

beforeEach(() => {
  collector.first = () => undefined;
  collector.refuses = () => undefined;
  collector.keepsOut = () => undefined;
});

interface Sale {
  buyer: Buyer;
  number: string;
}

const lines = [
  { name: "Tea set", quantity: 2, unitAmount: 300 },
  { name: "Tin", quantity: 4, unitAmount: 100 },
];

/** Reserved on a credit line, for 1,000, and at the door. */
async function atDoor(terms: Partial<Propose> = {}): Promise<Sale> {
  const buyer = await market.buyer({ kind: "credit", amount: 5000n });
  const mandate = await market.mandate(buyer);
  const who = { buyer: { member: buyer.number }, approval: { mandate }, carrier: carrier.id };
  const { number } = tradeIn(await market.propose({ ...who, lines, ...terms }));
  await market.move(carrier, number, { do: "at-door" });
  return { buyer, number };
}

const inHand: Actor = { ...carrier, standsFor: "buyer" };
const evidence = { kind: doorCodeEvidence, reference: "door" };
type Accept = Extract<MoveBody, { do: "accept" }>;
const taking = (amount: number, change: Partial<Accept> = {}): MoveBody => ({
  do: "accept",
  evidence,
  collected: { amount, currency: "JPY" },
  ...change,
});
const take = ({ number }: Sale, body: MoveBody, key: string | undefined = uuidv7(), at: Trades = trades) =>
  at.move(inHand, number, body, key);

/** `state`, what became of what was taken, and what is due. */
async function stands({ number }: Sale, who: Actor = operator): Promise<string> {
  const view = (await trades.read(who, number)) ?? assert.fail("no such trade");
  const { state, taking: taken, guarantee } = view;
  return `${state} ${taken?.code ?? taken?.state ?? "nothing"} due ${guarantee?.due ?? "-"}`;
}

const toldOf = ({ number }: Sale) =>
  collector.told.filter((each) => each.do === "due" && each.tradeNumber === number);

test("one act: accepted, taken and paid, known within the request", async () => {
  const made = await atDoor();
  assert.deepEqual(await trades.toTake(carrier, made.number), {
    amount: 1000,
    currency: "JPY",
    institution: collectingInstitution,
  });
  const key = uuidv7();
  const outcome = await take(made, taking(1000), key);
  assert.equal(outcome.how === "done" && outcome.status, 200);
  const view = tradeIn(outcome);
  assert.deepEqual([view.state, view.taking], ["settled", { state: "taken", amount: 1000, currency: "JPY" }]);
  assert.equal(view.amount, undefined, "the price of the rest is none of its business");
  const again = await take(made, taking(1000), key);
  assert.ok(again.replayed);
  assert.deepEqual(tradeIn(again), view);
  const dues = toldOf(made);
  assert.deepEqual(dues.length, 1);
  assert.deepEqual(dues[0]?.do === "due" && dues[0].taken, { consent, amount: 1000 });
  const events = await trades.events(made.buyer.actor, made.number);
  assert.equal(events?.items.find(({ type }) => type === "trade.accepted")?.data["cash"], 1000);
  const seen = await trades.events(carrier, made.number);
  assert.equal(seen?.items.find(({ type }) => type === "trade.accepted")?.data["cash"], undefined);
  await market.prove();
});

test("what is said to be taken is what is due, by a carrier who is tied, of a trade that is collected", async () => {
  const made = await atDoor();
  for (const [body, actor, code] of [
    [taking(999), inHand, "amount_mismatch"],
    [taking(1001), inHand, "amount_mismatch"],
    [taking(1000, { collected: { amount: 1000, currency: "USD" } }), inHand, "currency_mismatch"],
    [taking(1000), made.buyer.actor, "not_allowed"],
    [taking(1000, { operator: { channel: "phone", reference: "1", as: "buyer" } }), operator, "not_allowed"],
  ] as const)
    assert.equal(told(await market.move(actor, made.number, body)), code);
  const elsewhere = uuidv7();
  await database.execute({
    text: "update remote_accounts set institution = $1 where consent = $2",
    values: [elsewhere, consent],
  });
  assert.equal(told(await take(made, taking(1000))), "account_not_tied");
  const untied = await trades.toTake(carrier, made.number);
  assert.deepEqual(untied, { refused: "account_not_tied" }, "who is not tied is told no price");
  await database.execute({ text: "delete from remote_accounts where institution = $1", values: [elsewhere] });
  await tie();
  assert.equal(await stands(made), "reserved nothing due 0");
  assert.deepEqual(toldOf(made), []);
  await market.prove();
});

test("of a part that is accepted the part is taken, and what is rejected is not due", async () => {
  const made = await atDoor();
  const part = [
    { line: 1, quantity: 2 },
    { line: 2, quantity: 1 },
  ];
  assert.deepEqual(
    await trades.toTake(carrier, made.number, part).then((one) => one && "amount" in one && one.amount),
    700,
  );
  assert.equal(told(await take(made, taking(1000, { lines: part }))), "amount_mismatch");
  const view = tradeIn(await take(made, taking(700, { lines: part })));
  assert.deepEqual(view.taking, { state: "taken", amount: 700, currency: "JPY" });
  await market.move(made.buyer.actor, made.number, { do: "reject", reason: "Dented" });
  assert.equal(await stands(made), "rejected taken due 0");
  await market.prove();
});

test("what the institution does not book is said, and the acceptance stands", async () => {
  for (const code of ["collector_limit_exceeded", "consent_limit_exceeded", "consent_not_valid"]) {
    collector.keepsOut = () => code;
    const made = await atDoor();
    const view = tradeIn(await take(made, taking(1000)));
    assert.deepEqual(view.taking, { state: "refused", amount: 1000, currency: "JPY", code });
    assert.equal(await stands(made), `accepted ${code} due 1000`);
    collector.pay(made.number);
    const paid = { institution: collectingInstitution, currency: "JPY", paid: 1000 };
    await until(async () => (await trades.collected(BigInt(made.number), paid)) === undefined);
    assert.equal(await stands(made), `settled ${code} due 0`, "it is paid at a counter later");
  }
  collector.refuses = () => "consent_not_valid";
  const made = await atDoor();
  assert.deepEqual(tradeIn(await take(made, taking(1000))).taking?.code, "consent_not_valid");
  assert.equal(collector.dueOf(made.number), 0);
  collector.refuses = () => undefined;
  await market.prove();
});

test("an unknown outcome is unknown, and goes on by itself; nothing else is taken until it is known", async () => {
  const held: (() => void)[] = [];
  collector.first = (body) =>
    body.do === "due" ? new Promise<void>((resolve) => held.push(resolve)) : undefined;
  const made = await atDoor();
  const key = uuidv7();
  const first = take(
    made,
    taking(700, {
      lines: [
        { line: 1, quantity: 2 },
        { line: 2, quantity: 1 },
      ],
    }),
    key,
  );
  await until(() => held.length > 0);
  assert.equal(await stands(made), "delivered asked due 700");
  // The rest is accepted by the buyer meanwhile: it is told once it is known what became of the first part.
  await market.move(made.buyer.actor, made.number, { do: "accept" });
  assert.equal(toldOf(made).length, 0);
  collector.first = () => undefined;
  for (const go of held) go();
  assert.deepEqual(tradeIn(await first).taking?.state, "taken");
  await until(() => collector.dueOf(made.number) === 300);
  assert.equal(await stands(made), "accepted taken due 300");
  assert.deepEqual(
    toldOf(made).map((each) => each.do === "due" && [each.version, each.amount, each.taken?.amount]),
    [
      [1, 700, 700],
      [2, 1000, undefined],
    ],
  );
  await market.prove();
});

test("the same act by two processes at once is one, also under two keys", async () => {
  for (let round = 0; round < 10; round += 1) {
    const made = await atDoor();
    const key = uuidv7();
    const same = await Promise.all([trades, other].map((at) => take(made, taking(1000), key, at)));
    assert.deepEqual(
      same.map((each) => tradeIn(each).taking?.state),
      ["taken", "taken"],
    );
    const next = await atDoor();
    const two = await Promise.all([trades, other].map((at) => take(next, taking(1000), uuidv7(), at)));
    assert.deepEqual(two.map(told).filter((each) => each !== "already_accepted").length, 1);
    assert.equal(toldOf(next).length, 1);
  }
  await market.prove();
});

test("somebody who pays at a counter meanwhile has paid, and nothing is taken at the door", async () => {
  const made = await atDoor();
  collector.first = async (body) => {
    if (body.do !== "due" || body.tradeNumber !== made.number) return;
    collector.first = () => undefined;
    // A word that came before it, and was paid at once.
    const { taken: _, ...due } = body;
    await collector.obey({ ...due, id: uuidv7() });
    collector.pay(made.number);
  };
  await take(made, taking(1000));
  assert.equal(await stands(made), "settled nothing_due due 0");
  await market.prove();
});

test("a step that was decided before does not forget what became of it", async () => {
  const made = await atDoor();
  const part = [{ line: 1, quantity: 2 }];
  assert.equal(tradeIn(await take(made, taking(600, { lines: part }))).taking?.state, "taken");
  await market.move(carrier, made.number, { do: "at-door" });
  const held: (() => void)[] = [];
  collector.first = (body) =>
    body.do === "heard" ? undefined : new Promise<void>((resolve) => held.push(resolve));
  const more = [{ line: 2, quantity: 2 }];
  const rest = take(made, taking(200, { lines: more }));
  await until(() => held.length === 1);
  const refund = market.move(shop.actor, made.number, { do: "refund", amount: 100, reason: "Scratched" });
  await until(async () => (await trades.read(operator, made.number))?.pending !== null);
  collector.first = () => undefined;
  held[0]?.();
  await rest;
  for (const go of held) go();
  await refund;
  // What was paid while the step waited is heard a moment later.
  const paid = { institution: collectingInstitution, currency: "JPY", paid: 800 };
  await until(async () => (await trades.collected(BigInt(made.number), paid)) === undefined);
  assert.equal(await stands(made), "delivered taken due 0");
  assert.equal(collector.collections.get(made.number)?.refunded, 100);
  await market.prove();
});
