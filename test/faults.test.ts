/**
 * A facilitator and an institution as real processes, on bad lines, killed and cut off from their databases at moments
 * that nobody chose, their clocks moved. Then all is healed, and within a minute both sides agree on everything.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rawSql, sql } from "../src/storage/database/database.ts";
import { chanceOf, newSeed } from "./support/sim/chance.ts";
import { networkFaults } from "./support/wire/fault-proxy.ts";
import { type Driver, makeDriver } from "./support/world/driver.ts";
import { bearer, request } from "./support/wire/http.ts";
import { findLosses, tally } from "./support/world/oracle.ts";
import { type Receiver, startReceiver } from "./support/wire/receiver.ts";
import {
  faultsOfCallers,
  faultsOfServers,
  moveClock,
  type Struck,
  strikeOn,
} from "./support/world/strikes.ts";
import { startTwoServers, type TwoServers } from "./support/world/two-servers.ts";
import { type Buyer, tradingPlans, work } from "./support/world/workload.ts";
import { auditAll, until } from "./support/world/world.ts";

const seed = newSeed();
const chance = chanceOf(seed);
const workers = 8;
const buyersEach = 4;
const rounds = 12;

const sides = ["facilitator", "institution"] as const;

function buyersOf({ facilitated: { loadMembers } }: TwoServers): Buyer[] {
  return loadMembers.slice(0, workers * buyersEach).map(({ number, mandates }) => {
    return { number, mandate: Object.values(mandates)[0] ?? "", account: "" };
  });
}

/** Messages of which every seventh is received and its answer lost. */
function startForgetful(t: { after(release: () => void): unknown }): Promise<Receiver> {
  let received = 0;
  return startReceiver(t, (response) => {
    received += 1;
    if (received % 7 === 0) response.destroy();
    else response.writeHead(204).end();
  });
}

async function tellMe({ facilitator, facilitated }: TwoServers, url: string): Promise<void> {
  const key = facilitated.shops[0]?.key ?? "";
  const headers = { ...bearer(key), "idempotency-key": "endpoint" };
  const made = await request(`${facilitator.line.url}/v1/webhook-endpoints`, "POST", headers, {
    url,
    types: ["*"],
  });
  assert.equal(made.status, 201, made.text);
}

const serversOf = ({ facilitator, institution, facilitated, demo }: TwoServers): Struck[] => [
  { name: "facilitator", side: facilitator, adminKey: facilitated.adminKey },
  { name: "institution", side: institution, adminKey: demo.adminKey },
];

async function under(world: TwoServers, driver: Driver): Promise<Map<string, number>> {
  world.facilitator.line.disturb(12, faultsOfCallers);
  world.institution.line.disturb(30, faultsOfServers);
  const answered = () => driver.answered();
  const clock = ["PT1M", "PT1H", "PT6H"];
  const struck = await strikeOn(chance, serversOf(world), { rounds, between: [5, 20], answered, clock });
  for (const side of sides) world[side].line.heal();
  return struck;
}

test(`whatever happens to lines and servers, both sides agree in the end (seed ${seed})`, async (t) => {
  const receiver = await startForgetful(t);
  const world = await startTwoServers(t, { chance, webhooksMayReach: [receiver.place] });
  await tellMe(world, receiver.url);
  const { facilitator, facilitated } = world;
  let isOver = false;
  t.after(() => {
    isOver = true;
  });
  const driver = makeDriver({
    url: facilitator.line.url,
    shopKey: facilitated.shops[0]?.key ?? "",
    adminKey: facilitated.adminKey,
    chance,
    givesUp: 10,
    isOver: () => isOver,
    timeoutMs: 6_000,
  });
  let goesOn = true;
  const buyers = buyersOf(world);
  const running = Array.from({ length: workers }, (_, index) =>
    work(driver, buyers.slice(index * buyersEach, (index + 1) * buyersEach), () => goesOn, tradingPlans),
  );
  const failed = Promise.all(running);
  const struck = await Promise.race([under(world, driver), failed.then(() => new Map<string, number>())]);
  goesOn = false;
  await failed;
  await agree(world, driver, receiver);
  const { ok, refused, unknown, lost } = tally(driver.journal);
  const told = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([what, often]) => `${what} ${often}`).join(", ");
  t.diagnostic(
    `seed ${seed}: ${ok} acknowledged, ${refused} refused, ${unknown} left unknown, ${lost} first without an answer`,
  );
  t.diagnostic(`${told(struck)}; to the institution: ${told(world.institution.line.counts)}`);
  t.diagnostic(`to the facilitator: ${told(facilitator.line.counts)}; webhooks: ${receiver.received.length}`);
  assert.ok(ok >= 100, `only ${ok} commands were acknowledged`);
  for (const fault of networkFaults)
    assert.ok((world.institution.line.counts.get(fault) ?? 0) > 0, `never ${fault}`);
});

/** Waits until nothing waits any more, and then everything has to be right. */
async function agree(world: TwoServers, driver: Driver, receiver: Receiver): Promise<void> {
  const { facilitator, institution, facilitated } = world;
  const { database } = facilitator;
  await until("nothing waits", async () => {
    const [row] = await database.query<{ waits: number }>(sql`
      select ((select count(*) from instructions) + (select count(*) from trades where pending is not null))::int
        as waits`);
    return row?.waits === 0;
  });
  await until("every message has arrived", async () => {
    const waiting = await database.query(rawSql("select id from waiting_messages"));
    // The pause after a lost answer is by the server's clock.
    if (waiting.length > 0) await moveClock({ side: facilitator, adminKey: facilitated.adminKey }, "PT5M");
    return waiting.length === 0;
  });
  const when = `seed ${seed}`;
  assert.deepEqual((await findLosses(database, driver, [])).slice(0, 20), [], when);
  const { breaks, unreachable, compared } = await world.reconcile();
  assert.deepEqual({ breaks, unreachable }, { breaks: [], unreachable: [] }, when);
  assert.ok(compared > 0);
  assert.deepEqual(await totalsHere(world), await totalsThere(world), when);
  assert.deepEqual(await auditAll(institution.database), [], when);
  await checkMessages(world, receiver);
}

function totalsHere({ facilitator }: TwoServers): Promise<object[]> {
  return facilitator.database.query(sql`
    select currency, sum(frozen)::bigint as frozen, sum(settled)::bigint as settled, sum(refunded)::bigint as refunded
    from trades where hold is not null group by currency order by currency`);
}

function totalsThere({ institution }: TwoServers): Promise<object[]> {
  return institution.database.query(sql`
    select currency, sum(amount - settled - released)::bigint as frozen, sum(settled)::bigint as settled,
      sum(refunded)::bigint as refunded
    from holds where id in (select id from reservations) group by currency order by currency`);
}

/** Every event was written for the receiver, and every message came at least once, and none that was not written. */
async function checkMessages({ facilitator: { database } }: TwoServers, receiver: Receiver): Promise<void> {
  const rows = await database.query<{ id: string; state: string }>(
    rawSql("select id, state from webhook_deliveries"),
  );
  const [events] = await database.query<{ count: number }>(
    rawSql("select coalesce(sum(array_length(types, 1)), 0)::int as count from trade_events"),
  );
  assert.equal(rows.length, events?.count);
  assert.deepEqual(new Set(receiver.received.map(({ id }) => id)), new Set(rows.map(({ id }) => id)));
  assert.deepEqual(
    rows.filter(({ state }) => state !== "delivered"),
    [],
  );
}
