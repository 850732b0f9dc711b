import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { makeGate } from "../../../test/support/world/gate.ts";
import { type Cut, type Proxy, startProxy } from "../../../test/support/wire/proxy.ts";
import {
  type Client,
  type Database,
  errorCode,
  openDatabase,
  rawSql,
  sql,
} from "../../storage/database/database.ts";
import {
  type Decided,
  groupCommit,
  type GroupCommitOptions,
  OutcomeUnknownError,
  QueueFullError,
  UnavailableError,
} from "./group-commit.ts";

/** Adds to a counter, which may not pass 1,000; `key` may be used once. */
interface Add {
  key: string;
  counter: string;
  add: bigint;
}

const add = (key: string, amount = 1n, counter = "a"): Add => ({ key, counter, add: amount });
const commitName = sql`commit`.name ?? "";

/** Locks the counters, adds in memory, answers each command with the sum after it. */
async function decide(client: Client, commands: readonly Add[]): Promise<Decided<bigint>> {
  const names = [...new Set(commands.map((command) => command.counter))].sort();
  const rows = await client.query<{ name: string; value: bigint }>(
    sql`select name, value from counters where name = any(${names}) order by name for update`,
  );
  const values = new Map(rows.map((row) => [row.name, row.value]));
  const answers = commands.map(({ key, counter, add }) => {
    if (key.startsWith("throws")) throw new RangeError(key);
    const value = (values.get(counter) ?? 0n) + add;
    values.set(counter, value);
    return value;
  });
  const write = (on: Client) => [
    on.execute(sql`
      update counters set value = new.value
      from unnest(${[...values.keys()]}::text[], ${[...values.values()]}::bigint[]) as new (name, value)
      where counters.name = new.name`),
    on.execute(sql`insert into log (key) select unnest(${commands.map((command) => command.key)}::text[])`),
  ];
  return { answers, write };
}

interface World {
  /** As the superuser, straight to the server. */
  admin: Database;
  options: GroupCommitOptions<Add, bigint>;
  proxy: Proxy;
}

/** A database behind a proxy, with two counters at zero and a log of what was added. */
async function world(t: TestContext): Promise<World> {
  const { url, schema } = await freshDatabase(t, "trading");
  const admin = openDatabase({ url, schema });
  await admin.execute(
    rawSql("create table counters (name text primary key, value bigint not null check (value <= 1000))"),
  );
  await admin.execute(rawSql("insert into counters values ('a', 0), ('b', 0)"));
  await admin.execute(
    rawSql("create table log (key text primary key, transaction text default pg_current_xact_id()::text)"),
  );
  const proxy = await startProxy(t, Number(new URL(url).port));
  const through = new URL(url);
  through.port = String(proxy.port);
  const database = openDatabase({ url: through.href, schema, role: "kenshu_app" });
  t.after(async () => {
    await database.close();
    await admin.close();
  });
  return { admin, proxy, options: { database, decide, batchMax: 1000, queueMax: 1000, patienceMs: 10_000 } };
}

async function logged(admin: Database): Promise<{ keys: string[]; transactions: number; a: bigint }> {
  const rows = await admin.query<{ key: string; transaction: string }>(
    sql`select key, transaction from log order by key`,
  );
  const [counter] = await admin.query<{ value: bigint }>(sql`select value from counters where name = 'a'`);
  return {
    keys: rows.map((row) => row.key),
    transactions: new Set(rows.map((row) => row.transaction)).size,
    a: counter?.value ?? -1n,
  };
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await pause(10);
}

test("commands of one moment share a transaction, and each gets its own answer", async (t) => {
  const { admin, options } = await world(t);
  const commits = groupCommit(options);
  const keys = Array.from({ length: 100 }, (_none, index) => `k${String(index).padStart(3, "0")}`);
  const answers = await Promise.all(keys.map((key) => commits.submit(add(key))));
  assert.deepEqual(
    answers,
    keys.map((_key, index) => BigInt(index + 1)),
  );
  assert.deepEqual(await logged(admin), { keys, transactions: 1, a: 100n });
});

test("while a batch is written the next one gathers, up to its bound and that of the queue", async (t) => {
  const { admin, options } = await world(t);
  const gate = makeGate();
  const commits = groupCommit<Add, bigint>({
    ...options,
    batchMax: 3,
    queueMax: 5,
    decide: async (client, commands) => {
      if (commands[0]?.key === "first") await gate.arrive();
      return decide(client, commands);
    },
  });
  const first = commits.submit(add("first"));
  await gate.reached;
  const waiting = ["b", "c", "d", "e", "f"].map((key) => commits.submit(add(key)));
  assert.equal(commits.waiting(), 5);
  await assert.rejects(commits.submit(add("too many")), QueueFullError);
  gate.open();
  assert.deepEqual(await Promise.all([first, ...waiting]), [1n, 2n, 3n, 4n, 5n, 6n]);
  await commits.idle();
  assert.equal(commits.waiting(), 0);
  const { keys, transactions } = await logged(admin);
  assert.deepEqual([keys, transactions], [["b", "c", "d", "e", "f", "first"], 3]);
});

const poisons: [string, Add, (error: unknown) => boolean][] = [
  ["breaks a rule of the database", add("bad", 5000n), (error) => errorCode(error) === "23514"],
  ["has been written before", add("k003"), (error) => errorCode(error) === "23505"],
  ["makes the code throw", add("throws"), (error) => error instanceof RangeError],
];

for (const [what, poison, isIts] of poisons) {
  test(`a command that ${what} fails alone`, async (t) => {
    const { admin, options } = await world(t);
    const commits = groupCommit(options);
    const keys = Array.from({ length: 9 }, (_none, index) => `k00${index}`);
    const good = keys.map((key) => commits.submit(add(key)));
    const bad = assert.rejects(commits.submit(poison), isIts);
    const more = commits.submit(add("last"));
    assert.deepEqual(
      await Promise.all([...good, more]),
      [...keys, "last"].map((_key, index) => BigInt(index + 1)),
    );
    await bad;
    const { keys: written, a } = await logged(admin);
    assert.deepEqual([written, a], [[...keys, "last"], 10n]);
  });
}

test("statements that fail together, or whose sender throws, end nothing but their batch", async (t) => {
  const { admin, options } = await world(t);
  const commits = groupCommit<Add, bigint>({
    ...options,
    decide: async (client, commands) => {
      const decided = await decide(client, commands);
      if (commands.every(({ key }) => key === "good")) return decided;
      return {
        ...decided,
        write: (on) => {
          void on.execute(rawSql("select 1 / 0"));
          void on.execute(rawSql("select 1 / 0"));
          throw new RangeError("The sender failed.");
        },
      };
    },
  });
  const bad = assert.rejects(commits.submit(add("bad")), RangeError);
  assert.equal(await commits.submit(add("good")), 1n);
  await bad;
  assert.deepEqual((await logged(admin)).keys, ["good"]);
});

test("a failure that the deciding code swallowed cannot pass for a commit", async (t) => {
  const { admin, options } = await world(t);
  const commits = groupCommit<Add, bigint>({
    ...options,
    decide: async (client, commands) => {
      await client.query(rawSql("select 1 / 0")).catch(() => {});
      return { answers: commands.map(() => 0n), write: () => [Promise.resolve()] };
    },
  });
  await assert.rejects(commits.submit(add("lost")), (error) => errorCode(error) === "22012");
  assert.deepEqual((await logged(admin)).keys, []);
});

test("a lock that takes too long to get is waited for again: what is said behind it decides nothing", async (t) => {
  const { admin, options } = await world(t);
  const commits = groupCommit<Add, bigint>({
    ...options,
    decide: async (client, commands) => {
      const behind = client.query(rawSql("select 1"));
      const [decided] = await Promise.all([decide(client, commands), behind]);
      return decided;
    },
  });
  const holder = await admin.connect();
  await holder.begin();
  await holder.execute(rawSql("set local idle_in_transaction_session_timeout = 0"));
  await holder.execute(rawSql("lock table counters in access exclusive mode"));
  const waiting = commits.submit(add("patient"));
  // Other tests run on the same server, in databases of their own.
  const waits = rawSql(`
    select xact_start::text as since from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`);
  const since = async () => (await admin.query<{ since: string }>(waits))[0]?.since;
  await until(async () => (await since()) !== undefined);
  const first = await since();
  // The wait that was given up may be over, and the next one have begun, between two looks.
  await until(async () => (await since()) !== first);
  await holder.rollback();
  holder.release();
  assert.equal(await waiting, 1n);
});

test("two processes that write one key at once: the second decides anew, and finds it", async (t) => {
  const { options } = await world(t);
  const decideOnce = async (client: Client, commands: readonly Add[]): Promise<Decided<bigint>> => {
    const known = await client.query(
      sql`select 1 from log where key = any(${commands.map(({ key }) => key)})`,
    );
    if (known.length > 0) return { answers: commands.map(() => -1n), write: () => [] };
    await pause(50);
    const decided = await decide(client, commands);
    return decided;
  };
  // The lock comes after the look: both have seen nothing.
  const processes = [1, 2].map(() => groupCommit({ ...options, decide: decideOnce }));
  const answers = await Promise.all(processes.map((each) => each.submit(add("same"))));
  assert.deepEqual(new Set(answers), new Set([-1n, 1n]));
});

test("two that lock in opposite order: the one that loses the deadlock is run again", async (t) => {
  const { admin, options } = await world(t);
  const gates = { a: makeGate(), b: makeGate() };
  const make = (own: "a" | "b", other: "a" | "b") => {
    let tries = 0;
    const lock = (client: Client, name: string) =>
      client.query(sql`select 1 from counters where name = ${name} for update`);
    const commits = groupCommit<Add, bigint>({
      ...options,
      decide: async (client: Client, commands: readonly Add[]) => {
        tries += 1;
        await lock(client, own);
        gates[other].open();
        await gates[own].arrive();
        await lock(client, other);
        return decide(client, commands);
      },
    });
    return { commits, tries: () => tries };
  };
  const [one, two] = [make("a", "b"), make("b", "a")];
  const answers = await Promise.all([one.commits.submit(add("one")), two.commits.submit(add("two"))]);
  assert.deepEqual(new Set(answers), new Set([1n, 2n]));
  // Where the machine is slow, the wait for a lock may be given up too, and the batch is run once more.
  assert.ok(one.tries() + two.tries() >= 3);
  assert.deepEqual((await logged(admin)).keys, ["one", "two"]);
});

test("a connection that is ended before the commit: the batch is run again, once", async (t) => {
  const { admin, options } = await world(t);
  let tries = 0;
  const commits = groupCommit<Add, bigint>({
    ...options,
    decide: async (client, commands) => {
      tries += 1;
      const [own] = await client.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      const decided = await decide(client, commands);
      if (tries === 1) await admin.query(sql`select pg_terminate_backend(${own?.pid ?? 0})`);
      return decided;
    },
  });
  assert.deepEqual(await Promise.all([commits.submit(add("one")), commits.submit(add("two"))]), [1n, 2n]);
  assert.equal(tries, 2);
  assert.deepEqual(await logged(admin), { keys: ["one", "two"], transactions: 1, a: 2n });
});

const cuts: [Cut, number][] = [
  ["before it arrives", 2],
  ["after it is answered", 1],
];

for (const [when, expected] of cuts) {
  test(`the connection breaks with the commit, ${when}: the truth is found out`, async (t) => {
    const { admin, options, proxy } = await world(t);
    let tries = 0;
    const commits = groupCommit<Add, bigint>({
      ...options,
      decide: (client, commands) => {
        tries += 1;
        return decide(client, commands);
      },
    });
    assert.equal(await commits.submit(add("before")), 1n);
    tries = 0;
    const cut = proxy.cut(commitName, when);
    assert.deepEqual(await Promise.all([commits.submit(add("one")), commits.submit(add("two"))]), [2n, 3n]);
    await cut;
    assert.equal(tries, expected);
    assert.deepEqual(await logged(admin), { keys: ["before", "one", "two"], transactions: 2, a: 3n });
  });
}

test("a commit that is still being worked on is waited for", async (t) => {
  const { admin, options, proxy } = await world(t);
  const commits = groupCommit(options);
  assert.equal(await commits.submit(add("before")), 1n);
  const blocker = await admin.connect();
  await blocker.execute(rawSql("begin"));
  await blocker.execute(rawSql("lock table log in share mode"));
  const cut = proxy.cut(commitName, "while it is worked on");
  let answered = false;
  const answer = commits.submit(add("one")).finally(() => (answered = true));
  await cut;
  await until(async () => {
    const asked = await admin.query(sql`select 1 from pg_stat_activity where query like '%pg_xact_status%'
      and pid <> pg_backend_pid() and datname = current_database()`);
    return asked.length > 0;
  });
  assert.equal(answered, false);
  await blocker.execute(rawSql("commit"));
  blocker.release();
  assert.equal(await answer, 2n);
  assert.deepEqual((await logged(admin)).keys, ["before", "one"]);
});

test("a transaction number that a crash has given to somebody else is no proof of a commit", async (t) => {
  const { admin, options, proxy } = await world(t);
  const { database } = options;
  // By its number the transaction has ended; only the mark tells that it was another one.
  const lying: Database = { ...database, isInProgress: async () => false };
  const commits = groupCommit({ ...options, database: lying });
  assert.equal(await commits.submit(add("before")), 1n);
  const cut = proxy.cut(commitName, "before it arrives");
  assert.equal(await commits.submit(add("one")), 2n);
  await cut;
  assert.deepEqual(await logged(admin), { keys: ["before", "one"], transactions: 2, a: 2n });
});

test("a database that is away: nothing was done, and that is said when patience ends", async (t) => {
  const { admin, options, proxy } = await world(t);
  const hasty = groupCommit({ ...options, patienceMs: 50 });
  const patient = groupCommit({ ...options, patienceMs: 60_000 });
  await proxy.close();
  await Promise.all([
    assert.rejects(hasty.submit(add("one")), UnavailableError),
    assert.rejects(hasty.submit(add("two")), UnavailableError),
  ]);
  const answer = patient.submit(add("three"));
  await hasty.idle();
  await proxy.open();
  assert.equal(await answer, 1n);
  assert.deepEqual((await logged(admin)).keys, ["three"]);
});

test("a database that stays away after it took the commit: the outcome is called unknown", async (t) => {
  const { admin, options, proxy } = await world(t);
  const commits = groupCommit({ ...options, patienceMs: 50 });
  assert.equal(await commits.submit(add("before")), 1n);
  const cut = proxy.cut(commitName, "after it is answered").then(() => proxy.close());
  await assert.rejects(commits.submit(add("one")), OutcomeUnknownError);
  await cut;
  assert.deepEqual((await logged(admin)).keys, ["before", "one"]);
});
