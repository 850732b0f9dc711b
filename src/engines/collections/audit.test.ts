/** The audit of collections: silent while all is sound, and naming each thing that somebody has changed. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBank } from "../../../test/support/world/consents.ts";
import { newNumber } from "../../../test/support/world/counters.ts";
import { openDatabase, rawSql, uuidv7 } from "../../storage/database/database.ts";
import { openAccounts } from "../../storage/ledger/ledger.ts";
import { accountOfCollector, auditCollections, createCollections, putCollector } from "./collections.ts";

const bank = await openBank({ after });
const admin = openDatabase({ url: bank.url, schema: bank.schema });
after(() => admin.close());
const [kept, costs] = [uuidv7(), uuidv7()];
const onError = (error: unknown) => assert.fail(String(error));
const collections = createCollections({
  database: bank.database,
  house: { kept: () => kept, costs: () => costs, bills: () => "", today: () => "2031-01-01" },
  onError,
});
after(() => collections.close());

const tables = [
  "collections",
  "payment_news",
  "collection_payments",
  "collection_returns",
  "accounts",
  "entries",
  "consents",
];
const [paidNumber, openNumber, doorNumber] = [newNumber(), newNumber(), newNumber()];

before(async () => {
  const peer = bank.newPeer();
  const payee = await bank.receive(peer, await bank.account(0n, { kind: "shop" }));
  const account = await bank.own(peer, await bank.account(0n, { kind: "fee" }), "receive");
  const collector = uuidv7();
  await openAccounts(bank.database, [
    { id: kept, kind: "suspense", currency: "JPY", floor: 0n },
    { id: accountOfCollector(collector, "JPY"), kind: "collector", currency: "JPY", floor: -5000n },
  ]);
  await putCollector(bank.database, collector, "konbini");
  const taker = { collector, operator: null, confirmedBy: null, reason: null };
  const plain = { payee, currency: "JPY", amount: 1000, payBy: "2031-01-01T00:00:00Z", version: 1 };
  for (const tradeNumber of [paidNumber, openNumber]) {
    const fee = { account, amount: 30 };
    await collections.submit(peer, { do: "due", id: uuidv7(), tradeNumber, ...plain, fee });
  }
  const payment = { amount: 1000n, currency: "JPY", channel: "konbini", reference: "slip" } as const;
  for (const taken of [false, true])
    await collections.pay(paidNumber, taker, { id: uuidv7(), ...payment, taken }, undefined);
  const driver = uuidv7();
  const till = accountOfCollector(driver, "JPY");
  await openAccounts(bank.database, [{ id: till, kind: "collector", currency: "JPY", floor: -5000n }]);
  await putCollector(bank.database, driver, "cash_on_delivery");
  const lets = { purpose: "collect", ownerKind: "collector", owner: driver, limitPerDay: 1000n } as const;
  const consent = await bank.consent(peer, till, lets);
  const door = { do: "due", id: uuidv7(), tradeNumber: doorNumber, ...plain } as const;
  await collections.submit(peer, { ...door, taken: { consent, amount: 1000 } });
  const sources = [{ account: payee, amount: 200 }];
  const back = { do: "reimburse", id: uuidv7(), tradeNumber: paidNumber, total: 200, sources } as const;
  await collections.submit(peer, back);
  await bank.database.transaction(async (client) => {
    const to = { account: accountOfCollector(collector, "JPY"), reference: "slip", operator: uuidv7() };
    const wish = { id: uuidv7(), amount: 150n, currency: "JPY", confirmedBy: null, ...to };
    await collections.returnWithin(client, paidNumber, wish);
  });
  for (const table of tables) await admin.execute(rawSql(`create table sound_${table} as table ${table}`));
  const checks = await admin.query<{ name: string; owner: string }>(
    rawSql(`select conname as name, conrelid::regclass::text as owner from pg_constraint
      where contype = 'c' and conrelid::regclass::text = any(array['${tables.join("','")}'])`),
  );
  for (const { name, owner } of checks)
    await admin.execute(rawSql(`alter table ${owner} drop constraint "${name}"`));
});

const found = async (): Promise<string[]> => {
  const { differences } = await auditCollections(admin, () => kept);
  return [...new Set(differences.map(({ what, field }) => `${what} ${field}`))].sort();
};

test("what was done by the rules is sound", async () => {
  assert.deepEqual(await found(), []);
  const { counts } = await auditCollections(admin, () => kept);
  assert.deepEqual(counts, {
    collections: 3n,
    payments: 3n,
    returns: 2n,
    fees: 0n,
    leaves: 1n,
    kept: 1n,
  });
  const stands = await collections.read(paidNumber);
  assert.deepEqual([stands?.paid, stands?.refunded, stands?.kept], [1000, 200, 1050]);
});

const ofPaid = `where trade_number = '${paidNumber}'`;
const cases: [what: string, statement: string, finds: string[]][] = [
  ["more is paid", `update collections set paid = 1001 ${ofPaid}`, ["collection paid"]],
  [
    "paid by nobody",
    "update collections set paid = amount, paid_at = now() where paid = 0",
    ["collection news", "collection paid", "collection paid at"],
  ],
  ["more of a fee", `update collections set fee_paid = 31 ${ofPaid}`, ["collection fee"]],
  ["more went back", `update collections set refunded = 201 ${ofPaid}`, ["collection refunded"]],
  [
    "less is kept",
    `update collections set kept = 0 ${ofPaid}`,
    ["account kept for return", "collection kept"],
  ],
  [
    "paid at another time",
    `update collections set paid_at = paid_at - interval '1 hour' ${ofPaid}`,
    ["collection news", "collection paid at"],
  ],
  ["news that nobody gets", `delete from payment_news`, ["collection news"]],
  ["another payee", "update collections set payee = fee_to where fee_to is not null", ["payment to"]],
  [
    "a payee without a consent",
    "update collections set payee = gen_random_uuid()",
    ["collection payee", "payment to"],
  ],
  ["another's account for the fee", "update consents set own = false where own", ["collection own account"]],
  [
    "a consent to pay",
    "update consents set purpose = 'pay' where purpose = 'receive'",
    ["collection payee's purpose"],
  ],
  [
    "a payment is taken away",
    "delete from collection_payments where state = 'taken' and consent is null",
    ["collection fee", "collection paid", "collection paid at"],
  ],
  [
    "what was kept counts as taken",
    "update collection_payments set state = 'taken'",
    ["collection kept", "collection paid", "collection paid at", "payment to"],
  ],
  [
    "another amount of a payment",
    "update collection_payments set amount = 999 where state = 'kept'",
    ["collection kept", "payment amount"],
  ],
  [
    "another fee of a payment",
    "update collection_payments set fee = 29 where fee = 30",
    ["collection fee", "payment fee"],
  ],
  [
    "another time of a payment",
    "update collection_payments set at = at + interval '1 hour' where state = 'kept'",
    ["payment at"],
  ],
  [
    "no command of a payment",
    "update collection_payments set command = gen_random_uuid() where state = 'kept'",
    ["payment amount", "payment at", "payment currency", "payment entries", "payment from", "payment payers"],
  ],
  [
    "from an account of another kind",
    "update accounts set kind = 'deposit' where kind = 'collector'",
    ["payment from"],
  ],
  [
    "said by another server's leave",
    "update consents set peer = gen_random_uuid() where purpose = 'collect'",
    ["payment said by"],
  ],
  [
    "said by somebody else's leave",
    "update consents set owner = gen_random_uuid() where purpose = 'collect'",
    ["payment whose leave"],
  ],
  [
    "said by no leave",
    "update collection_payments set consent = gen_random_uuid() where consent is not null",
    ["consent taken", "payment leave in", "payment said by", "payment whose leave"],
  ],
  [
    "more on a day than was let",
    "update consents set taken = 1001 where purpose = 'collect'",
    ["consent taken", "consent taken on a day"],
  ],
  [
    "taken after the leave had ended",
    "update consents set revoked_at = (select min(at) - interval '1 second' from collection_payments) where purpose = 'collect'",
    ["consent after its end"],
  ],
  [
    "of no collection",
    "update collection_payments set collection = gen_random_uuid() where state = 'kept'",
    ["collection kept", "payment collection"],
  ],
  ["a return is taken away", "delete from collection_returns where kind = 'return'", ["collection kept"]],
  [
    "another amount of a return",
    "update collection_returns set amount = 149 where kind = 'return'",
    ["collection kept", "return amount"],
  ],
  [
    "returned to somebody else",
    "update collection_returns set account = gen_random_uuid() where kind = 'return'",
    ["return account"],
  ],
  [
    "the account of what is kept",
    `update accounts set posted = posted + 1 where id = '${kept}'`,
    ["account kept for return"],
  ],
];

for (const [what, statement, finds] of cases) {
  test(`found: ${what}`, async () => {
    await admin.execute(rawSql(statement));
    const seen = await found();
    for (const table of tables) {
      await admin.execute(rawSql(`delete from ${table}`));
      await admin.execute(rawSql(`insert into ${table} select * from sound_${table}`));
    }
    assert.deepEqual(seen, finds);
  });
}
