/** A connection without what the server asked for is not worked on: a pooler before the database may drop or refuse it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { startPooler } from "../../../test/support/wire/pooler.ts";
import { isTransient, openDatabase, rawSql, sql } from "./database.ts";

const { url, schema, database: admin } = await freshDatabase({ after }, "empty");
const pooler = await startPooler({ after }, Number(new URL(url).port), "passes them on");
const through = new URL(url);
through.port = String(pooler.port);
const role = "pg_monitor";
const open = () => openDatabase({ url: through.href, schema, role, keyed: true, max: 1 });
const who = sql`select current_user::text as who, current_setting('statement_timeout') as within`;

const poolers: [way: typeof pooler.way, expected: RegExp][] = [
  ["drops them", /search_path = .* asked for scratch: what stands before the database drops/],
  ["refuses them", /unsupported startup parameter: options: what stands before the database does not take/],
];
for (const [way, expected] of poolers) {
  test(`a pooler that ${way}: nothing is done on the connection, and the error says why`, async (t) => {
    pooler.way = way;
    const database = open();
    t.after(() => database.close());
    for (const work of [
      () => database.query(who),
      () => database.transaction((client) => client.query(who)),
      () => database.connect(),
    ])
      await assert.rejects(work, (error: Error) => {
        assert.match(error.message, expected);
        assert.match(error.message, /docs\/running\.md/);
        assert.ok(isTransient(error), "it is as if there were no database");
        return true;
      });
    pooler.way = "passes them on";
    assert.deepEqual(await database.query(who), [{ who: role, within: "10s" }]);
  });
}

test("where the login has the settings itself, a pooler may drop them", async (t) => {
  pooler.way = "drops them";
  t.after(() => {
    pooler.way = "passes them on";
  });
  const name = `kenshu_pooled_${process.pid}`;
  await admin.execute(rawSql(`create role ${name} login password 'pooled' in role ${role}`));
  t.after(() => admin.execute(rawSql(`drop role ${name}`)));
  await admin.execute(rawSql(`grant usage on schema ${schema} to ${role}`));
  const settings = {
    search_path: schema,
    role,
    statement_timeout: "10s",
    lock_timeout: "3s",
    idle_in_transaction_session_timeout: "10s",
    timezone: "UTC",
    jit: "off",
    enable_seqscan: "off",
    plan_cache_mode: "force_generic_plan",
  };
  for (const [setting, value] of Object.entries(settings))
    await admin.execute(rawSql(`alter role ${name} set ${setting} = '${value}'`));
  const login = new URL(through);
  login.username = name;
  login.password = "pooled";
  const database = openDatabase({ url: login.href, schema, role, keyed: true, max: 1 });
  try {
    assert.deepEqual(await database.query(who), [{ who: role, within: "10s" }]);
  } finally {
    await database.close();
  }
});
