/** The eight steps of figure 8 over HTTP, and how a guarantee ends: released by the shop or the clock, or claimed. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { kenshu, orderDigest, verifyGuarantee } from "@kenshu/sdk";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { bearer, type Json, signIn } from "../../../test/support/wire/http.ts";
import { rawSql, sql } from "../../storage/database/database.ts";
import { until } from "../../../test/support/world/world.ts";

const world = await openGuaranteed({ after });
const { guarantor, institution, call, pay } = world;
const [shop, other] = guarantor.demo.shops;
const [hana, ken] = guarantor.demo.members;
if (!shop || !other || !hana || !ken) throw new Error("No demo.");
const atShop = bearer(shop.key);
const buyer = await signIn(guarantor.url, hana);

const order = {
  currency: "JPY",
  lines: [{ name: "Tea set", quantity: 3, unitAmount: 1200 }],
  reference: "A-1",
};

/** A trade that the buyer's mandate has reserved. */
async function reserved(change: Json = {}): Promise<string> {
  const body = {
    ...order,
    buyer: { member: hana?.number },
    acceptance: { by: ["buyer", "shop"], need: 1 },
    approval: { mandate: hana?.mandates[shop?.key ?? ""] },
    ...change,
  };
  const { status, json, text } = await call("guarantor", "POST", "/v1/trades", atShop, body);
  assert.equal(status, 201, text);
  return String(json["number"]);
}

const read = async (number: string) =>
  (await call("guarantor", "GET", `/v1/trades/${number}`, atShop)).json as Json & {
    guarantee: Json;
    deadlines: Json;
  };
const standing = async (number: string) => {
  const { state, frozen, settled, released, refunded, guarantee } = await read(number);
  return [state, frozen, settled, released, refunded, guarantee["state"]].join(" ");
};
const move = (number: string, name: string, body: Json = {}, who = atShop) =>
  call("guarantor", "POST", `/v1/trades/${number}/${name}`, who, body);
const end = (number: string, name: "release" | "claim", who = atShop) =>
  call("guarantor", "POST", `/v1/guarantees/${number}/${name}`, who, {});
const dueOf = async (number: string) => {
  const { status, json } = await call(
    "institution",
    "GET",
    `/v1/collections/${number}`,
    bearer(institution.demo.adminKey),
  );
  return status === 200
    ? `${String(json["state"])} ${String(json["due"])}/${String(json["amount"])}`
    : status;
};
const becomes = (number: string, wanted: string) =>
  until(`${number} is ${wanted}`, async () => (await standing(number)) === wanted);
const becomesDue = (number: string, wanted: string) =>
  until(`of ${number} is due ${wanted}`, async () => (await dueOf(number)) === wanted);
const lineOf = async () => {
  const { json } = await call("guarantor", "GET", `/v1/credit-lines/${hana.number}`, buyer);
  const [line] = json["items"] as Json[];
  return `used ${String(line?.["used"])} held ${String(line?.["held"])}`;
};

test("of what is paid for a shop with a fee, the guarantor gets its part at the institution", async () => {
  const approval = { mandate: hana.mandates[other.key] };
  const body = { ...order, buyer: { member: hana.number }, acceptance: { by: ["shop"], need: 1 }, approval };
  const seller = bearer(other.key);
  const { status, json, text } = await call("guarantor", "POST", "/v1/trades", seller, body);
  assert.equal(status, 201, text);
  const number = String(json["number"]);
  assert.equal((await move(number, "accept", {}, seller)).status, 200);
  await becomesDue(number, "open 3600/3600");
  assert.equal((await pay(number, 3600)).status, 201);
  const rows = () =>
    world.admin.institution.query<{ fee: bigint }>(
      sql`select fee_paid as fee from collections where trade_number = ${number}`,
    );
  assert.ok(((await rows())[0]?.fee ?? 0n) > 0n);
  const freed = async () => (await end(number, "release", seller)).status === 200;
  await until("the guarantor has heard it, and the line is free again", freed);
});

test("figure 8: reserved, verified, accepted, paid at a counter, credited, released", async () => {
  const number = await reserved(); // 1 to 3
  assert.equal(await standing(number), "reserved 3600 0 0 0 open");
  const { json: said } = await call("guarantor", "GET", `/v1/guarantees/${number}`, atShop); // 4
  const jwks = (await call("guarantor", "GET", "/.well-known/jwks.json")).json as never;
  const digest = await orderDigest({ ...order, amount: 3600, reference: "A-1" });
  const check = { jwks, issuer: guarantor.url, shop: shop.id, number, order: digest, now: new Date() };
  const verdict = await verifyGuarantee(String(said["token"]), check);
  assert.equal(verdict.good && verdict.claims.amount, 3600, JSON.stringify(verdict));
  assert.equal((await verifyGuarantee(String(said["token"]), { ...check, shop: other.id })).good, false);
  const elsewhere = await call("guarantor", "GET", `/v1/guarantees/${number}`, bearer(other.key));
  assert.equal(elsewhere.status, 404, "to another shop there is no such guarantee");

  assert.equal((await move(number, "ship")).status, 200); // 5
  assert.equal((await move(number, "accept", {}, buyer)).status, 200); // 6
  assert.equal(await standing(number), "accepted 3600 0 0 0 open");
  await becomesDue(number, "open 3600/3600");
  const paid = await pay(number, 3600);
  assert.equal(paid.status, 201, paid.text);
  await becomes(number, "settled 0 3600 0 0 open"); // 7
  assert.equal(
    await lineOf(),
    "used 0 held 3600",
    "the line is held until the shop has said that it was paid",
  );
  const released = await end(number, "release"); // 8
  assert.equal(released.status, 200, released.text);
  assert.equal(await standing(number), "settled 0 3600 0 0 released");
  assert.equal(await lineOf(), "used 0 held 0");
  assert.equal((await end(number, "release")).json["code"], "nothing_to_release");
});

test("the clock releases where the shop forgets", async () => {
  const number = await reserved();
  await move(number, "accept", {}, buyer);
  await becomesDue(number, "open 3600/3600");
  await pay(number, 3600);
  await becomes(number, "settled 0 3600 0 0 open");
  await world.advance("P4D");
  await becomes(number, "settled 0 3600 0 0 released");
});

test("seven of ten: what is due follows what is accepted, and comes back down before it is paid", async () => {
  const number = await reserved({ lines: [{ name: "Cup", quantity: 10, unitAmount: 100 }] });
  await move(number, "accept", { lines: [{ line: 1, quantity: 7 }] }, buyer);
  assert.equal(await standing(number), "delivered 1000 0 0 0 open");
  await becomesDue(number, "open 700/700");
  assert.equal((await pay(number, 1000)).json["code"], "amount_mismatch");
  await move(number, "accept", { lines: [{ line: 1, quantity: 3 }] }, buyer);
  await becomesDue(number, "open 1000/1000");
});

test("not paid: the shop claims, the guarantor pays, and the member owes", async () => {
  const number = await reserved();
  await move(number, "accept", {}, buyer);
  await becomesDue(number, "open 3600/3600");
  assert.equal((await end(number, "claim")).json["code"], "not_due_yet");
  const before = await lineOf();
  await world.advance("P22D");
  const claimed = await end(number, "claim");
  assert.equal(claimed.status, 200, claimed.text);
  assert.equal(await standing(number), "settled 0 3600 0 0 claimed");
  assert.equal(await dueOf(number), "withdrawn 0/0", "the collector takes no more");
  assert.notEqual(await lineOf(), before);
  assert.match(await lineOf(), /^used 3600 /);
  assert.equal((await pay(number, 3600)).json["code"], "nothing_due");
});

test("a payment that comes first turns the claim into a collection", async () => {
  const number = await reserved();
  await move(number, "accept", {}, buyer);
  await becomesDue(number, "open 3600/3600");
  await world.advance("P22D");
  const paying = pay(number, 3600);
  const claiming = end(number, "claim");
  const [paid, claim] = await Promise.all([paying, claiming]);
  const won = paid.status === 201;
  await until("the race ends", async () => !(await standing(number)).startsWith("accepted"));
  assert.equal(await standing(number), `settled 0 3600 0 0 ${won ? "open" : "claimed"}`, claim.text);
});

test("a refund after payment goes back through the collector", async () => {
  const number = await reserved();
  await move(number, "accept", {}, buyer);
  await becomesDue(number, "open 3600/3600");
  await pay(number, 3600);
  await becomes(number, "settled 0 3600 0 0 open");
  const refunded = await move(number, "refund", { amount: 1200, reason: "one was chipped" });
  assert.equal(refunded.status, 200, refunded.text);
  assert.equal(await standing(number), "settled 0 3600 0 1200 open");
  const { json } = await call(
    "institution",
    "GET",
    `/v1/collections/${number}`,
    bearer(institution.demo.adminKey),
  );
  assert.equal(json["refunded"], 1200);
});

test("a line that is too short is refused at once, and by the client's calls it reads the same", async () => {
  const short = await call("guarantor", "POST", "/v1/trades", atShop, {
    ...order,
    buyer: { member: ken.number },
    approval: { mandate: ken.mandates[shop.key] },
  });
  assert.deepEqual([short.status, short.json["code"]], [402, "credit_limit_exceeded"]);
  const client = kenshu({ url: guarantor.url, key: shop.key });
  const read = await client.get(await reserved());
  assert.ok("trade" in read);
  assert.deepEqual(read.trade.payment, { on: "collection", within: "P14D" });
});

test("both sides agree about every number, and a difference on either is named", async () => {
  const whole = await world.reconcile();
  assert.deepEqual([whole.breaks, whole.unreachable], [[], []]);
  assert.ok(whole.compared > 5);
  for (const { here, there } of whole.sums) assert.deepEqual(here, there);
  const number = await reserved();
  await move(number, "accept", {}, buyer);
  await becomesDue(number, "open 3600/3600");
  const lost = rawSql("update collections set amount = amount - 100 where trade_number = $1", [number]);
  await world.admin.institution.execute(lost);
  const { breaks, sums } = await world.reconcile();
  assert.deepEqual(
    breaks.map(({ trade, what, here, there }) => [trade, what, here, there]),
    [[number, "amount", "3600", "3500"]],
  );
  const [yen] = sums;
  assert.equal(yen && yen.here.due - yen.there.due, 100n);
  const unknown = rawSql(
    "update trades set progress = (progress::jsonb #- '{guarantee,told}')::json where number = $1",
    [number],
  );
  await world.admin.guarantor.execute(unknown);
  const other = await world.reconcile();
  assert.deepEqual(
    other.breaks.map(({ trade, what, here }) => [trade, what, here]),
    [[number, "collection", "none"]],
  );
});

test("who brings it accepts by the code at the door, and finds where the money is taken", async () => {
  const [driver] = guarantor.demo.carriers;
  assert.ok(driver);
  const carrier = await signIn(guarantor.url, driver);
  const number = await reserved({
    acceptance: { by: ["buyer", "carrier"], need: 1 },
    carrier: driver.id,
  });
  const counter = `${institution.url}/counter?number=${number}`;
  const page = async () => (await call("guarantor", "GET", `/trades/${number}`, carrier)).text;
  assert.ok(!(await page()).includes(counter), "nothing is due yet");
  assert.equal((await move(number, "ship", {})).status, 200);
  assert.equal((await move(number, "accept", { final: true }, carrier)).status, 200);
  const seen = await page();
  assert.ok(seen.includes(counter), seen);
  assert.ok(!/3,600|1,200/.test(seen), "and not what it costs");
  await becomesDue(number, "open 3600/3600");
  assert.equal((await pay(number, 3600)).status, 201);
  await becomes(number, "settled 0 3600 0 0 open");
});
