/** What a peer can keep for itself, and what it can have back from a shop that serves it no longer. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Asked, inDays, openBank, told } from "../../../test/support/world/consents.ts";
import { sql, uuidv7 } from "../../storage/database/database.ts";

const bank = await openBank({ after });
const { ask, database } = bank;
const peer = bank.newPeer();
const house = await bank.account(5000n, { kind: "fee" });
const own = await bank.own(peer, house, "receive");
const purse = await bank.own(peer, house, "pay");
const fee = { feeFixed: 10n, feeBasisPoints: 250 } as const;

/** A shop that lets the peer keep 10 and 2.5 %, with a reservation of 1000 for it; or one that is there. */
async function held(shop?: { account: string; payee: string }) {
  const account = shop?.account ?? (await bank.account(0n, { kind: "shop" }));
  const payee = shop?.payee ?? (await bank.receive(peer, account, fee));
  const payer = await bank.consent(peer, await bank.account(10_000n));
  const reserve = async (tradeNumber = "18") => {
    const id = uuidv7();
    const what = {
      account: payer,
      payee,
      amount: 1000,
      currency: "JPY",
      until: inDays(30),
      tradeNumber,
    };
    assert.equal(told(await ask(peer, { do: "reserve", id, ...what })), "held 1000/0/0");
    return id;
  };
  const reservation = await reserve();
  const step = async (body: Record<string, unknown>) =>
    told(await ask(peer, { ...body, reservation: body["reservation"] ?? reservation } as Asked));
  const settle = (shop: number, kept: number, of = reservation) =>
    step({
      do: "settle",
      reservation: of,
      amount: shop + kept,
      splits: [
        { account: payee, amount: shop },
        { account: own, amount: kept },
      ].filter(({ amount }) => amount > 0),
    });
  const advance = async (amount: number) =>
    told(
      await ask(peer, { do: "transfer", from: purse, to: payee, amount, currency: "JPY", tradeNumber: "18" }),
    );
  const balance = async () => (await bank.balances(account))[0];
  return { account, payee, reserve, step, settle, advance, balance };
}

test("a peer keeps the fee that the shop agreed to, in whatever parts it settles", async () => {
  const { settle, balance } = await held();
  assert.equal(await settle(0, 1000), "consent_not_valid", "all of it");
  assert.equal(await settle(364, 36), "consent_not_valid", "more than of the whole");
  assert.equal(await settle(380, 20), "held 600/400/0");
  assert.equal(await settle(194, 6), "consent_not_valid", "the fixed part is taken once");
  assert.equal(await settle(585, 15), "settled 0/1000/0");
  assert.equal(await balance(), "965 0");
});

test("however a payment is cut, the fixed part of the fee is taken once for a trade", async () => {
  const { reserve, settle, balance } = await held();
  assert.equal(await settle(965, 35), "settled 0/1000/0");
  const more = await reserve();
  assert.equal(await settle(374, 26, more), "consent_not_valid");
  assert.equal(await settle(389, 11, more), "consent_not_valid");
  assert.equal(await settle(390, 10, more), "held 600/400/0");
  assert.equal(await settle(585, 15, more), "settled 0/1000/0");
  const another = await reserve("26");
  assert.equal(await settle(965, 35, another), "settled 0/1000/0", "another trade has its own");
  assert.equal(await balance(), `${965 + 975 + 965} 0`);
  // What is asked at once, of several reservations and in one batch, is counted one after another.
  const cut = await Promise.all([reserve("34"), reserve("34"), reserve("34")]);
  const outcomes = await Promise.all(cut.map((id) => settle(965, 35, id)));
  assert.deepEqual(outcomes.toSorted(), ["consent_not_valid", "consent_not_valid", "settled 0/1000/0"]);
});

test("beyond its fee it has back what it paid the shop before, and no more", async () => {
  const { reserve, settle, advance, balance } = await held();
  assert.equal(await advance(700), "moved 700");
  assert.equal(await settle(100, 900), "consent_not_valid");
  assert.equal(await settle(265, 735), "settled 0/1000/0");
  assert.equal(await balance(), "965 0");
  const next = await reserve("26");
  assert.equal(await settle(964, 36, next), "consent_not_valid", "it has had all of it back");
  assert.equal(await settle(965, 35, next), "settled 0/1000/0");
});

test("what it paid a shop before counts for the shop's account, under whatever consent, and once", async () => {
  const { account, payee, reserve, settle, advance, balance } = await held();
  const second = await bank.receive(peer, account, fee);
  const under = (consent: string) => held({ account, payee: consent });
  const other = await under(second);
  const stranger = bank.newPeer();
  const purseThere = await bank.own(stranger, await bank.account(1000n, { kind: "fee" }), "pay");
  const there = { from: purseThere, to: await bank.receive(stranger, account), amount: 900 };
  const paid = await ask(stranger, { do: "transfer", currency: "JPY", tradeNumber: "18", ...there });
  assert.equal(told(paid), "moved 900", "what another peer paid is not this one's");
  assert.equal(await advance(700), "moved 700");
  await database.execute(sql`update consents set revoked_at = kenshu_now() where id = ${payee}`);
  assert.equal(await other.settle(664, 336), "settled 0/1000/0");
  const third = await under(await bank.receive(peer, account, fee));
  assert.equal(await third.settle(564, 436), "consent_not_valid", "one more than is left of it");
  assert.equal(await third.settle(566, 434), "settled 0/1000/0");
  assert.equal(await settle(964, 36), "consent_not_valid", "it has had all of it back");
  assert.equal(await settle(965, 35), "settled 0/1000/0", "what runs under the first goes on");
  assert.equal(await balance(), `${900 + 700 + 664 + 566 + 965} 0`);
  await assert.rejects(reserve("26"), /consent_not_valid/);
});

test("what it gives the payer back of its own, it can have again", async () => {
  const { payee, step, settle, advance, reserve } = await held();
  assert.equal(await advance(500), "moved 500");
  assert.equal(await settle(465, 535), "settled 0/1000/0");
  const sources = [
    { account: own, amount: 535 },
    { account: payee, amount: 65 },
  ];
  assert.equal(await step({ do: "refund", amount: 600, sources }), "settled 0/1000/0 back 600");
  const next = await reserve("26");
  assert.equal(await settle(464, 536, next), "consent_not_valid");
  assert.equal(await settle(465, 535, next), "settled 0/1000/0");
});

test("a shop that has given another consent for its account is the same payee, and no other account is", async () => {
  const { account, payee, step, balance } = await held();
  const again = await bank.receive(peer, account, fee);
  const elsewhere = await bank.receive(peer, await bank.account(0n, { kind: "shop" }), fee);
  const foreign = await bank.receive(bank.newPeer(), account, fee);
  const payer = await bank.consent(peer, account);
  const settle = (to: string) =>
    step({
      do: "settle",
      amount: 400,
      splits: [
        { account: to, amount: 380 },
        { account: own, amount: 20 },
      ],
    });
  for (const other of [elsewhere, foreign, payer]) assert.equal(await settle(other), "consent_not_valid");
  assert.equal(await settle(again), "held 600/400/0");
  await database.execute(sql`update consents set revoked_at = kenshu_now() where id = ${again}`);
  const sources = [
    { account: again, amount: 60 },
    { account: payee, amount: 40 },
  ];
  assert.equal(await step({ do: "refund", amount: 100, sources }), "held 600/400/0 back 100");
  assert.equal(await balance(), "280 0");
});

test("a peer is no payee of what it reserves, nor assigns to itself", async () => {
  const { step } = await held();
  const account = await bank.consent(peer, await bank.account(10_000n));
  const what = { account, payee: own, amount: 500, currency: "JPY", until: inDays(30), tradeNumber: "26" };
  assert.equal(told(await ask(peer, { do: "reserve", ...what })), "consent_not_valid");
  assert.equal(await step({ do: "assign", payee: own }), "consent_not_valid");
});

test("a shop that has taken its consent back gives back what is kept back, and no more", async () => {
  const { payee, step, balance } = await held();
  const payableFrom = inDays(20);
  assert.equal(await step({ do: "settle", amount: 600, payableFrom }), "held 400/600/0");
  assert.equal(await step({ do: "settle", amount: 400 }), "settled 0/1000/0");
  await database.execute(sql`update consents set revoked_at = kenshu_now() where id = ${payee}`);
  assert.equal(await step({ do: "refund", amount: 601 }), "payee_insufficient_funds");
  assert.equal(await step({ do: "refund", amount: 500 }), "settled 0/1000/0 back 500");
  assert.equal(await step({ do: "refund", amount: 101 }), "payee_insufficient_funds");
  assert.equal(await step({ do: "extend", payableFrom: inDays(-1) }), "settled 0/1000/0 back 500");
  assert.equal(
    await step({ do: "refund", amount: 1 }),
    "payee_insufficient_funds",
    "nothing is kept back any more",
  );
  assert.equal(await balance(), "500 0");
  assert.equal(await step({ do: "extend", payableFrom: inDays(30) }), "settled 0/1000/0 back 500");
  assert.equal(
    await step({ do: "refund", amount: 1 }),
    "payee_insufficient_funds",
    "what was free stays free",
  );
  const sources = [{ account: own, amount: 100 }];
  assert.equal(
    await step({ do: "refund", amount: 100, sources }),
    "settled 0/1000/0 back 600",
    "of the peer's own",
  );
});

test("what was kept and paid before is what the books say", async () => {
  assert.deepEqual(await bank.audit(), []);
});
