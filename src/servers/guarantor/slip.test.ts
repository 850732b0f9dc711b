/** A payment slip over HTTP: for what is due, and nothing else, to whom it is due from. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { barcodesOn, picturesOf } from "../../../test/support/world/paper-reader.ts";
import { bearer, type Headers, signIn } from "../../../test/support/wire/http.ts";
import { until } from "../../../test/support/world/world.ts";

const { guarantor, call, pay } = await openGuaranteed({ after });
const { demo, url } = guarantor;
const [shop, other] = demo.shops;
const [hana, ken] = demo.members;
if (!shop || !other || !hana || !ken) throw new Error("No demo.");
const atShop = bearer(shop.key);
const buyer = await signIn(url, hana);

const { json: made } = await call("guarantor", "POST", "/v1/trades", atShop, {
  currency: "JPY",
  lines: [{ name: "Tea set", quantity: 3, unitAmount: 1200 }],
  reference: "A-1",
  buyer: { member: hana.number },
  acceptance: { by: ["buyer", "shop"], need: 1 },
  approval: { mandate: hana.mandates[shop.key] },
});
const number = String(made["number"]);

async function slip(who: Headers, query = "", of = number) {
  const reply = await fetch(`${url}/v1/guarantees/${of}/slip${query}`, { headers: who });
  const body = Buffer.from(await reply.arrayBuffer());
  const type = reply.headers.get("content-type");
  const refused = type?.startsWith("application/problem") === true;
  const code = refused ? (JSON.parse(body.toString()) as { code: string }).code : undefined;
  return { status: reply.status, type, body, code };
}

test("nothing is due before anything is accepted, and a slip is nobody else's", async () => {
  assert.deepEqual([(await slip(buyer)).status, (await slip(buyer)).code], [409, "nothing_due"]);
  const cases: [string, Headers, number][] = [
    ["another member", await signIn(url, ken), 404],
    ["its shop", atShop, 403],
    ["another shop", bearer(other.key), 403],
    ["nobody", {}, 401],
  ];
  for (const [name, who, status] of cases) assert.equal((await slip(who)).status, status, name);
  const wrong = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`;
  assert.equal((await slip(buyer, "", wrong)).code, "wrong_check_digit");
  assert.equal((await slip(buyer, "?language=xx")).code, "invalid_field");
});

test("what was accepted has a slip with the number in bars, until it was paid", async () => {
  const lines = [{ line: 1, quantity: 2 }];
  const accepted = await call("guarantor", "POST", `/v1/trades/${number}/accept`, buyer, { lines });
  assert.equal(accepted.status, 200, accepted.text);
  const shown: Buffer[] = [];
  for (const [who, query] of [
    [buyer, ""],
    [{ ...buyer, "accept-language": "ja" }, ""],
    [bearer(demo.adminKey), "?language=ja"],
  ] as const) {
    const { status, type, body } = await slip(who, query);
    assert.deepEqual([status, type], [200, "application/pdf"]);
    const [page] = await picturesOf(body);
    assert.ok(page);
    const [read] = await barcodesOn(page);
    assert.equal(read?.text, `(91)${number}`);
    shown.push(body);
  }
  assert.ok((shown[1]?.length ?? 0) > (shown[0]?.length ?? 0), "Japanese takes more glyphs");
  await until("the institution takes it", async () => (await pay(number, 2400)).status === 201);
  await until("the slip is over", async () => (await slip(buyer)).code === "nothing_due");
});
