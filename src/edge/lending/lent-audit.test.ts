/** What a shop claims for a member of its own lies on its lent line: lawful, and nobody else's line will do. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { bearer, type Headers, type Json, signIn } from "../../../test/support/wire/http.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { auditSeals } from "../../storage/seals/seals.ts";

const world = await openGuaranteed({ after });
const { guarantor, call, admin } = world;
const database = admin.guarantor;
const [shop, other] = guarantor.demo.shops;
const [hana] = guarantor.demo.members;
if (!shop || !other || !hana) throw new Error("No demo.");
const staff = bearer(guarantor.demo.adminKey);
const asHana = await signIn(guarantor.url, hana);
const [own, others] = [uuidv7(), uuidv7()];

async function at(method: string, path: string, who: Headers, body: Json = {}): Promise<Json> {
  const reply = await call("guarantor", method, path, who, body);
  assert.ok(reply.status < 300, `${path}: ${reply.text}`);
  return reply.json;
}
const audited = async (): Promise<string[]> =>
  (await auditSeals(database)).differences.map(
    ({ what, id, field, recorded }) => `${what} ${id} ${field}: ${String(recorded)}`,
  );
const accountOf = async (line: string): Promise<string> => {
  const { items } = await (await fetch(`${guarantor.url}/v1/lent-lines`, { headers: staff })).json();
  return String((items as Json[]).find(({ id }) => id === line)?.["account"]);
};

/** What is found while a row is as only the owner of the database can make it, with the triggers off; it is put back. */
async function unseen(change: string, back: string): Promise<string[]> {
  const run = (statement: string) =>
    database.transaction(async (client) => {
      await client.execute(rawSql("set local session_replication_role = replica"));
      assert.ok((await client.execute(rawSql(statement))) > 0, statement);
    });
  await run(change);
  const found = await audited();
  await run(back);
  assert.deepEqual(await audited(), []);
  return found;
}

test("a shop claims for a member of its own: it is paid onto its lent line, and nothing of the past has changed", async () => {
  await at("PUT", `/v1/lent-lines/${own}`, staff, { lender: shop.id, currency: "JPY", limit: 20_000 });
  await at("PUT", `/v1/lent-lines/${others}`, staff, { lender: other.id, currency: "JPY", limit: 20_000 });
  await at("PUT", `/v1/members/${hana.number}/lenders/${shop.id}`, asHana);
  await at("POST", `/v1/lent-lines/${own}/members`, bearer(shop.key), { member: hana.number, limit: 5000 });
  const [means] = await database.query<{ id: string }>(
    rawSql("select id from methods where lender is not null"),
  );
  const trade = await at("POST", "/v1/trades", bearer(shop.key), {
    currency: "JPY",
    amount: 4000,
    buyer: { member: hana.number },
  });
  const number = String(trade["number"]);
  const approval = { version: trade["version"], method: means?.id };
  await at("POST", `/v1/trades/${number}/approve`, asHana, approval);
  await at("POST", `/v1/trades/${number}/accept`, asHana);
  await world.advance("P22D");
  await at("POST", `/v1/guarantees/${number}/claim`, bearer(shop.key));
  const paid = await database.query(
    rawSql("select from entries where kind = 'settle' and posted = 4000 and account = $1", [
      await accountOf(own),
    ]),
  );
  assert.equal(paid.length, 1);
  assert.deepEqual(await audited(), []);
});

test("money that went to another lender's line is named", async () => {
  const [from, to] = [await accountOf(own), await accountOf(others)];
  const move = (here: string, there: string) =>
    `update entries set account = '${there}' where kind = 'settle' and posted = 4000 and account = '${here}'`;
  const found = await unseen(move(from, to), move(to, from));
  assert.ok(
    found.some((each) => /^trade \d+ paid to: /.test(each) && each.endsWith(to)),
    found.join("\n"),
  );
});

test("a lent line that is another's by now is named, also one that is gone, entered, or was put back", async () => {
  const [account, elsewhere] = [await accountOf(own), uuidv7()];
  const set = (column: string, value: string, id = own) =>
    `update lent_lines set ${column} = '${value}' where id = '${id}'`;
  const changes = [
    ["lender", set("lender", elsewhere), set("lender", shop.id)],
    ["account", set("account", elsewhere), set("account", account)],
    ["currency", set("currency", "USD"), set("currency", "JPY")],
    ["row", set("id", elsewhere), set("id", own, elsewhere)],
  ] as const;
  for (const [field, change, back] of changes) {
    const found = await unseen(change, back);
    assert.ok(
      found.some((each) => each.startsWith(`right lent_lines ${own} ${field}: `)),
      `${change}: ${found.join("\n")}`,
    );
  }
  // Plainly, the database notes it, and it stays so where it was put back.
  await database.execute(rawSql(set("lender", elsewhere)));
  await database.execute(rawSql(set("lender", shop.id)));
  const found = (await audited()).map((each) => each.split(":")[0]);
  for (const field of ["lender", "writer"])
    assert.ok(found.includes(`right lent_lines ${own} ${field}`), field);
});
