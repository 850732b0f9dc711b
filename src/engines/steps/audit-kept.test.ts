/** Money that is kept in shops' accounts, and figures of parties, against the trades that they come from: each fault is named. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { openDatabase, rawSql } from "../../storage/database/database.ts";
import { auditKept } from "./audit.ts";

const { database, url, schema } = await freshDatabase({ after }, "trading");
const admin = openDatabase({ url, schema });
after(() => admin.close());
const tables = ["trades", "trade_events", "payout_locks", "party_figures"];

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const [shop, buyer, carrier, account] = [id(1), id(2), id(3), id(4)];

/** What a trade has settled and given back, until when the buyer may ask it back, and what is under way. */
interface Kept {
  settled: number;
  refunded?: number;
  until?: string;
  progress?: object;
}

const kept: readonly Kept[] = [
  { settled: 1000, until: "now() + interval '5 days'" },
  {
    settled: 1000,
    refunded: 300,
    until: "now() + interval '5 days'",
    progress: { feeTaken: 30, feeReturned: 9 },
  },
  { settled: 500, until: "now()", progress: { lots: [{ at: "withdrawn" }] } },
  { settled: 400, progress: { refundDue: { amount: 100, kept: true } } },
  { settled: 200, until: "now() - interval '1 day'" },
  { settled: 100, progress: { lots: [{ at: "rejected" }] } },
  { settled: 700, refunded: 700, until: "now() + interval '5 days'" },
  { settled: 300, until: "now() - interval '1 day'", progress: { lots: [{ at: "delivered" }] } },
];
const amounts = [1000, 679, 500, 400, null, null, null, 300];

before(async () => {
  for (const [index, { settled, refunded = 0, until = "null", progress = {} }] of kept.entries())
    await admin.execute(
      rawSql(
        `insert into trades (number, id, state, version, shop, buyer, carrier, currency, amount, settled, refunded, hold,
          cooling_off_until, terms, progress, created_at, updated_at)
        values ($1, $2, 'settled', 1, $3, $4, $5, 'JPY', $6, $6, $7, $2, ${until}, $8, $9, now(), now())`,
        [
          index + 1,
          id(100 + index),
          shop,
          buyer,
          carrier,
          settled,
          refunded,
          JSON.stringify({ shopAccount: account }),
          JSON.stringify({ feeTaken: 0, feeReturned: 0, lots: [], ...progress }),
        ],
      ),
    );
  await admin.execute(
    rawSql(
      `insert into payout_locks (hold, account, amount, until)
      select hold, $1, ($2::bigint[])[number], case when number in (3, 4, 8) then null else cooling_off_until end
      from trades where number <= 4 or number = 8`,
      [account, amounts],
    ),
  );
  const events = [
    [1, ["trade.rejected"], [{}]],
    [2, ["trade.disputed", "trade.resolved"], [{}, { lost: "shop" }]],
    [4, ["trade.rejected", "trade.resolved"], [{}, { lost: "buyer" }]],
    [6, ["trade.deadline_near"], [{ deadline: "deliverBy" }]],
    [7, ["trade.deadline_near", "trade.resolved"], [{ deadline: "acceptBy" }, {}]],
  ] as const;
  for (const [seq, types, data] of events)
    await admin.execute(
      rawSql(
        "insert into trade_events (trade, seq, types, at, role, data) values ($1, $2, $3, now(), 'clock', $4)",
        [id(100), seq, [...types], JSON.stringify(data)],
      ),
    );
  await admin.execute(
    rawSql(
      `insert into party_figures (party, kind, count) values
        ($1, 'rejections', 2), ($2, 'rejections', 2), ($1, 'disputes_lost', 1), ($2, 'disputes_lost', 1),
        ($1, 'late_deliveries', 1), ($3, 'late_deliveries', 1)`,
      [shop, buyer, carrier],
    ),
  );
  for (const table of tables) await admin.execute(rawSql(`create table sound_${table} as table ${table}`));
});

test("locks and figures that are those of their trades are sound", async () => {
  const { differences, counts } = await auditKept(database);
  assert.deepEqual(differences, []);
  assert.deepEqual(counts, { locks: 5n, figures: 6n, balances: 0n });
});

test("what was settled or happened before there were locks and figures is not missed", async () => {
  const earlier = "'1 year'";
  await admin.execute(rawSql(`update trades set created_at = now() - interval ${earlier}`));
  await admin.execute(rawSql(`update trade_events set at = now() - interval ${earlier}`));
  await admin.execute(rawSql("truncate payout_locks, party_figures"));
  assert.deepEqual((await auditKept(database)).differences, []);
  await restore();
});

const lock = (number: number) => `payout lock ${id(99 + number)}`;

const plantings: [string, string, string][] = [
  [
    "a lock of money that is paid back",
    `insert into payout_locks values ('${id(106)}', '${account}', null, 700, null)`,
    `${lock(7)} amount 700, not none`,
  ],
  [
    "a lock where nobody may ask anything back",
    `insert into payout_locks values ('${id(105)}', '${account}', null, 100, null)`,
    `${lock(6)} amount 100, not none`,
  ],
  [
    "a lock without a trade",
    `insert into payout_locks values ('${id(999)}', '${account}', null, 1, null)`,
    `payout lock ${id(999)} amount 1, not none`,
  ],
  [
    "a lock that is missing",
    "delete from payout_locks where amount = 1000",
    `${lock(1)} amount none, not 1000`,
  ],
  [
    "one missing while goods come back",
    "delete from payout_locks where amount = 500",
    `${lock(3)} amount none, not 500`,
  ],
  [
    "too little is kept",
    "update payout_locks set amount = 678 where amount = 679",
    `${lock(2)} amount 678, not 679`,
  ],
  [
    "kept in another account",
    `update payout_locks set account = '${id(5)}' where amount = 679`,
    `${lock(2)} account ${id(5)}, not ${account}`,
  ],
  [
    "it ends while goods come back",
    "update payout_locks set until = '2026-01-01T00:00:00Z' where amount = 500",
    `${lock(3)} until 2026-01-01 00:00:00+00, not open`,
  ],
  [
    "it does not end",
    "update payout_locks set until = null where amount = 1000",
    `${lock(1)} until open, not `,
  ],
  [
    "a peer's word for more than was paid",
    `insert into payout_locks values ('${id(998)}', '${account}', '${id(6)}', 1, null)`,
    `payout lock ${id(998)} at most 1, not 0`,
  ],
  [
    "one rejection more",
    `update party_figures set count = 3 where party = '${shop}' and kind = 'rejections'`,
    `figures of ${shop} rejections 3, not 2`,
  ],
  [
    "a dispute that was lost and is not counted",
    `delete from party_figures where party = '${buyer}' and kind = 'disputes_lost'`,
    `figures of ${buyer} disputes_lost 0, not 1`,
  ],
  [
    "a late delivery that nobody has seen",
    `insert into party_figures values ('${id(7)}', 'late_deliveries', 1)`,
    `figures of ${id(7)} late_deliveries 1, not 0`,
  ],
];

for (const [name, statement, expected] of plantings)
  test(`named: ${name}`, async () => {
    assert.equal(await admin.execute(rawSql(statement)), 1);
    const { differences } = await auditKept(database);
    await restore();
    const found = differences.map(
      (each) => `${each.what} ${each.id} ${each.field} ${each.recorded}, not ${each.computed}`,
    );
    assert.equal(found.length, 1, found.join("; "));
    assert.ok(found[0]?.startsWith(expected), found[0]);
  });

async function restore(): Promise<void> {
  await admin.execute(rawSql(`truncate ${tables.join()}`));
  for (const table of tables) await admin.execute(rawSql(`insert into ${table} table sound_${table}`));
}
