/** What was there before rights were noted is entered as it is when the schema is migrated, and sealed with what follows. */
import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { migrate, openDatabase, rawSql } from "../database/database.ts";
import { auditSeals } from "./audit.ts";
import { extendLog } from "./log.ts";

const sources = fileURLToPath(new URL("../../../../sql/trading", import.meta.url));
const id = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const [account, shop, person, method, operator] = [id(1), id(2), id(3), id(4), id(5)];

/** A row of each table, in a year and an hour that a time zone moves. */
const rows = [
  `insert into accounts values ('${account}', 'outside', 'JPY', 0, 0, ${-(2n ** 62n) + 1n}, false, now())`,
  `insert into parties (id, kind, name, state, created_at) values ('${shop}', 'shop', 'Aoi Tea', 'approved', now())`,
  `insert into shop_accounts values ('${shop}', 'JPY', '${account}', 5, 20, 'fee')`,
  `insert into people (id, kind, state, created_at) values ('${person}', 'guest', 'active', now())`,
  `insert into methods (id, person, kind, currency, account, state, created_at)
    values ('${method}', '${person}', 'deposit', 'JPY', '${account}', 'active', now())`,
  `insert into mandates (id, person, shop, currency, limit_amount, until, method, acceptors, terms, created_at, revoked_at)
    values (gen_random_uuid(), '${person}', '${shop}', 'JPY', 5, '2027-01-01 00:00:00.5+09', '${method}', '{buyer,shop}',
      '{"buyer": "P1D"}', now(), '2026-12-31 23:59+00')`,
  `insert into vouchers values (sha256('code'), '${account}', 'JPY', null, now())`,
  `insert into api_keys (hash, id, owner_kind, owner, created_at, expires_at)
    values (sha256('key'), gen_random_uuid(), 'shop', '${shop}', now(), now())`,
  `insert into remote_accounts values ('${account}', '${shop}', '${method}')`,
  `insert into standings (shop, word, paid_early, paid_out_early, frozen_limits)
    values ('${shop}', true, 'never', false, '{"JPY": 5}')`,
  `insert into operators values ('${operator}', 'Mei', 'active', now())`,
  `insert into consents (id, peer, account, purpose, owner_kind, owner, currency, confirm_above, created_at)
    values (gen_random_uuid(), '${shop}', '${account}', 'pay', 'member', '${person}', 'JPY', 5, now())`,
];

test("rights from before are entered and sealed, in whatever time zone", async (t) => {
  const { url } = await freshDatabase(t, "empty");
  const folder = await mkdtemp(join(tmpdir(), "kenshu-before-"));
  t.after(() => rm(folder, { recursive: true }));
  const names = (await readdir(sources)).toSorted();
  const from = names.findIndex((name) => name.endsWith("_rights.sql"));
  assert.ok(from > 0);
  const elsewhere = new URL(url);
  elsewhere.searchParams.set("options", "-c TimeZone=Asia/Tokyo -c bytea_output=escape");
  const migrateWith = async (files: readonly string[]) => {
    for (const name of files) await cp(join(sources, name), join(folder, name));
    await migrate({ url: elsewhere.href, folder, schema: "old", role: "kenshu_app" });
  };
  await migrateWith(names.slice(0, from));
  const owner = openDatabase({ url, schema: "old", max: 1 });
  const server = openDatabase({ url, schema: "old", role: "kenshu_app", max: 1 });
  t.after(async () => {
    await owner.close();
    await server.close();
  });
  for (const row of rows) await owner.execute(rawSql(row));
  await migrateWith(names.slice(from));
  await extendLog(server, { sign: (epoch, size) => `${epoch} ${size}`, keyOf: () => "key" });
  const audited = async () => {
    const { differences } = await auditSeals(owner);
    return differences.filter(({ what, id: of }) => what === "right" || of.startsWith("rights"));
  };
  const [noted] = await owner.query(
    rawSql(`select count(*)::int as rows, count(batch)::int as sealed, count(distinct relation)::int as tables,
      count(*) filter (where writer = 'migration')::int as before from rights`),
  );
  assert.deepEqual(noted, { rows: 12, sealed: 12, tables: 11, before: 12 });
  assert.deepEqual(await audited(), []);
  await server.execute(rawSql("set time zone 'Asia/Tokyo'"));
  await server.execute(rawSql("update mandates set limit_amount = 5, until = until"));
  await server.execute(rawSql("update api_keys set expires_at = now()"));
  await extendLog(server, { sign: (epoch, size) => `${epoch} ${size}`, keyOf: () => "key" });
  assert.deepEqual(await audited(), []);
  const [after] = await owner.query(
    rawSql("select count(*)::int as rows from rights where batch is not null"),
  );
  assert.deepEqual(after, { rows: 13 }, "what is the same as before is no change");
});
