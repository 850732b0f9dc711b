/** A present (0077): somebody else receives and accepts it, the payer is told and pays, and both sides hear of the payment. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { until } from "../../../test/support/world/world.ts";
import { startReceiver } from "../../../test/support/wire/receiver.ts";
import { bearer, type Json, signIn } from "../../../test/support/wire/http.ts";
import { rawSql } from "../../storage/database/database.ts";

const receiver = await startReceiver({ after });
const { guarantor, admin, call, pay } = await openGuaranteed(
  { after },
  { webhooksMayReach: [receiver.place] },
);
const [shop] = guarantor.demo.shops;
const [hana] = guarantor.demo.members;
if (!shop || !hana) throw new Error("No demo.");
const atShop = bearer(shop.key);
const buyer = await signIn(guarantor.url, hana);
const at = (path: string, who = atShop, body?: Json) =>
  call("guarantor", body === undefined ? "GET" : "POST", path, who, body);

const mailsOf = async (number: string) => {
  const mails = rawSql("select reader, kinds from mails where trade = $1 order by id", [number]);
  const rows = await admin.guarantor.query<{ reader: string; kinds: string[] }>(mails);
  return rows.map(({ reader, kinds }) => `${reader}: ${kinds.join()}`);
};
const heardOf = (number: string) =>
  receiver.received
    .map(({ body }) => JSON.parse(body) as { type: string; data: { number?: string } })
    .flatMap(({ type, data }) => (data.number === number ? [type] : []));

test("who receives it accepts and sees no price; the payer is told, pays by the number, and the shop hears of it", async () => {
  const types = ["guarantee.due", "guarantee.released", "collection.paid"];
  const endpoint = await at("/v1/webhook-endpoints", atShop, { url: receiver.url, types });
  assert.equal(endpoint.status, 201, endpoint.text);
  const proposed = await at("/v1/trades", atShop, {
    buyer: { member: hana.number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 3, unitAmount: 1234 }],
    approval: { mandate: hana.mandates[shop.key] },
    acceptance: { by: ["recipient"], need: 1 },
    recipient: { name: "Aki Sato", address: "2-2 Kyoto", contact: { email: "aki@example.com" } },
  });
  assert.equal(proposed.status, 201, proposed.text);
  const number = String(proposed.json["number"]);
  const trade = `/v1/trades/${number}`;
  assert.equal((await at(`${trade}/ship`, atShop, {})).status, 200);
  const link = (await at(`${trade}/recipient-link`, buyer)).json["link"];
  const code = (await at(`${trade}/recipient-link`)).json["code"];
  const { json } = await at(`${trade}/recipient-session`, {}, { link, code });
  const recipient = bearer(String(json["token"]));
  const lines = [{ line: 1, quantity: 2 }];
  const accepted = await at(`${trade}/accept`, recipient, { lines });
  assert.equal(accepted.status, 200, accepted.text);
  // Numbers, ids and times are digits, too, and may hold any of these sums by chance.
  const seen = `${accepted.text} ${(await at(`${trade}/events`, recipient)).text}`.replaceAll(
    /"[^"]*"/g,
    '""',
  );
  assert.ok(!/1234|2468|3702/.test(seen), seen);

  assert.ok((await mailsOf(number)).includes("buyer: accepted,due"), (await mailsOf(number)).join("; "));
  const toPay = (await at(trade, buyer)).json as { deadlines: Json; frozen: number };
  assert.ok(toPay.deadlines["payBy"] !== null);
  await until("it is due at the counter", async () => (await pay(number, 2468)).status === 201);
  await until("the guarantor has heard it", async () => (await at(trade)).json["settled"] === 2468);
  assert.ok((await mailsOf(number)).includes("buyer: collected"));
  assert.equal((await at(`/v1/guarantees/${number}/release`, atShop, {})).status, 200);
  assert.ok((await mailsOf(number)).includes("buyer: released"));
  await until("the shop was told of all three", () => heardOf(number).length === types.length);
  assert.deepEqual(new Set(heardOf(number)), new Set(types));
});

test("the mails say what is to be paid, until when, and that it came in", async () => {
  const page = await at("/sandbox/mails", bearer(guarantor.demo.adminKey));
  assert.equal(page.status, 200);
  for (const words of [
    "Please pay what was accepted",
    "Your payment has come in",
    "Your credit line is free again",
  ])
    assert.ok(page.text.includes(words), words);
});
