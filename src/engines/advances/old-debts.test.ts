/**
 * What was owed before debts were counted by institution is owed where the money of its trades was, also what a settlement under
 * way was going to pay; and what a peer had paid a payee is counted for the account.
 */
import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { migrate, openDatabase, rawSql } from "../../storage/database/database.ts";

const sources = fileURLToPath(new URL("../../../../sql/trading", import.meta.url));
const id = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const nowhere = "00000000-0000-0000-0000-000000000000";
const [shop, ownShop] = [id(1), id(2)];
const [first, second] = [id(11), id(12)];

/** Claims that were bought: of which trade, by whose account the buyer paid, and what of it is owed. */
const claims: [trade: number, shop: string, account: string, owed: number][] = [
  [18, shop, id(21), 100],
  [26, shop, id(22), 70],
  [34, shop, id(21), 50],
  [42, shop, id(22), 0],
  [59, ownShop, id(29), 30],
];

type Run = (text: string, values?: readonly unknown[]) => Promise<unknown>;

/** Trades with the claims that were bought of them. */
async function enterClaims(run: Run): Promise<void> {
  const tie = "insert into remote_accounts (account, institution, consent) values ($1, $2, $1)";
  await run(tie, [id(21), first]);
  await run(tie, [id(22), second]);
  for (const [number, of, account, owed] of claims) {
    await run(
      `insert into trades (number, id, state, version, shop, currency, amount, account, terms, progress, created_at,
        updated_at) values ($1, $2, 'cancelled', 1, $3, 'JPY', 200, $4, '{}', '{}', now(), now())`,
      [number, id(100 + number), of, account],
    );
    await run(
      `insert into advances (trade, shop, currency, amount, price, paid, recovered, owed, at)
        values ($1, $2, 'JPY', 200, 0, 200, 200 - $3::bigint, $3, now())`,
      [number, of, owed],
    );
  }
}

/** What the shops owe in all, and how far an operator lets them go. */
async function enterShops(run: Run): Promise<void> {
  // Of 220 that the shop has come to owe, it has covered 180: all of the first 150, and 30 of the others.
  await run(
    `insert into advance_accounts (shop, currency, outstanding, owed, covered)
      values ($1, 'JPY', 0, 40, 180), ($2, 'JPY', 0, 30, 0)`,
    [shop, ownShop],
  );
  await run(
    `insert into parties (id, kind, name, state, created_at)
      values ($1, 'shop', 'Tea', 'approved', now()), ($2, 'shop', 'Books', 'approved', now())`,
    [shop, ownShop],
  );
  await run(
    `insert into standings (shop, word, paid_early, paid_out_early)
      values ($1, true, true, false), ($2, true, false, false)`,
    [shop, ownShop],
  );
}

/** A settlement that waits at the second institution: 20 of what the shop has covered, it has not paid yet. */
async function enterWaiting(run: Run): Promise<void> {
  const use = { shop, currency: "JPY", change: "covered", amount: "20" };
  await run(
    `insert into trades (number, id, state, version, shop, currency, amount, account, terms, progress, pending, created_at,
      updated_at) values (67, $1, 'delivered', 1, $2, 'JPY', 200, $3, '{}', '{}', $4, now(), now())`,
    [id(167), shop, id(22), JSON.stringify({ advances: { taken: [use], given: [] } })],
  );
}

/** Under which consents a peer has paid an account of its own money, and how much. */
const paidBefore: [consent: number, peer: string, account: string, advanced: number][] = [
  [201, first, id(21), 5],
  [202, first, id(21), 7],
  [203, second, id(21), 3],
  [204, first, id(22), 0],
];

async function enterConsents(run: Run): Promise<void> {
  for (const [consent, peer, account, advanced] of paidBefore)
    await run(
      `insert into consents (id, peer, account, purpose, own, owner_kind, owner, currency, advanced, created_at)
        values ($1, $2, $3, 'receive', false, 'shop', $4, 'JPY', $5, now())`,
      [id(consent), peer, account, shop, advanced],
    );
}

test("old debts and standings are carried over", async (t) => {
  const { url } = await freshDatabase(t, "empty");
  const folder = await mkdtemp(join(tmpdir(), "kenshu-before-"));
  t.after(() => rm(folder, { recursive: true }));
  const names = (await readdir(sources)).toSorted();
  const from = names.findIndex((name) => name.endsWith("_advances.sql") && name > "0012");
  assert.ok(from > 0);
  const migrateWith = async (files: readonly string[]) => {
    for (const name of files) await cp(join(sources, name), join(folder, name));
    await migrate({ url, folder, schema: "old", role: "kenshu_app" });
  };
  await migrateWith(names.slice(0, from));
  const database = openDatabase({ url, schema: "old" });
  t.after(() => database.close());
  const run: Run = (text, values = []) => database.execute(rawSql(text, values as never));
  await enterClaims(run);
  await enterShops(run);
  await enterWaiting(run);
  await enterConsents(run);
  await migrateWith(names.slice(from));
  const debts = await database.query(
    rawSql(
      "select shop, institution, owed::int, covering::int, covered::int from advance_debts order by shop, institution",
      [],
    ),
  );
  assert.deepEqual(debts, [
    { shop, institution: first, owed: 0, covering: 0, covered: 150 },
    { shop, institution: second, owed: 60, covering: 20, covered: 10 },
    { shop: ownShop, institution: nowhere, owed: 30, covering: 0, covered: 0 },
  ]);
  const sums = await database.query(
    rawSql("select owed::int, covering::int, covered::int from advance_accounts where shop = $1", [shop]),
  );
  assert.deepEqual(sums, [{ owed: 60, covering: 20, covered: 160 }]);
  const paid = await database.query(
    rawSql("select peer, account, amount::int from peer_advances order by peer", []),
  );
  assert.deepEqual(paid, [
    { peer: first, account: id(21), amount: 12 },
    { peer: second, account: id(21), amount: 3 },
  ]);
  const standings = await database.query(
    rawSql("select shop, paid_early as word, early_limits as limits from standings order by shop", []),
  );
  assert.deepEqual(standings, [
    { shop, word: "afterShipping", limits: null },
    { shop: ownShop, word: "never", limits: null },
  ]);
});
