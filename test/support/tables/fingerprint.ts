import assert from "node:assert/strict";
import { type Database, identifier, rawSql, sql } from "../../../src/storage/database/database.ts";
import { until } from "../world/world.ts";

/** Tables that change by themselves as the log and the lists follow, or tell only that somebody was there or has tried. */
const restless = [
  "commits",
  "feed_head",
  "party_events",
  "party_trades",
  "trade_marks",
  "person_marks",
  "shop_tallied",
  "shop_tallies",
  "tallied_trades",
  "tallied_waits",
  "tallies",
  "trade_states",
  "guarantees",
  "guarantee_sums",
  "near_lines",
  "vouched",
  "test_clock",
  "presences",
  "tries",
  "log_epochs",
  "log_nodes",
  "log_checkpoints",
  "log_cosignatures",
  "witnessed_keys",
  "witnessed_checkpoints",
];

/** What of a row counts where not all of it does: when a session was last used, and whether a person stands in the lists yet, change by themselves. */
const texts: Readonly<Record<string, string>> = {
  sealed_batches: "t.id::text",
  // Whoever was entered is marked some moments later.
  personal_keys: "(to_jsonb(t) - 'marked')::text",
  sessions: "(to_jsonb(t) - 'seen_at')::text",
};

/** A mark for each other table, which changes with anything in it; of batches, only with another one. */
async function fingerprint(database: Database): Promise<Record<string, unknown>> {
  const tables = await database.query<{ name: string }>(sql`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_name <> all(${restless}) order by 1`);
  assert.ok(tables.length > 15, "the tables are there");
  const each = tables.map(({ name }) => {
    const text = texts[name] ?? "t::text";
    return `select '${name}' as name,
      count(*) || ' ' || coalesce(md5(string_agg(${text}, '|' order by ${text})), '') as mark
      from ${identifier(name)} t`;
  });
  const marks = await database.query<{ name: string; mark: string }>(rawSql(each.join(" union all ")));
  return Object.fromEntries(marks.map(({ name, mark }) => [name, mark]));
}

/** Whether the clock and the sealer have nothing to do for a while: they would change rows by themselves. */
async function isQuiet(database: Database): Promise<boolean> {
  const [row] = await database.query<{ due: boolean }>(
    sql`select exists (select from trades where wake_at < kenshu_now() + interval '1 minute')
      or exists (select from waiting_messages)
      or exists (select from instructions) or exists (select from rights where batch is null) as due`,
  );
  return row?.due === false;
}

/** Does something that has to be refused in every part, and shows that nothing has changed. */
export async function leavesNoTrace(
  database: Database,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  await until("nothing is due", () => isQuiet(database));
  const before = await fingerprint(database);
  await work();
  assert.deepEqual(await fingerprint(database), before, `${what}: refused, and yet something has changed`);
}
