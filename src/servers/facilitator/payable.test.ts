/** What a facilitator has settled stays in the shop's account at the institution until the facilitator's buyer is done. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { bearer, type Headers, type Json, request } from "../../../test/support/wire/http.ts";
import { openPair } from "../../../test/support/world/pair.ts";
import { rawSql } from "../../storage/database/database.ts";
import { usualStanding, writeStanding } from "../../storage/parties/parties.ts";

const { facilitator, institution, admin } = await openPair({ after });
const [shop] = facilitator.demo.shops;
const [member] = facilitator.demo.members;
const there = institution.demo.shops.find(({ name }) => name === shop?.name);
assert.ok(shop && member && there);
const atFacilitator = bearer(shop.key);
const atInstitution = bearer(there.key);

async function call(url: string, method: string, who: Headers, body?: Json): Promise<Json> {
  return (await request(url, method, who, body)).json;
}

const accounts = (await call(`${institution.url}/v1/shops/${there.id}`, "GET", atInstitution))[
  "accounts"
] as Json[];
const account = String(accounts.find(({ currency }) => currency === "JPY")?.["account"]);
const address = `${facilitator.url}/v1/trades`;

async function payable(): Promise<unknown[]> {
  const read = await call(`${institution.url}/v1/accounts/${account}`, "GET", atInstitution);
  return [read["available"], read["payable"]];
}

async function settled(amount: number): Promise<string> {
  const approval = { mandate: member?.mandates[shop?.key ?? ""] };
  const wish = { currency: "JPY", amount, approval, coolingOff: "P5D", acceptance: { by: ["shop"] } };
  const made = await call(address, "POST", atFacilitator, wish);
  const accepted = await call(`${address}/${String(made["number"])}/accept`, "POST", atFacilitator, {});
  assert.equal(accepted["state"], "settled", JSON.stringify(accepted));
  return String(made["number"]);
}

const payOut = (amount: number) =>
  call(`${institution.url}/v1/transfers`, "POST", atInstitution, {
    id: randomUUID(),
    kind: "payout",
    account,
    amount,
    currency: "JPY",
    reference: "x",
  });

test("the shop takes out what is payable, and the rest when the buyer is done", async () => {
  const [before] = (await payable()) as [number];
  const number = await settled(1000);
  assert.deepEqual(await payable(), [before + 1000, before]);
  assert.equal((await payOut(before + 1))["code"], "not_payable_yet");
  await call(`${address}/${number}/refund`, "POST", atFacilitator, { amount: 300, reason: "late" });
  assert.deepEqual(await payable(), [before + 700, before]);
  for (const server of ["institution", "facilitator"] as const)
    await admin[server].execute(
      rawSql("update test_clock set ahead = ahead + interval '5 days 2 minutes'", []),
    );
  assert.deepEqual(await payable(), [before + 700, before + 700]);
  assert.equal((await payOut(before + 700))["amount"], before + 700);
});

test("a facilitator that pays a shop out early keeps nothing back", async () => {
  const before = await payable();
  await writeStanding(admin.facilitator, shop.id, { ...usualStanding, paidOutEarly: true });
  await settled(500);
  assert.deepEqual(
    await payable(),
    before.map((amount) => Number(amount) + 500),
  );
  await writeStanding(admin.facilitator, shop.id, usualStanding);
  await writeStanding(admin.institution, there.id, { ...usualStanding, paidOutEarly: true });
  await settled(200);
  assert.deepEqual(
    await payable(),
    [Number(before[0]) + 700, Number(before[1]) + 500],
    "the institution does not answer for the facilitator",
  );
});
