/**
 * A guarantor and an institution that collects for it as real processes, on bad lines, killed and cut off from their databases
 * while shops trade and clerks take money. Then all is healed, and both sides agree on every yen; later every guarantee has
 * ended, once.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Database, rawSql, sql } from "../src/storage/database/database.ts";
import { chanceOf, newSeed } from "./support/sim/chance.ts";
import { type Driver, makeDriver } from "./support/world/driver.ts";
import { type GuaranteedServers, startGuaranteedServers } from "./support/world/guaranteed-servers.ts";
import { toldPayments, type Work, workGuaranteed } from "./support/world/guaranteed-work.ts";
import {
  faultsOfCallers,
  faultsOfServers,
  moveClock,
  type Struck,
  strikeOn,
} from "./support/world/strikes.ts";
import { signIn } from "./support/wire/http.ts";
import { tally } from "./support/world/oracle.ts";
import { auditAll, until } from "./support/world/world.ts";

const seed = newSeed();
const chance = chanceOf(seed);
const workers = 6;
const buyersEach = 4;
const rounds = 12;
const when = `seed ${seed}`;

const serversOf = ({ guarantor, institution, guaranteed, demo }: GuaranteedServers): Struck[] => [
  { name: "guarantor", side: guarantor, adminKey: guaranteed.adminKey },
  { name: "institution", side: institution, adminKey: demo.adminKey },
];

async function under(world: GuaranteedServers, answered: () => number): Promise<Map<string, number>> {
  world.guarantor.line.disturb(12, faultsOfCallers);
  world.counter.disturb(12, faultsOfCallers);
  world.institution.line.disturb(30, faultsOfServers);
  const clock = ["PT1M", "PT1H"];
  const struck = await strikeOn(chance, serversOf(world), { rounds, between: [8, 25], answered, clock });
  for (const line of [world.guarantor.line, world.counter, world.institution.line]) line.heal();
  return struck;
}

test(`whatever happens to a guarantor and its collector, both agree on every yen (seed ${seed})`, async (t) => {
  const world = await startGuaranteedServers(t, { chance, loadMembers: workers * buyersEach });
  let isOver = false;
  t.after(() => {
    isOver = true;
  });
  const { guaranteed, demo, guarantor, counter } = world;
  const common = { chance, givesUp: 10, isOver: () => isOver, timeoutMs: 6_000 };
  const shop = makeDriver({
    ...common,
    url: guarantor.line.url,
    shopKey: guaranteed.shops[0]?.key ?? "",
    adminKey: guaranteed.adminKey,
  });
  const key = demo.clerks.find(({ channel }) => channel === "konbini")?.key ?? "";
  const taking = makeDriver({ ...common, url: counter.url, shopKey: key, adminKey: demo.adminKey });
  const [driver] = guaranteed.carriers;
  assert.ok(driver);
  const who = await signIn(guarantor.line.url, driver);
  const work: Work = { shop, clerk: { ...taking, key }, carrier: { id: driver.id, who } };
  let goesOn = true;
  const buyers = guaranteed.loadMembers.map(({ number, mandates }) => {
    return { number, mandate: Object.values(mandates)[0] ?? "", account: "" };
  });
  const running = Promise.all(
    Array.from({ length: workers }, (_, index) =>
      workGuaranteed(work, buyers.slice(index * buyersEach, (index + 1) * buyersEach), () => goesOn),
    ),
  );
  const answered = () => shop.answered() + taking.answered();
  const struck = await Promise.race([under(world, answered), running.then(() => new Map<string, number>())]);
  goesOn = false;
  await running;
  await agree(world, shop, taking, "after the faults");
  // Time to pay, grace, and the time after which the clock claims: some of it was claimed by shops, the rest by it.
  for (let turn = 0; turn < 7; turn += 1)
    for (const server of serversOf(world)) assert.ok(await moveClock(server, "P10D"), when);
  await agree(world, shop, taking, "long after");
  await ended(world);
  await checkForgeries(world);
  const counts = [...struck].map(([what, often]) => `${what} ${often}`).join(", ");
  for (const [who, driver] of [
    ["shops", shop],
    ["clerks", taking],
  ] as const) {
    const { ok, refused, unknown, lost } = tally(driver.journal);
    t.diagnostic(`${when}: ${who}: ${ok} acknowledged, ${refused} refused, ${unknown} unknown, ${lost} lost`);
    assert.ok(ok >= 20, `only ${ok} commands of ${who} were acknowledged`);
  }
  t.diagnostic(counts);
});

/** Waits until nothing waits any more, and then everything has to be right. */
async function agree(world: GuaranteedServers, shop: Driver, clerk: Driver, at: string): Promise<void> {
  const { guarantor, institution } = world;
  const said = `${when}, ${at}`;
  await until("nothing waits", async () => {
    const [here] = await guarantor.database.query<{ waits: number }>(sql`
      select ((select count(*) from instructions) + (select count(*) from trades where pending is not null))::int
        as waits`);
    const [there] = await institution.database.query<{ waits: number }>(sql`
      select count(*)::int as waits from collections where heard < paid`);
    return here?.waits === 0 && there?.waits === 0;
  });
  const { breaks, unreachable, compared } = await world.reconcile();
  assert.deepEqual({ breaks, unreachable }, { breaks: [], unreachable: [] }, said);
  assert.ok(compared > 0);
  assert.deepEqual(await auditAll(guarantor.database), [], said);
  assert.deepEqual(await auditAll(institution.database), [], said);
  assert.deepEqual(await sumsHere(guarantor.database), await sumsThere(institution.database), said);
  assert.deepEqual(await takenHere(guarantor.database), await takenThere(institution.database), said);
  assert.deepEqual(await linesHere(guarantor.database), [], said);
  assert.deepEqual(await lostPayments(institution.database, clerk), [], said);
  assert.deepEqual(await lostSteps(guarantor.database, shop), [], said);
}

/** What carriers took at doors, as the guarantor has heard: nothing of it is uncertain any more. */
function takenHere(database: Database): Promise<object[]> {
  return database.query(sql`
    select count(*) filter (where taking->>'state' = 'asked')::int as asked,
      count(*) filter (where taking->>'state' = 'taken')::int as takings,
      coalesce(sum((taking->>'amount')::bigint) filter (where taking->>'state' = 'taken'), 0)::bigint as amount
    from (select progress->'guarantee'->'taking' as taking from trades) t where taking is not null`);
}

/** The same as the institution has booked it. */
function takenThere(database: Database): Promise<object[]> {
  return database.query(sql`
    select 0 as asked, count(*)::int as takings, coalesce(sum(amount), 0)::bigint as amount
    from collection_payments where consent is not null`);
}

/** What is due and was paid and given back, as the trades say and as the dues do. */
function sumsHere(database: Database): Promise<object[]> {
  return database.query(sql`
    select sum((progress->'guarantee'->>'collected')::bigint)::bigint as paid,
      sum((progress->'guarantee'->>'reimbursed')::bigint)::bigint as refunded
    from trades where progress->'guarantee'->>'collector' is not null`);
}

function sumsThere(database: Database): Promise<object[]> {
  return database.query(sql`
    select sum(paid)::bigint as paid, sum(refunded)::bigint as refunded from collections`);
}

/** Lines on which something else is frozen than their guarantees, or owed than was claimed. */
function linesHere(database: Database): Promise<object[]> {
  return database.query(sql`
    select a.id, a.held, a.posted, t.open, t.claimed
    from accounts a join (
      select account, sum(frozen + coalesce((progress->'guarantee'->>'collected')::bigint
          - (progress->'guarantee'->>'freed')::bigint, 0))::bigint as open,
        sum(coalesce((progress->'guarantee'->>'claimed')::bigint - refunded
          + (progress->'guarantee'->>'reimbursed')::bigint, 0))::bigint as claimed
      from trades where hold is not null group by account) t on t.account = a.id
    where a.kind = 'credit' and (a.held <> t.open or a.posted <> -t.claimed)`);
}

/** Payments that a clerk was told to be taken and that are not, and the other way round. */
async function lostPayments(database: Database, clerk: Driver): Promise<string[]> {
  const rows = await database.query<{ id: string; times: number }>(
    rawSql("select id, count(*)::int as times from collection_payments group by id"),
  );
  const times = new Map(rows.map((row) => [row.id, row.times]));
  return toldPayments(clerk)
    .filter(({ id, isTaken }) => (times.get(id) ?? 0) !== (isTaken ? 1 : 0))
    .map(
      ({ id, isTaken }) => `${id} was ${isTaken ? "taken" : "refused"}, and is there ${times.get(id)} times`,
    );
}

/** Steps that were acknowledged and of which the trade knows nothing. */
async function lostSteps(database: Database, { journal }: Driver): Promise<string[]> {
  const rows = await database.query<{ number: bigint; version: number }>(
    rawSql("select number, version from trades"),
  );
  const versions = new Map(rows.map(({ number, version }) => [String(number), version]));
  return journal
    .filter(({ outcome }) => outcome === "ok")
    .filter(({ json }) => (versions.get(String(json["number"])) ?? -1) < Number(json["version"]))
    .map(({ op, json }) => `${op} of ${String(json["number"])} is lost`);
}

/** Nothing is frozen or due any more, and each hold has ended. */
async function ended({ guarantor, institution }: GuaranteedServers): Promise<void> {
  const open = await guarantor.database.query(sql`
    select number, state, frozen from trades where frozen > 0
      or (progress->'guarantee'->>'collected')::bigint > (progress->'guarantee'->>'freed')::bigint`);
  assert.deepEqual(open, [], when);
  assert.deepEqual(await guarantor.database.query(rawSql("select id from holds where state = 'held'")), []);
  const bills = await guarantor.database.query<{ number: string }>(
    rawSql("select number::text as number from bills where state = 'open'"),
  );
  const due = await institution.database.query<{ number: string }>(
    rawSql("select trade_number as number from collections where paid < amount"),
  );
  const known = new Set(bills.map(({ number }) => number));
  assert.deepEqual(
    due.filter(({ number }) => !known.has(number)),
    [],
    "what is due still is due on bills",
  );
}

/** The same comparisons name what is wrong, and nothing else, or their silence means nothing. */
async function checkForgeries(world: GuaranteedServers): Promise<void> {
  const { guarantor, institution } = world;
  const [paid] = await institution.database.query<{ number: string; refunded: bigint }>(sql`
    update collections set refunded = refunded + 1
    where id = (select id from collections where refunded < paid order by id limit 1)
    returning trade_number as number, refunded`);
  assert.ok(paid !== undefined, when);
  const { breaks } = await world.reconcile();
  assert.deepEqual(
    breaks.map(({ trade, what, here, there }) => ({ trade, what, here, there })),
    [
      {
        trade: paid.number,
        what: "refunded",
        here: String(paid.refunded - 1n),
        there: String(paid.refunded),
      },
    ],
  );
  const named = await auditAll(institution.database);
  assert.ok(
    named.some((each) => each.startsWith(`collection ${paid.number}: refunded is ${paid.refunded}`)),
    named.join("\n"),
  );
  const [freed] = await guarantor.database.query<{ number: bigint }>(sql`
    update trades set progress = jsonb_set(progress::jsonb, '{guarantee,freed}', '0')::json
    where number = (select number from trades where (progress->'guarantee'->>'freed')::bigint > 0 limit 1)
    returning number`);
  const unfreed = await auditAll(guarantor.database);
  assert.ok(freed !== undefined && unfreed.length > 0, unfreed.join("\n"));
}
