/**
 * Kills under load: the institution's process and PostgreSQL, by SIGKILL, at moments that nobody chose. Afterwards nothing
 * that was acknowledged is missing, nothing that was refused has happened, and no hold has ended twice.
 */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { type Database, sql } from "../src/storage/database/database.ts";
import { chanceOf, newSeed } from "./support/sim/chance.ts";
import { type Driver, makeDriver } from "./support/world/driver.ts";
import { type Account, findCheapLosses, findLosses, readAccounts, tally } from "./support/world/oracle.ts";
import { type Buyer, work } from "./support/world/workload.ts";
import { startWorld, until, type World } from "./support/world/world.ts";

const seed = newSeed();
const killsOfEach = 20;
const workers = 12;
const buyersEach = 4;

interface Load {
  driver: Driver;
  before: Account[];
  /** Stops the workers and waits until each has ended what it was at. */
  end: () => Promise<void>;
  /** Waits for so many more answers. */
  answers: (more: number) => Promise<void>;
}

/** Who buys: load members, whose accounts nobody else touches. */
async function buyersOf({ database, demo }: World): Promise<Buyer[]> {
  const [shopKey = ""] = demo.shopKeys;
  const members = demo.loadMembers.slice(0, workers * buyersEach);
  const methods = members.map((member) => member.methods[0]?.id ?? "");
  const rows = await database.query<{ id: string; account: string }>(
    sql`select id, account from methods where id = any(${methods}::uuid[])`,
  );
  const accountOf = new Map(rows.map(({ id, account }) => [id, account]));
  return members.map(({ number, mandates }, index) => ({
    number,
    mandate: mandates[shopKey] ?? "",
    account: accountOf.get(methods[index] ?? "") ?? "",
  }));
}

async function startLoad(t: TestContext, world: World): Promise<Load> {
  const { url, demo, database } = world;
  const chance = chanceOf(seed);
  const [shopKey = ""] = demo.shopKeys;
  let isOver = false;
  t.after(() => {
    isOver = true;
  });
  const adminKey = demo.adminKey;
  const driver = makeDriver({ url, shopKey, adminKey, chance, givesUp: 15, isOver: () => isOver });
  const buyers = await buyersOf(world);
  const before = await readAccounts(
    database,
    buyers.map(({ account }) => account),
  );
  let goesOn = true;
  const running = Array.from({ length: workers }, (_, index) =>
    work(driver, buyers.slice(index * buyersEach, (index + 1) * buyersEach), () => goesOn),
  );
  // A worker that throws has found a fault of the harness: the test must not wait for it for ever.
  const failures: string[] = [];
  for (const each of running) each.catch((error: unknown) => failures.push(String(error)));
  const answers = async (more: number) => {
    const wanted = driver.answered() + more;
    await until(`${more} more answers`, () => {
      assert.deepEqual(failures, [], "the workers fail");
      return driver.answered() >= wanted;
    });
  };
  const end = async () => {
    goesOn = false;
    await Promise.all(running);
  };
  return { driver, before, end, answers };
}

const none = (losses: readonly string[], when: string): void =>
  assert.deepEqual(losses.slice(0, 20), [], `seed ${seed}, ${when}: ${losses.length} losses`);

async function checkCheap(database: Database, driver: Driver, when: string): Promise<void> {
  none(await findCheapLosses(database, driver), when);
}

/** Kills one of the two, or both at once, and starts them again. */
async function killAndRestart(world: World, which: readonly ("institution" | "postgres")[]): Promise<void> {
  await Promise.all(which.map((name) => world[name].kill()));
  // The server says that it is ready only when it has its database.
  if (which.includes("postgres")) await world.postgres.start();
  if (which.includes("institution")) await world.institution.start();
}

test(`${killsOfEach} kills of the server and ${killsOfEach} of PostgreSQL lose nothing (seed ${seed})`, async (t) => {
  // What is acknowledged is one request, not its confirmation.
  const world = await startWorld(t, { operators: "one", durable: true, sandbox: true });
  const { database } = world;
  const { driver, before, end, answers } = await startLoad(t, world);
  await answers(200);
  const kills = { institution: 0, postgres: 0 };
  while (kills.institution < killsOfEach || kills.postgres < killsOfEach) {
    const which = driver.chance.percent(10)
      ? (["institution", "postgres"] as const)
      : ([kills.institution <= kills.postgres ? "institution" : "postgres"] as const);
    await answers(driver.chance.int(30, 220));
    await killAndRestart(world, which);
    for (const name of which) kills[name] += 1;
    await checkCheap(database, driver, `after ${kills.institution} and ${kills.postgres} kills`);
  }
  await answers(200);
  await end();
  none(await findLosses(database, driver, before), "at the end");
  assert.deepEqual(await world.audit(), [], `seed ${seed}`);
  const { ok, refused, unknown, intent, lost, replayed } = tally(driver.journal);
  t.diagnostic(
    `seed ${seed}: ${kills.institution} and ${kills.postgres} kills; ${ok} acknowledged, ${refused} refused, ` +
      `${unknown} left unknown; ${lost} got no answer at first, ${replayed} of them had been done`,
  );
  assert.equal(intent, 0, "every command has ended");
  assert.ok(ok >= 2000, `only ${ok} commands were acknowledged`);
  assert.ok(lost >= killsOfEach, `only ${lost} commands met a kill`);
  for (const op of [
    "propose",
    "accept",
    "cancel",
    "reject",
    "return",
    "refund",
    "revise",
    "transfer",
    "batch",
  ]) {
    const done = driver.journal.filter((entry) => entry.op === op && entry.outcome === "ok").length;
    assert.ok(done >= 10, `only ${done} commands ${op} were acknowledged`);
  }
  await checkForgeries(database, driver, before);
});

/** The same comparison must see what is not there, or its silence means nothing. */
async function checkForgeries(database: Database, driver: Driver, before: Account[]): Promise<void> {
  const { trades, lostProposals, transfers, surprises } = driver;
  const told = { trades, lostProposals, transfers, surprises };
  const [settled] = trades.filter(({ state }) => state === "settled");
  const [known] = trades;
  assert.ok(settled !== undefined && known !== undefined);
  const sees = async (what: string, forged: Partial<typeof told>) =>
    assert.notDeepEqual(await findLosses(database, { ...told, ...forged }, before), [], what);
  const money = { ...settled.money, refunded: settled.money.refunded + 1 };
  await sees("an acceptance that never was", {
    trades: trades.map((each) => (each === settled ? { ...each, money, version: each.version + 1 } : each)),
  });
  await sees("a trade that never was", {
    trades: [...trades, { ...known, number: "48210733951146", reference: "forged" }],
  });
  await sees("a refusal that was an effect", { trades: trades.filter((each) => each !== known) });
  const transfer = { id: "00000000-0000-7000-8000-000000000001", account: "", amount: 1, certain: true };
  await sees("a transfer that never was", { transfers: [...transfers, transfer] });
  const [first, ...rest] = before;
  assert.ok(first !== undefined);
  const shifted = [{ ...first, posted: first.posted + 1n }, ...rest];
  assert.notDeepEqual(await findLosses(database, told, shifted), [], "money that never was");
}

test("a database that answers before it has written loses work, and the comparison sees it", async (t) => {
  const world = await startWorld(t, { operators: "one", durable: false, ownPostgres: true, sandbox: true });
  const { driver, before, end, answers } = await startLoad(t, world);
  let losses: string[] = [];
  for (let kills = 1; losses.length === 0; kills += 1) {
    assert.ok(kills <= 10, `seed ${seed}: ten kills without fsync and without a loss`);
    await answers(150);
    await killAndRestart(world, ["postgres"]);
    losses = await findCheapLosses(world.database, driver, Number.POSITIVE_INFINITY);
  }
  await end();
  losses = await findLosses(world.database, driver, before);
  assert.ok(
    losses.some((loss) => loss.includes("gone") || loss.includes("was told")),
    losses.join("\n"),
  );
  t.diagnostic(`seed ${seed}: ${losses.length} losses seen`);
});
