/** What shops tell of trades whose server does not know the amount, as the buyer sees it at the institution. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { dammAppend } from "../../core/protocol/protocol.ts";
import { bearer, request, signIn } from "../../../test/support/wire/http.ts";
import { facilitatorId, openPair } from "../../../test/support/world/pair.ts";

const { facilitator, institution } = await openPair({ after });
const [shop] = facilitator.demo.shops;
const [member] = facilitator.demo.members;
const [holder] = institution.demo.ties?.members ?? [];
const [shopThere, otherThere] = institution.demo.shops;
if (!shop || !member || !holder || !shopThere || !otherThere) throw new Error("No demo.");
const buyer = await signIn(facilitator.url, member);
const asHolder = await signIn(institution.url, holder);

test("any shop tells an amount for any number, and only the payee's is called what is frozen", async () => {
  const lines = [
    { name: "Tea", quantity: 2 },
    { name: "Cups, by the set", quantity: 3 },
  ];
  const wish = { currency: "JPY", private: true, buyer: { member: member.number }, lines };
  const trades = `${facilitator.url}/v1/trades`;
  const { json } = await request(trades, "POST", bearer(shop.key), wish);
  const number = String(json["number"]);
  const tell = async (key: string, unitAmount: number) => {
    const told = {
      peer: facilitatorId,
      tradeNumber: number,
      currency: "JPY",
      lines: [
        { quantity: 2, unitAmount },
        { quantity: 3, amount: 1000 },
      ],
    };
    const { status, text } = await request(`${institution.url}/v1/amounts`, "POST", bearer(key), told);
    assert.equal(status, 201, text);
  };
  const page = async () =>
    (await request(`${institution.url}/amounts/${facilitatorId}/${number}`, "GET", asHolder)).text;
  await tell(otherThere.key, 77);
  const alone = await page();
  assert.ok(alone.includes('id="which"') && alone.includes("¥1,154"), alone);
  assert.ok(!alone.includes('id="frozen"'), "nobody knows yet whether it is this shop's trade");
  await tell(shopThere.key, 2500);
  const both = await page();
  assert.ok(both.includes("¥1,154") && both.includes("¥6,000") && both.includes('id="which"'));
  assert.ok(!both.includes('id="frozen"'));
  const approved = await request(`${trades}/${number}/approve`, "POST", buyer, { version: 1 });
  assert.equal(approved.json["state"], "reserved", approved.text);
  const reserved = await page();
  assert.ok(
    reserved.includes('id="frozen"') &&
      reserved.includes("¥6,000") &&
      reserved.includes("3 items") &&
      reserved.includes("¥1,000"),
    reserved,
  );
  assert.ok(!reserved.includes("¥1,154") && !reserved.includes('id="which"'));
});

test("a line has a price of its pieces or one of all of them, by which each costs something", async () => {
  for (const line of [
    { quantity: 2 },
    { quantity: 2, unitAmount: 5, amount: 10 },
    { quantity: 3, amount: 2 },
    { quantity: 1, amount: 0 },
  ]) {
    const told = {
      peer: facilitatorId,
      tradeNumber: dammAppend("1234567890123"),
      currency: "JPY",
      lines: [line],
    };
    const { code } = await request(`${institution.url}/v1/amounts`, "POST", bearer(shopThere.key), told);
    assert.equal(code, "invalid_field", JSON.stringify(line));
  }
});
