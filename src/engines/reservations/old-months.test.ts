/** Months of limits from when they were kept as a date: each begins by the clocks by which it was counted. */
import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { dayAt, daysAfter, startOfDay } from "../../core/protocol/protocol.ts";
import { migrate, openDatabase, rawSql, readClock } from "../../storage/database/database.ts";
import { auditReservations } from "./reservations.ts";

const sources = fileURLToPath(new URL("../../../../sql/trading", import.meta.url));
const zone = "Asia/Tokyo";
const id = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const hourMs = 3_600_000;

const monthAt = (at: Date): string => `${dayAt(at, zone).slice(0, 7)}-01`;

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
  const run = (text: string, values: (string | number | Date)[]) => owner.execute(rawSql(text, values));
  const now = await readClock(owner);
  const month = monthAt(now);
  const begin = startOfDay(month, zone);
  const end = startOfDay(monthAt(new Date(startOfDay(daysAfter(month, 31), zone))), zone);
  const gone = monthAt(new Date(begin.getTime() - 60 * 24 * hourMs));

  /** Consents with the month that they count, what was spent in it, and what was reserved: how long after the month began. */
  const consents: [
    id: string,
    month: string,
    spent: number,
    reserved: [afterMs: number, amount: number][],
  ][] = [
    [id(1), month, 300, [[0.5 * hourMs, 300]]],
    [
      id(2),
      month,
      200,
      [
        [-1, 500],
        [hourMs, 200],
      ],
    ],
    [id(3), gone, 700, []],
  ];
  let hold = 100;
  for (const [consent, counted, spent, reserved] of consents) {
    await run(
      `insert into consents (id, peer, account, purpose, owner_kind, currency, limit_month, month, spent, created_at)
        values ($1, $2, $3, 'pay', 'bearer', 'JPY', 900, $4, $5, now())`,
      [consent, id(50), id(51), counted, spent],
    );
    for (const [afterMs, amount] of reserved) {
      const at = new Date(begin.getTime() + afterMs);
      hold += 1;
      await run(
        `insert into reservations (id, peer, trade_number, payer, payee, state, until, created_at)
          values ($1, $2, '18', $3, $2, 'held', now(), $4)`,
        [id(hold), id(50), consent, at],
      );
      await run(
        `insert into entries (command, leg, kind, account, hold, currency, posted, held, at)
          values ($1, 0, 'hold', $2, $1, 'JPY', 0, $3, $4)`,
        [id(hold), id(51), amount, at],
      );
    }
  }
  await migrateWith(names.slice(from));
  const rows = await owner.query<{ id: string; from: Date; until: Date; spent: bigint }>(
    rawSql(`select id, month_from as "from", month_until as "until", spent from consents order by id`),
  );
  const [first, second, third] = rows;
  assert.deepEqual([first?.from, first?.until, first?.spent], [begin, end, 300n]);
  assert.deepEqual([second?.from, second?.until, second?.spent], [begin, end, 200n]);
  assert.deepEqual([third?.from, third?.spent], [third?.until, 0n]);
  const { differences } = await auditReservations(owner);
  assert.deepEqual(
    differences.filter(({ what, field }) => what === "consent" && field === "spent"),
    [],
  );
});
