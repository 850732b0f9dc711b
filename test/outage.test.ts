/**
 * A database that is locked, read-only or gone: what is asked for meanwhile is done late or refused for now, never as a
 * mistake of the server's, and the log says it once.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { identifier, rawSql } from "../src/storage/database/database.ts";
import { type Json, type Reply, request } from "./support/wire/http.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld, until } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: true, sandbox: true, log: "info" });
const stage = await setStage(world);
const { database } = world;

const propose = (): Promise<Reply> =>
  request(`${world.url}/v1/trades`, "POST", stage.shop, {
    buyer: { member: stage.ids.member },
    currency: "JPY",
    amount: 100,
    approval: { mandate: stage.ids.mandate },
  });
const read = (): Promise<Reply> => request(`${world.url}/v1/trades`, "GET", stage.shop);

function refusedForNow({ status, json, headers }: Reply, what: string): void {
  assert.deepEqual([status, json["code"], json["transient"]], [503, "unavailable", true], what);
  assert.ok(Number(headers.get("retry-after")) > 0, what);
}

/** How often the log says this, and with how many stacks. */
async function said(message: string): Promise<[times: number, stacks: number]> {
  const lines = (await world.log()).split("\n").filter((line) => line.startsWith("{"));
  const logged = lines.map((line) => JSON.parse(line) as Json);
  return [
    logged.filter(({ msg }) => msg === message).length,
    logged.filter(({ err }) => (err as Json | undefined)?.["stack"] !== undefined).length,
  ];
}

test("accounts that somebody has locked: what waits for them is done when they are free", async () => {
  const holder = await database.connect();
  await holder.begin();
  await holder.execute(rawSql("lock table accounts in access exclusive mode"));
  const waiting = propose();
  const blocked = rawSql(
    "select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%accounts%'",
  );
  const pids = async () => (await database.query<{ pid: number }>(blocked)).map(({ pid }) => pid);
  await until("it waits for the lock", async () => (await pids()).length > 0);
  // It has given up once and failed, with all that was sent behind it.
  await until("it has had to begin again", async () => (await pids()).length === 0);
  await holder.rollback();
  holder.release();
  const { status, text } = await waiting;
  assert.equal(status, 201, text);
});

test("a server that was made read-only is refused for now, and left as soon as there is another", async () => {
  const name = identifier(decodeURIComponent(new URL(database.url).pathname.slice(1)));
  const setReadOnly = (on: "on" | "off") =>
    database.execute(rawSql(`alter database ${name} set default_transaction_read_only = ${on}`));
  const cut = rawSql(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user and pid <> pg_backend_pid()",
  );
  await setReadOnly("on");
  await database.execute(cut);
  const asked = await Promise.all([
    propose(),
    request(`${world.url}/v1/webhook-endpoints`, "POST", stage.shop, {
      url: "https://shop.example/hook",
      types: ["*"],
    }),
  ]);
  for (const reply of asked) refusedForNow(reply, reply.text);
  await database.execute(rawSql("set default_transaction_read_only = off"));
  await setReadOnly("off");
  await until("it trades again", async () => (await propose()).status === 201);
});

test("a database that is gone: 503 from every call, said once in the log, and all well when it is back", async () => {
  const message = "the database cannot be used";
  await until(
    "the last outage is over",
    async () => (await said(message))[0] === (await said("the database can be used again"))[0],
  );
  const [before] = await said(message);
  await world.postgres.kill();
  for (const [what, reply] of [
    ["a proposal", await propose()],
    ["a list", await read()],
    ["readiness", await request(`${world.url}/readyz`, "GET")],
  ] as const)
    refusedForNow(reply, what);
  assert.equal((await request(`${world.url}/healthz`, "GET")).status, 200);
  await until("the log says so", async () => (await said(message))[0] > before);
  await world.postgres.start();
  await until("it is back", async () => (await request(`${world.url}/readyz`, "GET")).status === 200);
  assert.equal((await propose()).status, 201);
  await until("the log says so", async () => (await said("the database can be used again"))[0] > before);
  const [times, stacks] = await said(message);
  assert.deepEqual([times, stacks], [before + 1, 0]);
});
