/** A server that is told to stop: first it says that it is not ready, then it takes nothing new, then it ends. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { request } from "./support/wire/http.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld, until } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true, drainSeconds: 8 });
const stage = await setStage(world);

const propose = () =>
  request(`${world.url}/v1/trades`, "POST", stage.shop, {
    buyer: { member: stage.ids.member },
    currency: "JPY",
    amount: 100,
    approval: { mandate: stage.ids.mandate },
  });
const statusOf = (path: string): Promise<number | "refused"> =>
  request(`${world.url}${path}`, "GET").then(
    ({ status }) => status,
    () => "refused" as const,
  );

test("it is not ready first and goes on; then it refuses, and ends", async () => {
  assert.equal(await statusOf("/readyz"), 200);
  assert.equal((await propose()).status, 201);
  const pid = world.institution.pid();
  process.kill(pid, "SIGTERM");
  await until("it says that it is not ready", async () => (await statusOf("/readyz")) === 503);
  assert.equal((await propose()).status, 201, "it still takes what comes");
  assert.equal(await statusOf("/healthz"), 200);
  await until("it takes no connection", async () => (await statusOf("/healthz")) === "refused");
  await until("it has ended", () => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  });
});
