/** A member pays what is due by a bank transfer: where to is the collecting institution's word. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { bearer, type Headers, signIn } from "../../../test/support/wire/http.ts";
import { until } from "../../../test/support/world/world.ts";

const bankAccounts = [
  {
    bank: "9999",
    bankName: "ケンシユウ",
    branch: "001",
    branchName: "ホンテン",
    kind: "ordinary",
    number: "7000001",
    holder: "ケンシユウ",
    currency: "JPY",
    form: "statement",
  },
] as const;
const world = await openGuaranteed({ after }, { bankAccounts });
const { guarantor, call } = world;
const [shop] = guarantor.demo.shops;
const [hana, ken] = guarantor.demo.members;
if (!shop || !hana || !ken) throw new Error("No demo.");
const atShop = bearer(shop.key);
const buyer = await signIn(guarantor.url, hana);

const { json: made } = await call("guarantor", "POST", "/v1/trades", atShop, {
  buyer: { member: hana.number },
  currency: "JPY",
  lines: [{ name: "Tea set", quantity: 3, unitAmount: 1200 }],
  acceptance: { by: ["buyer", "shop"], need: 1 },
  approval: { mandate: hana.mandates[shop.key] },
});
const number = String(made["number"]);
const payingIn = (who: Headers = buyer) =>
  call("guarantor", "GET", `/v1/guarantees/${number}/paying-in`, who);
const page = (who: Headers = buyer) => call("guarantor", "GET", `/trades/${number}/transfer`, who);

test("nothing is told before anything is due, and to nobody else", async () => {
  assert.equal((await payingIn()).code, "nothing_due");
  assert.equal((await payingIn(await signIn(guarantor.url, ken))).status, 404);
  assert.equal((await payingIn(atShop)).status, 403);
});

test("what is due is transferred to the account that the institution names, under the number", async () => {
  assert.equal((await call("guarantor", "POST", `/v1/trades/${number}/accept`, atShop, {})).status, 200);
  await until("it is due there", async () => (await payingIn()).status === 200);
  const { json } = await payingIn();
  assert.deepEqual([json["number"], json["reference"], json["virtual"]], ["7000001", number, false]);
  const { text } = await page();
  for (const seen of ["3,600", "7000001", "Ordinary", "ケンシユウ"]) assert.ok(text.includes(seen), seen);
  const trade = await call("guarantor", "GET", `/trades/${number}`, buyer);
  assert.ok(trade.text.includes(`/trades/${number}/transfer`));
});

test("an institution that is away is said to be, and its word is asked for again", async () => {
  await world.takeInstitutionAway();
  const away = await payingIn();
  assert.deepEqual([away.status, away.json["code"]], [503, "unavailable"]);
  assert.equal((await page()).status, 503);
  await world.bringInstitutionBack();
  await until("it is back", async () => (await payingIn()).status === 200);
});
