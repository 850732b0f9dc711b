/** Whoever owns the database changes what is sealed in it, and the audit names the first row that differs. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openMarket, tradeIn } from "../../../test/support/world/market.ts";
import { rawSql, uuidv7 } from "../database/database.ts";
import { insertLookup } from "../members/members.ts";
import { type Hash, rootOf, rowOf, sealedTables, type SealedTable } from "../../core/log/log.ts";
import { auditSeals, type Held } from "./audit.ts";
import { listed, newBatch, readManifest, seal } from "./batch.ts";
import { hasher } from "./hasher.ts";
import { batchLeaf, extendLog, type LogSigner, rootAt } from "./log.ts";
import { readHead } from "./log-store.ts";
import { readStored } from "./store.ts";

const market = await openMarket({ after });
const { admin, database } = market;
const signer: LogSigner = {
  sign: (epoch, size, root) => `${epoch} ${size} ${root}`,
  keyOf: (epoch) => `key of ${epoch}`,
};
const kept = [
  ...Object.keys(sealedTables),
  "trades",
  "sealed_batches",
  "log_nodes",
  "log_checkpoints",
  "log_epochs",
  "unsealed_rows",
];
/** What a witness has of the log, and would have of no other. */
let held: Held;

before(async () => {
  const buyer = await market.buyer();
  const mandate = await market.mandate(buyer);
  for (let turn = 0; turn < 4; turn += 1) {
    const wish = { buyer: { member: buyer.number }, approval: { mandate }, amount: 1000 + turn };
    const reserved = tradeIn(await market.propose(wish));
    await market.move(buyer.actor, reserved.number, { do: "accept" });
    await insertLookup(database, { person: uuidv7(), operator: uuidv7(), reason: "asked by phone" });
    await extendLog(database, signer);
  }
  for (const row of former) await sealAsBefore(row);
  await extendLog(database, signer);
  const head = await readHead(database);
  assert.ok(head !== undefined);
  held = { by: "the facilitator", epoch: head.epoch, size: head.size, root: head.root };
  for (const table of kept) await admin.execute(rawSql(`create table sound_${table} as table ${table}`));
});

/** Rows as they were sealed when their tables had these columns only; `since`: what a later one needs. */
const former: readonly [table: SealedTable, columns: string, values: string, since?: [string, string]][] = [
  [
    "transfers",
    "id, kind, account, currency, amount, reference, role, actor, at",
    "$1, 'deposit', $1, 'JPY', 5, 'receipt 1', 'operator', $1, now()",
  ],
  [
    "operator_acts",
    "id, operator, key, trade, body, currency, amount, created_at, until",
    `$1, $1, 'some key', 5, '{"do": "accept"}', 'JPY', 5, now(), now()`,
    [", act, subject", ", 'trade.accept', '5'"],
  ],
  ["lookups", "id, person, operator, reason, at", "$1, $1, $1, 'a call', now()"],
  ["notices", "id, person, trade, types, channel, at", "$1, $1, 5, '{trade.accepted}', 'phone', now()"],
];

async function sealAsBefore([table, columns, values, [more, told] = ["", ""]]: (typeof former)[number]) {
  const id = uuidv7();
  await admin.execute(rawSql(`insert into ${table} (${columns}${more}) values (${values}${told})`, [id]));
  const [row] = await admin.query<Record<string, unknown>>(
    rawSql(`select ${columns} from ${table} where id = $1`, [id]),
  );
  const [, ...sealed] = Object.values(row ?? {});
  await Promise.all(seal(admin, newBatch(new Date(0)), [rowOf(table, id, 0, sealed)]));
}

async function audited(...others: Held[]): Promise<string[]> {
  const { differences } = await auditSeals(database, { held: others });
  return differences.map(({ what, id, field }) => `${what} ${id} ${field}`);
}

async function restore(): Promise<void> {
  for (const table of kept) {
    await admin.execute(rawSql(`truncate ${table} cascade`));
    await admin.execute(rawSql(`insert into ${table} select * from sound_${table}`));
  }
}

test("what was sealed is there as it was", async () => {
  assert.deepEqual(await audited(held), []);
  const { counts } = await auditSeals(database);
  assert.ok((counts["batches"] ?? 0n) >= 12n && (counts["checkpoints"] ?? 0n) >= 4n);
});

const firstEvent = "(trade, seq) = (select trade, seq from trade_events order by trade, seq limit 1)";
const firstLookup = "id = (select min(id::text)::uuid from lookups)";
const someBatch = (place: number) => `place = ${place}`;

const tamperings: [name: string, statement: string, named: RegExp][] = [
  [
    "the time of an event",
    `update trade_events set at = at - interval '1 day' where ${firstEvent}`,
    /^row trade_events .* hash$/,
  ],
  [
    "the role of an event",
    `update trade_events set role = 'operator' where ${firstEvent}`,
    /^row trade_events .* hash$/,
  ],
  [
    "an amount in an event",
    `update trade_events set data = '[{"amount":1},{}]' where ${firstEvent}`,
    /^row trade_events .* hash$/,
  ],
  ["an event less", `delete from trade_events where ${firstEvent}`, /^row trade_events .* row$/],
  [
    "the number of a trade",
    `update trades set number = number + 1 where id = (select trade from trade_events where ${firstEvent})`,
    /^row trade_events .* hash$/,
  ],
  [
    "what a leg moved",
    "update entries set posted = posted + 1 where command = (select min(command::text)::uuid from entries)",
    /^row entries .* hash$/,
  ],
  [
    "a leg more",
    "insert into entries select command, 9, kind, account, hold, currency, 0, 0, until, at from entries where command = (select min(command::text)::uuid from entries) limit 1",
    /^row entries .* hash$/,
  ],
  ["a look-up less", `delete from lookups where ${firstLookup}`, /^row lookups .* row$/],
  [
    "the reason of a look-up",
    `update lookups set reason = 'other' where ${firstLookup}`,
    /^row lookups .* hash$/,
  ],
  [
    "a transfer that nobody made",
    `insert into transfers values (gen_random_uuid(), 'deposit', gen_random_uuid(), 'JPY', 5, 'x', 'operator', gen_random_uuid(), now())`,
    /^row transfers .* 0 row$/,
  ],
  ["a batch less in the middle", `delete from sealed_batches where ${someBatch(3)}`, /^row \w+ .* row$/],
  [
    "the last batch less",
    "delete from sealed_batches where place = (select max(place) from sealed_batches)",
    /^row \w+ .* row$/,
  ],
  [
    "the root of a batch",
    `update sealed_batches set root = sha256('x') where ${someBatch(3)}`,
    /^row batch .* root$/,
  ],
  [
    "the order of two batches",
    "update sealed_batches set place = -place where place in (2, 3); update sealed_batches set place = case place when -2 then 3 else 2 end where place < 0",
    /^log place 2 of epoch 1, batch .* hash$/,
  ],
  [
    "the first leaf",
    `update log_epochs set statement = replace(statement, '"entries":"0"', '"entries":"1"')`,
    /^row unsealed_rows count$/,
  ],
  [
    "a root that was signed",
    "update log_checkpoints set root = sha256('x') where size = (select min(size) from log_checkpoints where size > 1)",
    /^checkpoint .* root$/,
  ],
];

for (const [name, statement, named] of tamperings) {
  test(`found: ${name}`, async () => {
    for (const one of statement.split("; ")) await admin.execute(rawSql(one));
    const [first] = await audited();
    await restore();
    assert.match(first ?? "nothing", named);
  });
}

/** Seals again, as its owner could, what has been changed, and builds the whole log anew over it. */
async function sealAnew(table: SealedTable): Promise<void> {
  const batches = await admin.query<{ id: string; at: Date; rows: Buffer; place: bigint }>(
    rawSql("select id, at, rows, place from sealed_batches order by place"),
  );
  for (const { id, at, rows, place } of batches) {
    const lists = readManifest(rows);
    if (!lists.some((row) => row.table === table)) continue;
    const now = (await Promise.all(lists.map((row) => readStored(admin, row.table, [row])))).flat();
    await admin.execute(rawSql("delete from sealed_batches where id = $1", [id]));
    await Promise.all(seal(admin, { id, at }, now));
    await admin.execute(rawSql("update sealed_batches set epoch = 1, place = $2 where id = $1", [id, place]));
  }
  await admin.execute(rawSql("delete from log_checkpoints"));
  await admin.execute(rawSql("delete from log_nodes"));
  await admin.execute(rawSql("delete from log_epochs"));
  await admin.execute(rawSql("update sealed_batches set epoch = null, place = null"));
  await extendLog(database, signer);
}

test("a changed event with everything sealed again agrees with itself, and not with what a witness holds", async () => {
  await admin.execute(rawSql(`update trade_events set at = at - interval '1 day' where ${firstEvent}`));
  await sealAnew("trade_events");
  const alone = await audited();
  const [first] = await audited(held);
  await restore();
  assert.deepEqual(alone, []);
  assert.match(first ?? "nothing", /^log the first \d+ of epoch 1, as the facilitator has them root$/);
});

test("a log set back to an earlier moment is shorter than what a witness holds", async () => {
  await admin.execute(
    rawSql("delete from log_checkpoints where size = (select max(size) from log_checkpoints)"),
  );
  const found = await audited(held);
  await restore();
  assert.ok(found.some((line) => line.endsWith("as the facilitator has them log")));
});

test("roots in the middle are those of the leaves so far", async () => {
  const leaves: Hash[] = [];
  const [{ statement } = { statement: "" }] = await admin.query<{ statement: string }>(
    rawSql("select statement from log_epochs"),
  );
  leaves.push(hasher.leaf(statement));
  const batches = await admin.query<{ id: string; at: Date; rows: Buffer; root: Buffer }>(
    rawSql("select id, at, rows, root from sealed_batches order by place"),
  );
  for (const { id, at, rows, root } of batches)
    leaves.push(
      hasher.leaf(batchLeaf({ id, at, rows: rows.length / listed.bytes, root: root.toString("base64") })),
    );
  for (let size = 1; size <= leaves.length; size += 1)
    assert.equal(await rootAt(database, 1, size), rootOf(leaves.slice(0, size), hasher));
});

test("a batch without rows writes nothing", () => {
  assert.deepEqual(seal(database, newBatch(new Date(0)), []), []);
});
