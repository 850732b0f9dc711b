/** What shops tell of trades whose server does not know the amount, as the buyer sees it at the institution. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
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
  const lines = [{ name: "Tea", quantity: 2 }];
  const wish = { currency: "JPY", private: true, buyer: { member: member.number }, lines };
  const trades = `${facilitator.url}/v1/trades`;
  const { json } = await request(trades, "POST", bearer(shop.key), wish);
  const number = String(json["number"]);
  const tell = async (key: string, unitAmount: number) => {
    const told = {
      peer: facilitatorId,
      tradeNumber: number,
      currency: "JPY",
      lines: [{ quantity: 2, unitAmount }],
    };
    const { status, text } = await request(`${institution.url}/v1/amounts`, "POST", bearer(key), told);
    assert.equal(status, 201, text);
  };
  const page = async () =>
    (await request(`${institution.url}/amounts/${facilitatorId}/${number}`, "GET", asHolder)).text;
  await tell(otherThere.key, 77);
  const alone = await page();
  assert.ok(alone.includes('id="which"') && alone.includes("¥154"), alone);
  assert.ok(!alone.includes('id="frozen"'), "nobody knows yet whether it is this shop's trade");
  await tell(shopThere.key, 2500);
  const both = await page();
  assert.ok(both.includes("¥154") && both.includes("¥5,000") && both.includes('id="which"'));
  assert.ok(!both.includes('id="frozen"'));
  const approved = await request(`${trades}/${number}/approve`, "POST", buyer, { version: 1 });
  assert.equal(approved.json["state"], "reserved", approved.text);
  const reserved = await page();
  assert.ok(reserved.includes('id="frozen"') && reserved.includes("¥5,000"), reserved);
  assert.ok(!reserved.includes("¥154") && !reserved.includes('id="which"'));
});
