/** The audit of debts: silent while all is sound, and naming each thing that somebody has changed. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { auditDebts } from "../../engines/debts/debts.ts";
import { rawSql } from "../../storage/database/database.ts";
import { openDebtors } from "../../../test/support/world/debtors.ts";
import { until } from "../../../test/support/world/world.ts";

const world = await openDebtors({ after });
const { call, pay, desk, billed, read, dueAt, advance, sweep } = world;
const { hana, yui, sora } = world.people;

before(async () => {
  const late = (await billed(yui)).bill;
  for (const by of ["P18D", "P60D"]) await advance(by);
  await until("it is due", async () => (await dueAt(late)) === "open 4000/4000 kept 0");
  assert.equal((await pay(late, 4000)).status, 201);
  await until("it is paid", async () => (await read(late))["state"] === "paid");
  const lost = (await billed(sora, 5000)).bill;
  const gone = await call("guarantor", "POST", `/v1/bills/${lost}/write-off`, desk, {
    amount: await read(lost).then(({ lineOwed }) => lineOwed),
    reason: "Moved away",
  });
  assert.equal(gone.status, 200, gone.text);
  assert.equal((await pay(lost, 5000)).status, 201);
  await until("it is less of a loss", async () => (await read(lost))["asked"] === 0);
  await billed(hana, 900);
});

/** What is written into the tables beside the calls, and what the audit says to it. */
const falsified: readonly (readonly [what: string, statement: string, finds: readonly string[]])[] = [
  [
    "a fee that nobody charged",
    "update bills set fees = fees + 1, amount = amount - 1 where fees = 400",
    ["bill fees"],
  ],
  [
    "a step that cost something and is not counted",
    "update bills set charged = 0 where fees = 400",
    ["bill charged up to step"],
  ],
  [
    "a payment that never came",
    "update bills set paid = paid + 1, amount = amount + 1 where fees = 400",
    ["bill paid"],
  ],
  [
    "a bill for more than is owed",
    "update bills set amount = amount + 1 where state = 'open'",
    ["bill owed"],
  ],
  [
    "less that was given up",
    "update bills set written_off = 4999 where state = 'written off'",
    ["bill written off"],
  ],
  ["less that came later", "update bills set late = 1 where state = 'written off'", ["bill late"]],
  ["less that was collected", "update bills set collected = 1 where fees = 400", ["bill collected"]],
  [
    "a bill for another account",
    "update bills set account = gen_random_uuid() where fees = 400",
    ["bill line", "bill paid", "movement line"],
  ],
  [
    "a fee of another amount",
    "update debt_movements set amount = 301 where kind = 'fee' and amount = 300",
    ["account owed", "bill fees", "movement amount"],
  ],
  [
    "a fee that is gone",
    "delete from debt_movements where kind = 'fee' and amount = 300",
    ["bill charged up to step", "bill fees"],
  ],
  [
    "a write-off that is gone",
    "delete from debt_movements where kind = 'write-off'",
    ["account losses", "bill written off"],
  ],
  [
    "a write-off from elsewhere",
    "update accounts set kind = 'fee' where kind = 'losses'",
    ["movement from", "movement to"],
  ],
  [
    "a line that owes less",
    "update accounts set posted = posted + 1 where id = (select account from bills where state = 'open')",
    ["account owed"],
  ],
];
const tables = ["bills", "debt_movements", "accounts"];

test("what is written beside the calls is found", async () => {
  await sweep();
  const db = world.admin.guarantor;
  assert.deepEqual((await auditDebts(db)).differences, []);
  for (const table of tables) await db.execute(rawSql(`create table sound_${table} as table ${table}`));
  const checks = await db.query<{ name: string; owner: string }>(
    rawSql(`select conname as name, conrelid::regclass::text as owner from pg_constraint
      where contype in ('c', 'f') and conrelid::regclass::text = any(array['${[...tables, "bill_news"].join("','")}'])`),
  );
  for (const { name, owner } of checks)
    await db.execute(rawSql(`alter table ${owner} drop constraint ${name}`));
  for (const [what, statement, finds] of falsified) {
    assert.ok((await db.execute(rawSql(statement))) > 0, what);
    const { differences } = await auditDebts(db);
    for (const table of tables) {
      await db.execute(rawSql(`delete from ${table}`));
      await db.execute(rawSql(`insert into ${table} select * from sound_${table}`));
    }
    const seen = [...new Set(differences.map((each) => `${each.what} ${each.field}`))].toSorted();
    assert.deepEqual(seen, finds, what);
  }
});
