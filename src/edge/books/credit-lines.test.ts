/** Credit lines over HTTP: set by two operators, by either call, and stopped by one. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { limit, startGuarded } from "../../../test/support/world/two-operators.ts";
import { bearer, type Json, signIn } from "../../../test/support/wire/http.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import { uuidv7 } from "../../storage/database/database.ts";
import { openConfirming } from "../operators/operators.ts";

const world = await startGuarded({ after });
const { demo, call, first, second, together, kept, confirm, database } = world;
const [shop] = demo.shops;
const hana = demo.members[0] ?? assert.fail();
const yui = demo.members.find(({ methods }) => methods.some(({ kind }) => kind === "credit"));
assert.ok(shop && yui);
const operator = {
  channel: "letter",
  reference: "letter 7",
  proof: { kind: "callback", reference: "tape 9" },
};

async function linesOf(number: string): Promise<Json[]> {
  const { json, text } = await call("GET", `/v1/credit-lines/${number}`, first);
  assert.ok(Array.isArray(json["items"]), text);
  return json["items"] as Json[];
}
async function newLine(): Promise<string> {
  const wish = { kind: "credit", currency: "JPY", operator };
  const added = await together("POST", `/v1/members/${hana.number}/methods`, wish);
  assert.equal(added.status, 201, added.text);
  return String(added.json["id"]);
}
const limitOf = async (line: string) =>
  (await linesOf(hana.number)).find(({ method }) => method === line)?.["limit"];

test("a limit that two operators have agreed to is set, by the line's id and by its currency", async () => {
  const line = await newLine();
  const path = `/v1/members/${hana.number}/methods/${line}/limit`;
  const set = await together("POST", path, { limit: 20_000 });
  assert.deepEqual([set.status, await limitOf(line)], [200, 20_000], set.text);
  const wish = { currency: "JPY", limit: 30_000 };
  const again = await together("PUT", `/v1/credit-lines/${hana.number}`, wish);
  assert.deepEqual([again.status, await limitOf(line)], [200, 30_000], again.text);
});

test("what waits under the name that both calls had is done to the line that it names", async () => {
  const line = await newLine();
  const { currency: _, ...other } = { currency: "JPY", limit: 10 };
  const asked = await call("POST", `/v1/members/${hana.number}/methods/${line}/limit`, first, other);
  const [row] = await database.query<{ operator: string }>({
    text: "select operator from operator_acts where id = $1",
    values: [kept(asked)],
  });
  const before = openConfirming(database, {
    fourEyes: { JPY: BigInt(limit) },
    requireProof: true,
    lookupsPerDay: 5,
  });
  const ask = before.act<Json>("credit-line.limit", () => assert.fail("It waits."));
  const asking = {
    operator: row?.operator ?? "",
    key: uuidv7(),
    digest: digestOf(line),
    subject: hana.number,
  };
  const outcome = await ask(asking, { number: hana.number, id: line, limit: 40_000 });
  assert.ok(outcome.how === "refused");
  const done = await confirm(String(outcome.problem.value.act), second);
  assert.deepEqual([done.status, await limitOf(line)], [200, 40_000], done.text);
});

test("0 stops a line at what is in use, by one operator, and other limits are not below it", async () => {
  const asYui = await signIn(world.url, yui);
  const buy = (amount: number) =>
    call("POST", "/v1/trades", bearer(shop.key), {
      currency: "JPY",
      amount,
      buyer: { member: yui.number },
      acceptance: { by: ["buyer", "shop"], need: 1 },
      approval: { mandate: yui.mandates[shop.key] },
    });
  const stands = async () => {
    const [line] = await linesOf(yui.number);
    return ["limit", "used", "held", "available"].map((name) => line?.[name]);
  };
  const [owed, held] = [await buy(2000), await buy(1000)];
  assert.deepEqual([owed.status, held.status], [201, 201], owed.text);
  const number = String(owed.json["number"]);
  assert.equal((await call("POST", `/v1/trades/${number}/accept`, asYui, {})).json["state"], "settled");
  const path = `/v1/credit-lines/${yui.number}`;
  const below = await together("PUT", path, { currency: "JPY", limit: 2999 });
  assert.equal(below.code, "credit_limit_exceeded");
  const stopped = await call("PUT", path, first, { currency: "JPY", limit: 0 });
  assert.equal(stopped.status, 200, stopped.text);
  assert.deepEqual(await stands(), [3000, 2000, 1000, 0]);
  assert.equal((await buy(1)).code, "credit_limit_exceeded");
  const settled = await call("POST", `/v1/trades/${String(held.json["number"])}/accept`, asYui, {});
  assert.equal(settled.json["state"], "settled", "what runs on it goes on");
  const raised = await together("PUT", path, { currency: "JPY", limit: 5000 });
  assert.equal(raised.status, 200, raised.text);
  assert.equal((await buy(500)).status, 201);
  const [line] = await linesOf(yui.number);
  const byId = `/v1/members/${yui.number}/methods/${String(line?.["method"])}/limit`;
  assert.equal((await call("POST", byId, first, { limit: 0 })).status, 200);
  assert.deepEqual(await stands(), [3500, 3000, 500, 0]);
});
