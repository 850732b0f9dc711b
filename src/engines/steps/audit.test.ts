import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { doBusiness } from "../../../test/support/world/business.ts";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { openDatabase, rawSql } from "../../storage/database/database.ts";
import { auditTrades } from "./audit.ts";

const { database, url, schema } = await freshDatabase({ after }, "trading");
const admin = openDatabase({ url, schema });
after(() => admin.close());
const tables = ["trades", "trade_events", "holds"];

/** A trade for every hold, two that never froze anything, and events in one, two and three rows. */
before(async () => {
  await doBusiness(database, 48_271, 400);
  await admin.execute(
    rawSql(`
      insert into trades (number, id, state, version, shop, currency, amount, frozen, settled, released, refunded,
        account, hold, terms, progress, created_at, updated_at)
      select row_number() over (order by id), gen_random_uuid(),
        case when state = 'held' then 'reserved' when settled > 0 then 'settled' else 'cancelled' end,
        0, gen_random_uuid(), currency, amount, amount - settled - released, settled, released, refunded, account, id,
        '{}', '{}', now(), now()
      from holds`),
  );
  await admin.execute(
    rawSql(`
      insert into trades (number, id, state, version, shop, currency, amount, terms, progress, created_at, updated_at)
      select 1000 + n, gen_random_uuid(), 'refused', 0, gen_random_uuid(), 'JPY', 5, '{}', '{}', now(), now()
      from generate_series(1, 2) as n`),
  );
  await admin.execute(
    rawSql(`
      insert into trade_events (trade, seq, types, at, role)
      select id, 1, array['trade.proposed', 'trade.reserved'], now(), 'shop' from trades
      union all select id, 3, array['trade.extended'], now(), 'buyer' from trades where number % 3 > 0
      union all select id, 4, array['trade.accepted', 'trade.settled'], now(), 'buyer' from trades where number % 3 > 1`),
  );
  await admin.execute(
    rawSql("update trades set version = case number % 3 when 0 then 2 when 1 then 3 else 5 end"),
  );
  for (const table of tables) await admin.execute(rawSql(`create table sound_${table} as table ${table}`));
  const checks = await admin.query<{ name: string; owner: string }>(
    rawSql(`select conname as name, conrelid::regclass::text as owner from pg_constraint
      where contype = 'c' and conrelid::regclass::text in ('trades', 'holds')`),
  );
  for (const { name, owner } of checks) {
    await admin.execute(rawSql(`alter table ${owner} drop constraint "${name}"`));
  }
});

test("trades that agree with their holds and their events are sound", async () => {
  const stages: string[] = [];
  const found = await auditTrades(database, {
    onProgress: ({ stage }) => {
      stages.push(stage);
    },
  });
  assert.deepEqual(found.differences, []);
  assert.ok((found.counts["trades"] ?? 0n) > 50n);
  assert.deepEqual([...new Set(stages)], ["trades", "live holds", "events"]);
});

const one = "where number = (select min(number) from trades where state = 'reserved')";
const ofOne = `(select hold from trades ${one})`;
const eventsOfTwo = "trade = (select id from trades where number = 2)";

const tamperings: [string, string, ...string[]][] = [
  [
    "frozen",
    `update trades set frozen = frozen - 1 ${one}`,
    "trade frozen",
    "trade frozen + settled + released",
  ],
  ["settled", `update trades set settled = settled + 1 ${one}`, "trade settled"],
  [
    "a payment at a collector that settled nothing",
    `update trades set progress = json_build_object('guarantee', json_build_object('collected', 1, 'claimed', settled)) ${one}`,
    "trade frozen",
    "trade collected + claimed",
  ],
  [
    "more given back than a collector has taken",
    `update trades set progress = json_build_object('guarantee', json_build_object('claimed', settled, 'reimbursed', 1)) ${one}`,
    "trade refunded",
    "trade given back",
  ],
  ["released", `update trades set released = released + 1 ${one}`, "trade released"],
  ["refunded", `update trades set refunded = refunded + 1 ${one}`, "trade refunded"],
  [
    "frozen called settled",
    `update trades set frozen = frozen - 1, settled = settled + 1 ${one}`,
    "trade settled",
  ],
  ["amount", `update trades set amount = amount + 1 ${one}`, "trade amount"],
  ["currency", `update trades set currency = 'EUR' ${one}`, "trade currency"],
  ["account", `update trades set account = gen_random_uuid() ${one}`, "trade account"],
  [
    "a hold that is none",
    `update trades set hold = gen_random_uuid() ${one}`,
    "trade hold",
    "hold trades and reservations",
  ],
  [
    "a hold forgotten",
    `update trades set hold = null ${one}`,
    "trade frozen",
    "hold trades and reservations",
  ],
  ["a live hold of a dead trade", `update trades set state = 'cancelled' ${one}`, "trade state"],
  ["settled with money frozen", `update trades set state = 'settled' ${one}`, "trade state"],
  ["money without a hold", "update trades set frozen = 5 where number = 1001", "trade frozen"],
  ["paid without a hold", "update trades set settled = 5 where number = 1002", "trade settled"],
  [
    "two trades on a hold",
    `update trades set hold = ${ofOne} where number = 1001`,
    "hold trades and reservations",
  ],
  ["a trade gone", `delete from trades ${one}`, "hold trades and reservations", "events trade"],
  [
    "the hold settled elsewhere",
    `update holds set settled = settled + 1 where id = ${ofOne}`,
    "trade settled",
  ],
  ["the hold gone", `delete from holds where id = ${ofOne}`, "trade hold"],
  ["a version ahead", "update trades set version = version + 1 where number = 2", "events version"],
  ["the last event gone", `delete from trade_events where seq = 4 and ${eventsOfTwo}`, "events version"],
  ["an event gone", `delete from trade_events where seq = 3 and ${eventsOfTwo}`, "events event"],
  ["the first event gone", `delete from trade_events where seq = 1 and ${eventsOfTwo}`, "events event"],
  ["all events gone", `delete from trade_events where ${eventsOfTwo}`, "events version"],
  [
    "an event in between",
    `insert into trade_events select trade, 2, types, at, role from trade_events where seq = 3 and ${eventsOfTwo}`,
    "events event",
  ],
  [
    "an event of nothing",
    `update trade_events set types = '{}' where seq = 4 and ${eventsOfTwo}`,
    "events types",
  ],
  [
    "an event more",
    `update trade_events set types = types || types where seq = 1 and ${eventsOfTwo}`,
    "events event",
  ],
  [
    "events without a trade",
    "insert into trade_events values (gen_random_uuid(), 1, '{trade.proposed}', now(), 'shop', null, null)",
    "events trade",
  ],
];

for (const [name, statement, ...expected] of tamperings) {
  test(`named when it is wrong: ${name}`, async () => {
    assert.ok((await admin.execute(rawSql(statement))) > 0, "nothing was changed");
    const { differences } = await auditTrades(database);
    await admin.execute(rawSql(`truncate ${tables.join()}`));
    for (const table of tables) await admin.execute(rawSql(`insert into ${table} table sound_${table}`));
    const found = differences.map(({ what, field }) => `${what} ${field}`);
    for (const each of expected) assert.ok(found.includes(each), `${each}: ${found.join("; ")}`);
  });
}
