/** Months of limits from when they were kept as a date: each begins by the clocks by which it was counted. */
import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { dayAt, daysAfter, startOfDay } from "../../core/protocol/protocol.ts";
import { migrate, openDatabase, rawSql, readClock, uuidv7 } from "../../storage/database/database.ts";
import { auditReservations } from "./reservations.ts";

const sources = fileURLToPath(new URL("../../../../sql/trading", import.meta.url));
const zone = "Asia/Tokyo";
const id = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const monthAt = (at: Date): string => `${dayAt(at, zone).slice(0, 7)}-01`;

/** A consent, the month that it counts, what was spent in it, and what was reserved: how long after this month's begin. */
type Counted = [id: string, month: string, spent: number, reserved: [afterMs: number, amount: number][]];

type Run = (text: string, values: (string | number | Date)[]) => Promise<unknown>;

async function enter(run: Run, begin: Date, [consent, month, spent, reserved]: Counted): Promise<void> {
  await run(
    `insert into consents (id, peer, account, purpose, owner_kind, currency, limit_month, month, spent, created_at)
      values ($1, $2, $3, 'pay', 'bearer', 'JPY', 900, $4, $5, now())`,
    [consent, id(50), id(51), month, spent],
  );
  for (const [afterMs, amount] of reserved) {
    const [hold, at] = [uuidv7(), new Date(begin.getTime() + afterMs)];
    await run(
      `insert into reservations (id, peer, trade_number, payer, payee, state, until, created_at)
        values ($1, $2, '18', $3, $2, 'held', now(), $4)`,
      [hold, id(50), consent, at],
    );
    await run(
      `insert into entries (command, leg, kind, account, hold, currency, posted, held, at)
        values ($1, 0, 'hold', $2, $1, 'JPY', 0, $3, $4)`,
      [hold, id(51), amount, at],
    );
  }
}

test("a month that runs begins and ends by the clocks by which it was counted, and one that has gone counts nothing", async (t) => {
  const { url } = await freshDatabase(t, "empty");
  const folder = await mkdtemp(join(tmpdir(), "kenshu-months-"));
  t.after(() => rm(folder, { recursive: true }));
  const names = (await readdir(sources)).toSorted();
  const from = names.findIndex((name) => name.endsWith("_months.sql"));
  const migrateWith = async (files: readonly string[]) => {
    for (const name of files) await cp(join(sources, name), join(folder, name));
    await migrate({ url, folder, schema: "old", role: "kenshu_app" });
  };
  await migrateWith(names.slice(0, from));
  const owner = openDatabase({ url, schema: "old", max: 1 });
  t.after(() => owner.close());
  const month = monthAt(await readClock(owner));
  const begin = startOfDay(month, zone);
  const end = startOfDay(monthAt(startOfDay(daysAfter(month, 31), zone)), zone);
  const run: Run = (text, values) => owner.execute(rawSql(text, values));
  const halfHourMs = 1_800_000;
  // The second has reserved more just before the month began.
  await enter(run, begin, [id(1), month, 300, [[halfHourMs, 300]]]);
  await enter(run, begin, [
    id(2),
    month,
    200,
    [
      [-1, 500],
      [halfHourMs, 200],
    ],
  ]);
  await enter(run, begin, [id(3), daysAfter(month, -92).replace(/..$/, "01"), 700, []]);
  await migrateWith(names.slice(from));
  const rows = await owner.query<{ from: Date; until: Date; spent: bigint }>(
    rawSql(`select month_from as "from", month_until as "until", spent from consents order by id`),
  );
  const counting = { from: begin, until: end };
  assert.deepEqual(rows.slice(0, 2), [
    { ...counting, spent: 300n },
    { ...counting, spent: 200n },
  ]);
  assert.deepEqual([rows[2]?.from, rows[2]?.spent], [rows[2]?.until, 0n]);
  const { differences } = await auditReservations(owner);
  assert.ok(!differences.some(({ what, field }) => what === "consent" && field === "spent"));
});
