/** Instructions of peers on a real database: what each comes to, what is refused, and that nothing happens twice. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Asked, inDays, openBank, told } from "../../test/support/consents.ts";
import { uuidv7 } from "../database/database.ts";
import type { Instruction } from "../protocol/schemas.ts";

const bank = await openBank({ after });
const { ask, reservations } = bank;
const peer = bank.newPeer();
const shop = await bank.account(0n, { kind: "shop" });
const house = await bank.account(5000n, { kind: "fee" });
const payee = await bank.receive(peer, shop);
const own = { pay: await bank.own(peer, house, "pay"), receive: await bank.own(peer, house, "receive") };
const until = inDays(30);

async function payer(funds = 10_000n, change = {}) {
  const account = await bank.account(funds);
  return { account, consent: await bank.consent(peer, account, change) };
}

const freezing = (account: string, amount: number, more: object = {}): Asked => ({
  ...{ do: "reserve", tradeNumber: "48210733951146", account, payee, amount, currency: "JPY", until },
  ...more,
});

test("frozen, paid and given back", async () => {
  const { account, consent } = await payer();
  const id = uuidv7();
  assert.equal(told(await ask(peer, { ...freezing(consent, 1000), id })), "held 1000/0/0");
  assert.deepEqual(await bank.balances(account), ["10000 1000"]);
  const paid = await ask(peer, { do: "settle", reservation: id, amount: 600, final: true });
  assert.equal(told(paid), "settled 0/600/400");
  assert.deepEqual(await bank.balances(account), ["9400 0"]);
});

test("the books agree", async () => {
  assert.deepEqual(await bank.audit(), []);
});
