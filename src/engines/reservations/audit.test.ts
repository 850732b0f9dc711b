/** The audit of reservations: silent while all is sound, and naming each thing that somebody has changed. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inDays, openBank } from "../../../test/support/world/consents.ts";
import { openDatabase, rawSql, uuidv7 } from "../../storage/database/database.ts";
import { auditReservations } from "./reservations.ts";

const bank = await openBank({ after });
const admin = openDatabase({ url: bank.url, schema: bank.schema });
after(() => admin.close());
const tables = [
  "reservations",
  "consents",
  "confirming_changes",
  "peer_transfers",
  "peer_advances",
  "holds",
  "entries",
];
const peer = bank.newPeer();

before(async () => {
  const shop = await bank.account(0n, { kind: "shop" });
  const house = await bank.account(900n, { kind: "fee" });
  const payee = await bank.receive(peer, shop);
  const account = await bank.account(10_000n);
  const limited = await bank.consent(peer, account, { limitPerMonth: 5000n });
  const free = await bank.consent(peer, account);
  const common = { tradeNumber: "18", payee, currency: "JPY", until: inDays(30) };
  for (const [consent, move] of [
    [limited, { do: "settle", amount: 100, release: 50 }],
    [limited, { do: "settle", final: true, amount: 10 }],
    [limited, { do: "release" }],
    [free, { do: "settle" }],
    [free, { do: "extend", until: inDays(40) }],
  ] as const) {
    const reservation = uuidv7();
    await bank.ask(peer, { do: "reserve", id: reservation, account: consent, amount: 500, ...common });
    await bank.ask(peer, { reservation, ...move });
  }
  const own = await bank.own(peer, house, "pay");
  await bank.ask(peer, {
    do: "transfer",
    from: own,
    to: payee,
    amount: 70,
    currency: "JPY",
    tradeNumber: "18",
  });
  for (const table of tables) await admin.execute(rawSql(`create table sound_${table} as table ${table}`));
  const checks = await admin.query<{ name: string; owner: string }>(
    rawSql(`select conname as name, conrelid::regclass::text as owner from pg_constraint
      where contype = 'c' and conrelid::regclass::text = any(array['${tables.join("','")}'])`),
  );
  for (const { name, owner } of checks)
    await admin.execute(rawSql(`alter table ${owner} drop constraint "${name}"`));
});

test("what was done by the rules is sound", async () => {
  const stages: string[] = [];
  const found = await auditReservations(bank.database, {
    onProgress: ({ stage }) => void stages.push(stage),
  });
  assert.deepEqual(found.differences, []);
  assert.deepEqual(found.counts, { reservations: 5n, consents: 4n, accounts: 1n, transfers: 1n });
  assert.deepEqual([...new Set(stages)], ["reservations", "consents", "accounts paid before", "transfers"]);
});

const live = "where state = 'held'";
const payers = "id in (select payer from reservations)";
const payees = "id in (select payee from reservations)";

const tamperings: [name: string, statement: string, ...found: string[]][] = [
  ["a hold gone", `delete from holds ${live}`, "reservation hold"],
  ["called released", `update reservations set state = 'released' ${live}`, "reservation state"],
  ["called held", "update reservations set state = 'held' where state = 'settled'", "reservation state"],
  ["the hold ended elsewhere", `update holds set state = 'expired' ${live}`, "reservation state"],
  ["another end", `update reservations set until = until + interval '1 day' ${live}`, "reservation until"],
  ["another payer", `update reservations set payer = gen_random_uuid() ${live}`, "reservation payer"],
  ["another payee", `update reservations set payee = gen_random_uuid() ${live}`, "reservation payee"],
  ["another peer", `update reservations set peer = gen_random_uuid() ${live}`, "reservation payer's peer"],
  [
    "a consent given to another",
    `update consents set peer = gen_random_uuid() where ${payees}`,
    "reservation payee's peer",
  ],
  [
    "a consent for another account",
    `update consents set account = gen_random_uuid() where ${payers}`,
    "reservation account",
    "consent account",
  ],
  [
    "a consent for something else",
    `update consents set purpose = 'receive' where ${payers}`,
    "reservation payer's purpose",
  ],
  ["a payee who pays", `update consents set purpose = 'pay' where ${payees}`, "reservation payee's purpose"],
  [
    "another currency",
    `update consents set currency = 'USD' where ${payers}`,
    "reservation currency",
    "consent currency",
  ],
  [
    "a payee's other currency",
    `update consents set currency = 'USD' where ${payees}`,
    "reservation payee's currency",
  ],
  ["less spent than was", "update consents set spent = spent - 1 where limit_month > 0", "consent spent"],
  ["more spent than was", "update consents set spent = spent + 1 where limit_month > 0", "consent spent"],
  [
    "a month forgotten",
    "update consents set month_from = month_until where limit_month > 0",
    "consent spent",
  ],
  ["more paid before than was", "update peer_advances set amount = amount + 1", "account paid before"],
  ["what was paid before is forgotten", "delete from peer_advances", "account paid before"],
  ["it was paid to another", "update peer_advances set account = gen_random_uuid()", "account paid before"],
  ["a fee that was not taken", "update reservations set fee_taken = fee_taken + 1", "account paid before"],
  ["a transfer of more", "update peer_transfers set amount = amount + 1", "transfer amount"],
  ["a transfer to another", "update peer_transfers set payee = payer", "transfer to"],
  ["a transfer that was none", "update peer_transfers set id = gen_random_uuid()", "transfer kind"],
];

for (const [name, statement, ...expected] of tamperings) {
  test(`named when it is wrong: ${name}`, async () => {
    assert.ok((await admin.execute(rawSql(statement))) > 0, "nothing was changed");
    const { differences } = await auditReservations(bank.database);
    await admin.execute(rawSql(`truncate ${tables.join()}`));
    for (const table of tables) await admin.execute(rawSql(`insert into ${table} table sound_${table}`));
    const found = differences.map(({ what, field }) => `${what} ${field}`);
    for (const each of expected) assert.ok(found.includes(each), `${each}: ${found.join("; ")}`);
  });
}
