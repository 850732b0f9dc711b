/** From when payees can take out what reservations have paid: as their peers say, and no further. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Asked, inDays, openBank, told } from "../../../test/support/world/consents.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { sumPayoutLocks } from "../../storage/ledger/ledger.ts";

const bank = await openBank({ after });
const { ask, database } = bank;
const peer = bank.newPeer();
const house = await bank.account(5000n, { kind: "fee" });
const own = await bank.own(peer, house, "receive");
const soon = inDays(5);

/** A reservation of 1000 for a shop of its own. */
async function held() {
  const shop = await bank.account(0n, { kind: "shop" });
  const payee = await bank.receive(peer, shop);
  const account = await bank.consent(peer, await bank.account(10_000n));
  const id = uuidv7();
  const what = { account, payee, amount: 1000, currency: "JPY", until: inDays(30), tradeNumber: "18" };
  assert.equal(told(await ask(peer, { do: "reserve", id, ...what })), "held 1000/0/0");
  const step = async (body: Record<string, unknown>, key: string = uuidv7()) =>
    told(await ask(peer, { ...body, reservation: id, id: key } as Asked));
  const locked = async () => Number((await sumPayoutLocks(database, shop)).all);
  return { id, payee, shop, step, locked };
}

test("what a reservation pays is kept back as long as its peer says, less what goes back", async () => {
  const { payee, step, locked, id } = await held();
  const splits = (shop: number, fee: number) => [
    { account: payee, amount: shop },
    { account: own, amount: fee },
  ];
  assert.equal(
    await step({ do: "settle", amount: 600, payableFrom: soon, splits: splits(570, 30) }),
    "held 400/600/0",
  );
  assert.equal(await locked(), 570, "the peer's own share is nobody's to keep back");
  assert.equal(await step({ do: "settle", amount: 100, payableFrom: soon }), "held 300/700/0");
  assert.equal(await locked(), 670);
  const sources = splits(40, 10);
  assert.equal(await step({ do: "refund", amount: 50, sources }), "held 300/700/0 back 50");
  assert.equal(await locked(), 630);
  assert.equal(await step({ do: "settle", amount: 300 }), "settled 0/1000/0 back 50");
  assert.equal(await locked(), 630, "what is paid without a word can be taken out");
  const [row] = await database.query<{ peer: string; at: Date }>(
    rawSql("select peer, until as at from payout_locks where hold = $1", [id]),
  );
  assert.deepEqual([row?.peer, row?.at.toISOString()], [peer, soon]);
});

test("extend and refund say anew from when, also earlier, also when nothing is frozen any more", async () => {
  const { step, locked } = await held();
  assert.equal(await step({ do: "settle", payableFrom: soon }), "settled 0/1000/0");
  assert.equal(await step({ do: "extend", payableFrom: inDays(-1) }), "settled 0/1000/0");
  assert.equal(await locked(), 0);
  assert.equal(await step({ do: "extend", payableFrom: inDays(81) }), "settled 0/1000/0");
  assert.equal(await locked(), 1000);
  assert.equal(
    await step({ do: "refund", amount: 300, payableFrom: inDays(-1) }),
    "settled 0/1000/0 back 300",
  );
  assert.equal(await locked(), 0);
  assert.equal(await step({ do: "extend", payableFrom: soon }), "settled 0/1000/0 back 300");
  assert.equal(await locked(), 700);
  assert.equal(await step({ do: "refund" }), "settled 0/1000/0 back 1000");
  assert.equal(await locked(), 0);
  assert.equal(await step({ do: "extend", payableFrom: soon }), "hold_ended");
});

test("what was paid without a word can be kept back later", async () => {
  const { step, locked } = await held();
  assert.equal(await step({ do: "settle", amount: 400 }), "held 600/400/0");
  assert.equal(await locked(), 0);
  assert.equal(await step({ do: "extend", payableFrom: soon }), "held 600/400/0");
  assert.equal(await locked(), 400);
});

test("what is given back says anew from when what was paid before can be taken out", async () => {
  const { step, locked } = await held();
  assert.equal(await step({ do: "settle", amount: 400, payableFrom: soon }), "held 600/400/0");
  assert.equal(await step({ do: "release", amount: 100, payableFrom: inDays(-1) }), "held 500/400/100");
  assert.equal(await locked(), 0);
  assert.equal(await step({ do: "release", amount: 100, payableFrom: soon }), "held 400/400/200");
  assert.equal(await locked(), 400);
  assert.equal(await step({ do: "release", payableFrom: inDays(800) }), "date_out_of_range");
  assert.equal(await step({ do: "release" }), "settled 0/400/600");
  assert.equal(await locked(), 400, "without a word it stays as it was");
});

test("what is refused, and what comes twice, keeps nothing back", async () => {
  const { step, locked } = await held();
  assert.equal(await step({ do: "extend" }), "invalid_field");
  assert.equal(await step({ do: "extend", payableFrom: soon }), "hold_ended");
  assert.equal(await step({ do: "settle", payableFrom: inDays(800) }), "date_out_of_range");
  assert.equal(await step({ do: "settle", amount: 1001, payableFrom: soon }), "amount_exceeds_hold");
  assert.equal(await locked(), 0);
  const again = { do: "settle", amount: 300, payableFrom: soon };
  const key = uuidv7();
  assert.equal(await step(again, key), "held 700/300/0");
  assert.equal(await step(again, key), "held 700/300/0");
  assert.equal(await locked(), 300);
  assert.equal(await step({ do: "extend", until: inDays(800), payableFrom: soon }), "date_out_of_range");
});

test("a release moves the end of what stays frozen, as far as a way back may take", async () => {
  const { id, step } = await held();
  const until = inDays(30 + 80 + 30);
  assert.equal(await step({ do: "release", amount: 400, until }), "held 600/0/400");
  assert.equal((await bank.reservations.read(peer, id))?.until, until);
  const farther = inDays(30 + 2 * 80 + 30);
  assert.equal(
    await step({ do: "extend", until: farther, payableFrom: soon }),
    "hold_ended",
    "nothing was paid",
  );
  assert.equal(await step({ do: "extend", until: farther }), "held 600/0/400");
  assert.equal(await step({ do: "release", amount: 100, until: inDays(1) }), "date_out_of_range");
  assert.equal(await step({ do: "release", amount: 100, until: inDays(800) }), "date_out_of_range");
  assert.equal(await step({ do: "release", until: inDays(200) }), "released 0/0/1000");
  assert.deepEqual(await bank.audit(), []);
});
