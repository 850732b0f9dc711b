/** An institution that nobody can reach: the log says so once, before there is a trade too, and once that it is back. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { chanceOf } from "./support/sim/chance.ts";
import { bearer, type Json, request } from "./support/wire/http.ts";
import { startTwoServers } from "./support/world/two-servers.ts";
import { until } from "./support/world/world.ts";

const servers = await startTwoServers({ after }, { chance: chanceOf(1), webhooksMayReach: [], log: "info" });
const { facilitator, institution, facilitated } = servers;
const [shop] = facilitated.shops;
const [hana] = facilitated.members;
if (!shop || !hana) throw new Error("No demo.");

async function logged(message: string): Promise<Json[]> {
  const lines = (await facilitator.log()).split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Json).filter(({ msg }) => msg === message);
}
const lost = () => logged("another server cannot be reached");
const found = () => logged("the other server can be reached again");
const attempts = async () => {
  const rows = await facilitator.database.query<{ attempts: number }>({
    text: "select attempts from instructions",
    values: [],
  });
  return Math.max(0, ...rows.map((row) => row.attempts));
};

test("it is said once that it is lost, with the reason, and once that it is found", async () => {
  const before = (await lost()).length;
  institution.line.disturb(100, ["request lost"]);
  const proposed = await request(`${facilitator.line.url}/v1/trades`, "POST", bearer(shop.key), {
    buyer: { member: hana.number },
    currency: "JPY",
    amount: 1000,
    approval: { mandate: hana.mandates[shop.key] },
  });
  assert.equal(proposed.status, 202, proposed.text);
  await until("it was asked several times", async () => (await attempts()) >= 4);
  const said = (await lost()).slice(before);
  assert.equal(said.length, 1);
  assert.equal((said[0]?.["party"] as Json | undefined)?.["name"], "Institution");
  assert.match(String(said[0]?.["reason"]), /fetch failed: \S/);
  institution.line.heal();
  await until("it is found", async () => (await found()).length === (await lost()).length);
  await until("what waited is done", async () => (await attempts()) === 0);
  assert.equal((await lost()).length, before + 1);
});

test("a facilitator that starts says it before there is a trade, and finds it where nothing waits", async () => {
  institution.line.disturb(100, ["request lost"]);
  const before = (await lost()).length;
  await facilitator.process.kill();
  await facilitator.process.start();
  await until("it is lost", async () => (await lost()).length > before);
  assert.equal((await request(`${facilitator.line.url}/readyz`, "GET")).status, 200);
  institution.line.heal();
  await until("it is found", async () => (await found()).length === (await lost()).length);
});
