/** The audit of what has arrived: silent while all is sound, and naming each thing that somebody has changed. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { book, newNumber, openArrivals, statementOf } from "../../../test/support/world/arrivals.ts";
import { openDatabase, rawSql, uuidv7 } from "../../storage/database/database.ts";
import { assignArrivals, auditArrivals, dismissArrival, waitingArrivals } from "./arrivals.ts";

const { bank, processes, ids, house, due } = await openArrivals({ after });
const [one] = processes;
const admin = openDatabase({ url: bank.url, schema: bank.schema });
after(() => admin.close());
const tables = [
  "bank_statements",
  "arrivals",
  "arrival_moves",
  "collection_payments",
  "collections",
  "accounts",
  "entries",
];
const paid = newNumber();

before(async () => {
  await due(paid, 1000);
  const later = await due(newNumber(), 50);
  const entries = [
    { reference: 1, amount: 1200, remitter: paid },
    { reference: 2, amount: 50 },
    { reference: 3, amount: 7 },
    { reference: 4, amount: 9 },
  ];
  assert.equal(await book(one, statementOf(entries)), "booked 4 of 4");
  await one.sweep();
  const waits = await waitingArrivals(admin, 10, undefined);
  const idOf = (amount: bigint) => waits.find((each) => each.amount === amount)?.id ?? "";
  const names = { operator: uuidv7(), confirmedBy: uuidv7() };
  await one.database.transaction(async (client) => {
    const wish = { id: uuidv7(), arrivals: [idOf(50n)], number: later, reason: "asked" };
    await assignArrivals(one.ground, client, wish, names);
    await dismissArrival(one.ground, client, { arrival: idOf(7n), reason: "interest" }, names);
  });
  for (const table of tables) await admin.execute(rawSql(`create table sound_${table} as table ${table}`));
  const checks = await admin.query<{ name: string; owner: string }>(
    rawSql(`select conname as name, conrelid::regclass::text as owner from pg_constraint
      where contype in ('c', 'f') and conrelid::regclass::text = any(array['${tables.join("','")}'])`),
  );
  for (const { name, owner } of checks)
    await admin.execute(rawSql(`alter table ${owner} drop constraint "${name}"`));
});

const found = async (): Promise<string[]> => {
  const { differences } = await auditArrivals(admin, { house });
  return [...new Set(differences.map(({ what, field }) => `${what} ${field}`))].sort();
};

test("what was done by the rules is sound", async () => {
  assert.deepEqual(await found(), []);
  const { counts } = await auditArrivals(admin, { house });
  assert.deepEqual(counts, { statements: 1n, arrivals: 4n, moves: 3n });
});

const move = "move of an arrival";
const cases: [what: string, statement: string, finds: string[]][] = [
  [
    "an entry more in a statement",
    "update bank_statements set count = count + 1",
    ["bank statement entries"],
  ],
  ["another sum of a statement", "update bank_statements set total = total + 1", ["bank statement total"]],
  ["a statement that nobody booked", "update bank_statements set state = 'asked'", ["arrival statement"]],
  [
    "an entry is taken away",
    "delete from arrivals where amount = 9",
    ["account arrived", "bank statement entries", "bank statement total"],
  ],
  [
    "more has arrived",
    "update arrivals set amount = amount + 1, rest = rest + 1 where amount = 9",
    ["account arrived", "arrival amount", "bank statement total"],
  ],
  ["more waits", "update arrivals set rest = 201 where amount = 1200", ["account arrived", "arrival rest"]],
  [
    "what waited is said to be paid",
    "update arrivals set rest = 0, state = 'closed' where amount = 9",
    ["account arrived", "arrival rest"],
  ],
  [
    "it came from elsewhere",
    `update entries set account = '${ids.kept}' where leg = 0 and command = (select command from arrivals where amount = 9)`,
    ["arrival from"],
  ],
  [
    "it never came in",
    "delete from entries where command = (select command from arrivals where amount = 9)",
    ["arrival amount", "arrival currency", "arrival from", "arrival to"],
  ],
  [
    "a payment is taken away",
    `delete from collection_payments where amount = 1000`,
    [`${move} number`, `${move} paid from`, `${move} payment`],
  ],
  [
    "a payment of which nothing says where it came from",
    "delete from arrival_moves where amount = 1000",
    ["arrival rest", `${move} arrival`],
  ],
  [
    "a part of a payment is another's",
    "update arrival_moves set amount = 999 where amount = 1000",
    ["arrival rest", `${move} payment`],
  ],
  ["it paid another number", `update arrival_moves set number = '1' where amount = 1000`, [`${move} number`]],
  [
    "what was put aside went to somebody",
    `update entries set account = '${ids.kept}' where leg = 1 and command = (select command from arrival_moves where amount = 7)`,
    [`${move} to`],
  ],
  [
    "more was put aside",
    "update arrival_moves set amount = 8 where amount = 7",
    ["arrival rest", `${move} moved`],
  ],
  [
    "the account of what has arrived",
    `update accounts set posted = posted + 1 where id = '${ids.arrivals}'`,
    ["account arrived"],
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
