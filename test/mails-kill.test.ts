/** A process that sends mails dies between the mail server's yes and its own note: the mail comes again, and says so. */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { rawSql } from "../src/storage/database/database.ts";
import { startMailServer } from "./support/wire/mail-server.ts";
import { openMarket, tradeIn } from "./support/world/market.ts";
import { testKey } from "./support/world/vault.ts";
import { until } from "./support/world/world.ts";

const worker = fileURLToPath(new URL("support/world/mail-worker.js", import.meta.url));

async function startWorker(...given: string[]): Promise<ChildProcess> {
  const child = fork(worker, given, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await once(child, "message");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

test("a mail whose sender was killed is sent again under the same Message-ID, and all others once", async (t) => {
  const market = await openMarket(t, { line: undefined, mails: "sent" });
  const server = await startMailServer(t);
  const reserved = async (): Promise<void> => {
    const buyer = await market.buyer();
    const mandate = await market.mandate(buyer);
    tradeIn(await market.propose({ buyer: { member: buyer.number }, approval: { mandate } }));
  };
  const states = async (): Promise<string[]> => {
    const rows = await market.database.query<{ state: string }>(
      rawSql("select state from mails order by id"),
    );
    return rows.map(({ state }) => state);
  };
  const start = () => startWorker(market.url, market.schema, server.url, testKey.toString("base64"));

  await reserved();
  const first = await start();
  let killed: Promise<void> | undefined;
  server.beforeTaken = async () => {
    killed ??= kill(first);
    await killed;
  };
  await until("the mail server has it", () => server.taken.length === 1);
  await killed;
  assert.deepEqual(await states(), ["waiting"]);
  await reserved();
  await reserved();
  const second = await start();
  t.after(() => kill(second));
  await until("all are taken", async () => (await states()).every((state) => state === "taken"));
  const ids = server.taken.map(({ mail }) => mail.messageId);
  assert.equal(ids.length, 4);
  assert.equal(new Set(ids).size, 3);
  assert.equal(ids.filter((id) => id === ids[0]).length, 2);
});
