/** The institution is killed between the bank's statement and what it pays: started again, it goes on, and nothing is paid twice. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { signIn, type Json } from "./support/wire/http.ts";
import { zengin } from "./support/wire/incoming.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld, until } from "./support/world/world.ts";

test("killed again and again while transfers find their dues", async () => {
  const world = await startWorld({ after }, { durable: true, sandbox: true, operators: "one" });
  const { url, demo, database, institution } = world;
  const { admin, post, ids } = await setStage(world);
  const [hana] = demo.members;
  assert.ok(hana);
  const asHana = await signIn(url, hana);
  const numbers: string[] = [];
  for (let index = 0; index < 20; index += 1) {
    const made = await post(`/v1/accounts/${ids.account}/fundings`, asHana, { amount: 100 + index });
    numbers.push(String(made["number"]));
  }
  const balance = async (): Promise<number> => {
    const [row] = await database.query<{ posted: bigint }>(
      rawSql("select posted from accounts where id = $1", [ids.account]),
    );
    return Number(row?.posted);
  };
  const had = await balance();
  const entries = numbers.map((number, index) => ({
    reference: index + 1,
    amount: 100 + index,
    remitter: number,
  }));
  const day = new Date().toISOString().slice(0, 10);
  const content = zengin("statement", { account: "7000001", day, entries }).toString("base64");
  await post("/v1/bank-statements", admin, { content });
  const open = async (): Promise<number> => {
    const [row] = await database.query<{ count: number }>(
      rawSql("select count(*)::int as count from arrivals where state = 'new'"),
    );
    return row?.count ?? 0;
  };
  for (let killed = 0; killed < 3 && (await open()) > 0; killed += 1) {
    const left = await open();
    await until("one more is looked at", async () => (await open()) < left || left === 0);
    await institution.kill();
    assert.deepEqual(await world.audit(), [], "whatever it was doing");
    await institution.start();
  }
  await until("all are looked at", async () => (await open()) === 0);
  assert.equal((await balance()) - had, 20 * 100 + 190);
  const repeated = await fetch(`${url}/v1/bank-statements`, {
    method: "POST",
    headers: { ...admin, "content-type": "application/json" },
    body: JSON.stringify({ content }),
  });
  assert.equal(((await repeated.json()) as Json)["code"], "already_exists");
  assert.deepEqual(await world.audit(), []);
});
