/** Rights are noted and sealed as they change, and money that went by others is found, even where all was put back since. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { tradeIn } from "../../../test/support/world/market.ts";
import { openNoted } from "../../../test/support/world/noted.ts";
import { rawSql, uuidv7 } from "../database/database.ts";
import { readBacklog } from "./log-store.ts";

const world = await openNoted({ after });
const {
  admin,
  database,
  shop,
  hana,
  ken,
  kiji,
  mandate,
  giveMandate,
  order,
  buy,
  change,
  restore,
  seal,
  audited,
} = world;

test("rights that servers have given, changed and ended are sealed and agree", async () => {
  assert.deepEqual(await audited(), []);
  assert.equal((await readBacklog(database)).waiting, 0);
  const noted = await admin.query<{ relation: string; count: bigint; most: number }>(
    rawSql(
      "select relation, count(*) as count, max(nth) as most from rights group by relation order by relation",
    ),
  );
  assert.deepEqual(
    Object.fromEntries(noted.map(({ relation, most }) => [relation, most])),
    {
      accounts: 2,
      api_keys: 2,
      consents: 1,
      mandates: 2,
      methods: 2,
      operators: 1,
      parties: 2,
      remote_accounts: 2,
      shop_accounts: 2,
      standings: 1,
      vouchers: 2,
    },
    "each change is noted once, and what is used again and again is not",
  );
});

test("a trade notes no right", async () => {
  const count = async () =>
    (await admin.query<{ count: bigint }>(rawSql("select count(*) as count from rights")))[0]?.count;
  const earlier = await count();
  await buy();
  assert.equal(await count(), earlier);
  await restore();
});

test("what a trade changes in tables of rights fires no trigger", async () => {
  const fired = await admin.query<{ name: string }>(
    rawSql(`select event_object_table || '.' || event_object_column as name
      from information_schema.triggered_update_columns where trigger_schema = current_schema()`),
  );
  const names = fired.map(({ name }) => name);
  assert.ok(names.includes("accounts.floor") && names.includes("mandates.limit_amount"));
  for (const hot of ["accounts.posted", "accounts.held", "mandates.used"])
    assert.ok(!names.includes(hot), hot);
  for (const hot of ["consents.month_from", "consents.month_until", "consents.spent"])
    assert.ok(!names.includes(hot), hot);
  const [all] = await admin.query<{ tables: string[] }>(
    rawSql(`select array_agg(distinct event_object_table::text order by event_object_table::text) as tables
      from information_schema.triggers where trigger_schema = current_schema()`),
  );
  assert.deepEqual(
    all?.tables.filter((name) => /^(trade|hold|entr|reserv|settle|answer)/.test(name)),
    [],
  );
});

test("what was noted and is in no batch yet waits where it is counted, and is no difference", async () => {
  await giveMandate(ken);
  assert.equal((await readBacklog(database)).waiting, 1);
  assert.deepEqual(await audited(), []);
  await seal();
  assert.equal((await readBacklog(database)).waiting, 0);
  assert.deepEqual(await audited(), []);
  await restore();
});

test("servers note rights and cannot change what was noted", async () => {
  for (const statement of [
    "update rights set writer = 'kenshu_app'",
    "update rights set lasting = '{}'",
    "delete from rights",
    "truncate rights",
  ])
    await assert.rejects(database.execute(rawSql(statement)), /permission denied/, statement);
});

const to = (account: string, of: string) =>
  `update shop_accounts set account = '${account}' where shop = '${of}'`;
const swap = `${to(kiji.account, shop.actor.id)}; ${to(shop.account, kiji.actor.id)}`;
const swapBack = `${to(shop.account, shop.actor.id)}; ${to(kiji.account, kiji.actor.id)}`;

test("found: where a shop is paid, swapped in the servers' role and put back before the audit", async () => {
  await change("servers", swap);
  await change("servers", swapBack);
  const [first] = await audited();
  await restore();
  assert.match(first ?? "nothing", /^right shop_accounts .* account$/);
});

test("found: money that went to another shop's account, all put back with nothing noted", async () => {
  await change("unseen", swap);
  await buy();
  await change("unseen", swapBack);
  const [first] = await audited();
  await restore();
  assert.match(first ?? "nothing", /^trade \d+ (payee|paid to)$/);
});

test("found: money frozen on somebody else's account, all put back with nothing noted", async () => {
  await change("unseen", `update methods set account = '${ken.account}' where id = '${hana.method}'`);
  await buy();
  await change("unseen", `update methods set account = '${hana.account}' where id = '${hana.method}'`);
  const [first] = await audited();
  await restore();
  assert.match(first ?? "nothing", /^trade \d+ frozen on$/);
});

test("found: money frozen under a mandate that was never given, and is gone", async () => {
  const id = uuidv7();
  await change(
    "unseen",
    `insert into mandates select '${id}', person, shop, currency, limit_amount, 0, until, method, acceptors, null, created_at from mandates where id = '${mandate}'`,
  );
  const reserved = tradeIn(await order(id));
  await change("unseen", `delete from mandates where id = '${id}'`);
  const [first] = await audited();
  await restore();
  assert.equal(first, `trade ${reserved.number} mandate`);
});

test("found: what was noted is changed, goes, or is kept from the log", async () => {
  const right = `relation = 'shop_accounts' and key = '${shop.actor.id} JPY'`;
  const cases: [string, RegExp][] = [
    [
      `update rights set lasting = lasting || '{"account":"x"}' where ${right} and nth = 1`,
      /^row rights .* hash$/,
    ],
    [`update rights set at = at - interval '1 day' where ${right} and nth = 1`, /^row rights .* hash$/],
    [`update rights set writer = 'migration' where ${right} and nth = 1`, /^row rights .* hash$/],
    [`delete from rights where ${right} and nth = 2`, /^row rights .* row$/],
    [
      `insert into rights select gen_random_uuid(), relation, key, 3, lasting, present, writer, at, batch from rights where ${right} and nth = 2`,
      /^row rights .* row$/,
    ],
  ];
  for (const [statement, named] of cases) {
    await change("unseen", statement);
    const [first] = await audited();
    await restore();
    assert.match(first ?? "nothing", named);
  }
});
