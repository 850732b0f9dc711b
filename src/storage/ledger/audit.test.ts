import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { doBusiness } from "../../../test/support/world/business.ts";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import {
  type Audit,
  type AuditProgress,
  type Difference,
  openDatabase,
  rawSql,
  sql,
} from "../database/database.ts";
import { audit } from "./ledger.ts";

const fresh = await freshDatabase({ after }, "trading");
const admin = openDatabase({ url: fresh.url, schema: fresh.schema });
after(() => admin.close());
const tables = ["accounts", "holds", "entries"];

before(async () => {
  const { done } = await doBusiness(fresh.database, 20_030_213, 1000);
  for (const kind of ["hold", "settle", "release", "expire", "extend", "transfer", "refund"]) {
    assert.ok((done.get(kind) ?? 0) > 5, `too little business: ${kind}`);
  }
  for (const table of tables) await admin.execute(rawSql(`create table sound_${table} as table ${table}`));
});

/** Puts the books back to what they were after the business. */
async function repair(): Promise<void> {
  await admin.execute(rawSql(`truncate ${tables.join()}`));
  for (const table of tables) await admin.execute(rawSql(`insert into ${table} table sound_${table}`));
}

function named(audit: Audit): string[] {
  return audit.differences.map(({ what, field }) => `${what} ${field}`);
}

test("books after a thousand random operations are sound, and the audit says how far it is", async () => {
  const told: AuditProgress[] = [];
  const sound = await audit(fresh.database, {
    rangeRows: 300,
    onProgress: (progress) => {
      told.push(progress);
    },
  });
  assert.deepEqual(sound.differences, []);
  assert.equal(sound.more, false);
  const [rows] = await admin.query<{ count: bigint }>(sql`select count(*) as count from entries`);
  assert.equal(sound.counts["entries"], rows?.count);
  assert.deepEqual([...new Set(told.map((each) => each.stage))], ["entries", "accounts", "holds"]);
  const entries = told.filter((each) => each.stage === "entries");
  assert.ok(entries.length > 3, "told more than once within a stage");
  assert.equal(entries.at(-1)?.done, Number(rows?.count));
  assert.ok(told.every(({ done, total }) => done <= total));
  const lines = told.map(({ stage, done }) => `${stage} ${done}`);
  assert.deepEqual([...new Set(lines)], lines, "nothing is said twice");
});

test("books without a single entry are sound", async (t) => {
  const { database } = await freshDatabase(t, "trading");
  assert.deepEqual((await audit(database)).differences, []);
});

/** A hold that was partly settled and then released, as the only one that fits; and so on. */
const some = {
  settled: "(select id from holds where state = 'settled' and refunded = 0 order by id limit 1)",
  held: "(select id from holds where state = 'held' and settled > 0 order by id limit 1)",
  released: "(select id from holds where state = 'released' order by id limit 1)",
  untouched: "(select id from holds where state = 'held' and settled + released = 0 order by id limit 1)",
  account: "(select id from accounts where posted > 0 order by id limit 1)",
  transfer: "(select command from entries where kind = 'transfer' order by command limit 1)",
  settle: "(select command from entries where kind = 'settle' order by command limit 1)",
  extend: "(select command from entries where kind = 'extend' order by command limit 1)",
};
const nobody = "'00000000-0000-7000-8000-000000000000'";

/** What is done to the books behind their back, and what the audit names. */
const tamperings: [string, string, ...string[]][] = [
  ["money made", `update accounts set posted = posted + 1 where id = ${some.account}`, "account posted"],
  ["money lost", `update accounts set posted = posted - 1 where id = ${some.account}`, "account posted"],
  ["money thawed", "update accounts set held = held - 1 where held > 0", "account held"],
  ["money frozen", `update accounts set held = held + 1 where id = ${some.account}`, "account held"],
  ["a floor raised", "update accounts set floor = 0 where posted - held < 0", "account floor"],
  ["an account gone", `delete from accounts where id = ${some.account}`, "command account"],
  ["another currency", `update accounts set currency = 'EUR' where id = ${some.account}`, "command currency"],
  ["a hold's amount", `update holds set amount = amount + 1 where id = ${some.untouched}`, "hold amount"],
  ["a hold's settled", `update holds set settled = settled - 1 where id = ${some.held}`, "hold settled"],
  [
    "a hold's released",
    `update holds set released = released + 1 where id = ${some.untouched}`,
    "hold released",
  ],
  [
    "a hold's refunded",
    `update holds set refunded = refunded + 1 where id = ${some.settled}`,
    "hold refunded",
  ],
  ["a hold ended", `update holds set state = 'released' where id = ${some.untouched}`, "hold state"],
  ["a hold revived", `update holds set state = 'held' where id = ${some.settled}`, "hold state"],
  ["a hold's end renamed", `update holds set state = 'expired' where id = ${some.released}`, "hold state"],
  [
    "a hold prolonged",
    `update holds set until = until + interval '1 day' where id = ${some.held}`,
    "hold until",
  ],
  ["a hold's account", `update holds set account = ${nobody} where id = ${some.held}`, "hold account"],
  ["a hold's currency", `update holds set currency = 'EUR' where id = ${some.held}`, "hold currency"],
  ["a hold gone", `delete from holds where id = ${some.held}`, "hold hold"],
  [
    "a hold from nowhere",
    `insert into holds (id, account, currency, amount, state, until)
      values (${nobody}, ${some.account}, 'JPY', 5, 'held', now())`,
    "hold entries",
  ],
  [
    "an entry's money",
    `update entries set posted = posted + 1 where leg = 0 and command = ${some.transfer}`,
    "account posted",
    "command sum",
  ],
  [
    "money moved between accounts",
    `update entries set account = ${some.account} where leg = 1 and command = ${some.settle}`,
    "account posted",
  ],
  [
    "an entry to nobody",
    `update entries set account = ${nobody} where command = ${some.settle}`,
    "command account",
  ],
  ["an entry for no hold", `update entries set hold = ${nobody} where command = ${some.settle}`, "hold hold"],
  ["an entry without hold", `update entries set hold = null where command = ${some.settle}`, "command hold"],
  [
    "an entry's currency",
    `update entries set currency = 'EUR' where command = ${some.settle}`,
    "command currency",
  ],
  [
    "one leg's currency",
    `update entries set currency = 'EUR' where leg = 1 and command = ${some.settle}`,
    "command sum",
  ],
  [
    "a leg gone",
    `delete from entries where leg = 1 and command = ${some.settle}`,
    "command sum",
    "command legs",
  ],
  ["a command gone", `delete from entries where command = ${some.settle}`, "account posted", "hold settled"],
  ["an extension gone", `delete from entries where command = ${some.extend}`, "hold until"],
  ["a transfer gone", `delete from entries where command = ${some.transfer}`, "account posted"],
  ["all commands gone", "truncate entries", "account posted", "hold entries"],
  [
    "the last command gone",
    "delete from entries where command = (select command from entries order by command desc limit 1)",
  ],
  [
    "a command from nowhere",
    `insert into entries values (${nobody}, 0, 'transfer', ${some.account}, null, 'JPY', 5, 0, null, now())`,
    "command sum",
    "account posted",
  ],
  [
    "a second freeze",
    `insert into entries select ${nobody}, 0, 'hold', account, id, currency, 0, 5, null, now()
      from holds where id = ${some.held}`,
    "command hold",
    "account held",
    "hold amount",
  ],
  ["another kind", `update entries set kind = 'release' where command = ${some.settle}`, "hold settled"],
  [
    "two kinds",
    `update entries set kind = 'refund' where leg = 1 and command = ${some.settle}`,
    "command kind",
  ],
  [
    "a leg renumbered",
    `update entries set leg = 7 where leg = 1 and command = ${some.settle}`,
    "command legs",
  ],
];

test("whatever is changed behind the books' back is named", async (t) => {
  const checks = await admin.query<{ name: string; owner: string }>(sql`
    select conname as name, conrelid::regclass::text as owner from pg_constraint
    where contype = 'c' and conrelid::regclass::text in ('accounts', 'holds', 'entries')`);
  for (const { name, owner } of checks)
    await admin.execute(rawSql(`alter table ${owner} drop constraint "${name}"`));
  for (const [name, statement, ...expected] of tamperings) {
    await t.test(name, async () => {
      assert.ok(
        (await admin.execute(rawSql(statement))) > 0 || statement.startsWith("truncate"),
        "nothing was changed",
      );
      const found = named(await audit(fresh.database, { rangeRows: 500 }));
      await repair();
      assert.ok(found.length > 0, "not found");
      for (const each of expected)
        assert.ok(
          found.some((field) => field.startsWith(each)),
          `${each}: ${found.join("; ")}`,
        );
    });
  }
  assert.deepEqual((await audit(fresh.database)).differences, [], "repaired");
});

test("a difference names the thing, the field, what is recorded and what was computed", async () => {
  const [account] = await admin.query<{ id: string; posted: bigint }>(
    sql`select id, posted from accounts where posted > 0 order by id limit 1`,
  );
  assert.ok(account);
  await admin.execute(sql`update accounts set posted = posted + 7 where id = ${account.id}`);
  const { differences } = await audit(fresh.database);
  await repair();
  const expected: Difference = {
    what: "account",
    id: account.id,
    field: "posted",
    recorded: String(account.posted + 7n),
    computed: String(account.posted),
  };
  assert.deepEqual(differences, [expected]);
});

test("only so many differences of a kind are named, and it is said that there are more", async () => {
  await admin.execute(rawSql("update accounts set held = held + 1"));
  const few = await audit(fresh.database, { differencesMax: 3 });
  await repair();
  assert.deepEqual([few.differences.length, few.more], [3, true]);
});

test("the audit looks at one moment, whatever happens meanwhile", async () => {
  let tampered = false;
  const found = await audit(fresh.database, {
    onProgress: async ({ stage }) => {
      if (stage !== "entries" || tampered) return;
      tampered = true;
      await admin.execute(rawSql("update accounts set posted = posted + 1"));
    },
  });
  await repair();
  assert.deepEqual([tampered, found.differences], [true, []]);
});
