/** Bills for what is owed on lines that are lent: the lender stands for them, and nobody lets it off. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { bearer, type Json } from "../../../test/support/wire/http.ts";
import { openDebtors } from "../../../test/support/world/debtors.ts";
import { dammAppend } from "../../core/protocol/protocol.ts";
import { uuidv7 } from "../../storage/database/database.ts";

const world = await openDebtors({ after });
const { guarantor, call, atShop, desk, as, claim, billsOf, stands, told, advance, agree } = world;
const { hana } = world.people;
const [, other] = guarantor.demo.shops;
if (!other) throw new Error("No demo.");
const line = uuidv7();
const tea = { name: "Tea", unitAmount: 400 };
const at = (method: string, path: string, who = desk, body?: Json) =>
  call("guarantor", method, path, who, body);

test("a bill on a lent line costs no reminders and is not given up: it is called", async () => {
  const lend = { lender: other.id, currency: "JPY", limit: 10_000 };
  assert.equal((await at("PUT", `/v1/lent-lines/${line}`, desk, lend)).status, 200);
  await at("PUT", `/v1/members/${hana.number}/lenders/${other.id}`, await as(hana));
  const part = { member: hana.number, limit: 5000 };
  assert.equal((await at("POST", `/v1/lent-lines/${line}/members`, bearer(other.key), part)).status, 200);
  const methods = await world.admin.guarantor.query<{ id: string }>({
    text: "select id from methods where lender is not null",
    values: [],
  });
  const body = { currency: "JPY", amount: 3000, buyer: { member: hana.number } };
  const made = await at("POST", "/v1/trades", atShop, body);
  const number = String(made.json["number"]);
  const wish = { version: made.json["version"], method: methods[0]?.id };
  const approved = await at("POST", `/v1/trades/${number}/approve`, await as(hana), wish);
  assert.equal(approved.status, 200, approved.text);
  await at("POST", `/v1/trades/${number}/accept`, await as(hana), {});
  await advance("P22D");
  await claim(number);
  await advance("PT1S");
  const [open] = await billsOf(hana);
  const named = await at("GET", `/v1/bills?member=${world.people.yui.number}`, await as(hana));
  const unknown = await at("GET", `/v1/bills?member=${dammAppend("123456789")}`, await as(hana));
  assert.equal(named.text, unknown.text, "whoever tries numbers learns nothing");
  const bill = String(open?.["number"]);
  const two = { currency: "JPY", lines: [{ ...tea, quantity: 2 }], buyer: { member: hana.number } };
  const second = await at("POST", "/v1/trades", atShop, { ...two, reserveFor: "P60D", shipWithin: "P50D" });
  const running = String(second.json["number"]);
  const again = { version: second.json["version"], method: methods[0]?.id };
  const reserved = await at("POST", `/v1/trades/${running}/approve`, await as(hana), again);
  assert.equal(reserved.status, 200, second.text + reserved.text);
  await advance("P20D");
  assert.ok((await told(bill)).includes("bill overdue"));
  assert.equal(await stands(bill), "open owed 3000 asked 3000 fees 0 paid 0 given up 0");
  const revise = (lines: Json[], who = atShop) => at("POST", `/v1/trades/${running}/revise`, who, { lines });
  const fewer = await revise([{ ...tea, quantity: 1 }]);
  assert.deepEqual([fewer.status, fewer.json["frozen"]], [200, 400], fewer.text);
  const more = await revise([{ ...tea, quantity: 3 }]);
  const asks = { version: more.json["version"] };
  const agreed = await at("POST", `/v1/trades/${running}/approve`, await as(hana), asks);
  assert.equal(agreed.json["code"], "bill_overdue", agreed.text);
  await at("POST", `/v1/trades/${running}/cancel`, await as(hana), {});
  const next = await at("POST", "/v1/trades", atShop, body);
  const path = `/v1/trades/${String(next.json["number"])}/credit-requests`;
  const asked = await at("POST", path, await as(hana), { version: next.json["version"] });
  const facts = await at("GET", `/v1/credit-requests/${String(asked.json["id"])}`, desk);
  const { buyer } = facts.json["facts"] as { buyer: { lines: Json[]; bills: Json[] } };
  assert.deepEqual(
    buyer.lines.map(({ state, used }) => `${String(state)} ${String(used)}`).toSorted(),
    ["active 0", "overdue 3000"],
    "operators see the worst line, too",
  );
  assert.deepEqual(buyer.bills, [{ currency: "JPY", open: 3000, givenUp: 0 }]);
  const reason = { amount: 3000, reason: "gone" };
  const refused = await at("POST", `/v1/bills/${bill}/write-off`, desk, reason);
  assert.equal(refused.json["code"], "not_allowed", refused.text);
  const called = await at("POST", `/v1/lent-lines/${line}/calls`, desk, { member: hana.number });
  assert.equal(called.json["amount"], 3000, called.text);
  await advance("PT1S");
  assert.equal(await stands(bill), "paid owed 0 asked 0 fees 0 paid 3000 given up 0");
  const news = await told(bill);
  assert.deepEqual([news.at(-1), news.includes("bill paid")], ["made good", false], "nobody has paid it");
  await agree();
});
