/** What a guarantor has said, and how whoever holds it learns that it is over, asking nobody but a cache; and figure 8 with step 1 first. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createLocalJWKSet, jwtVerify } from "jose";
import { fetchEnded, kenshu, orderDigest, verifyGuarantee } from "@kenshu/sdk";
import { openGuaranteed } from "../../../test/support/world/guaranteed.ts";
import { bearer, type Json, signIn } from "../../../test/support/wire/http.ts";
import { until } from "../../../test/support/world/world.ts";
import { freshDatabase } from "../../../test/support/world/cluster.ts";
import { endedIn, wordFor } from "../../engines/vouching/vouching.ts";
import { bitsOf, createEndedLists, placeIn } from "./ended-list.ts";

const world = await openGuaranteed({ after });
const { guarantor, call, pay } = world;
const [shop, other] = guarantor.demo.shops;
const [hana, ken] = guarantor.demo.members;
if (!shop || !other || !hana || !ken) throw new Error("No demo.");
const atShop = bearer(shop.key);
const buyer = await signIn(guarantor.url, hana);
const seller = kenshu({ url: guarantor.url, key: shop.key });
const jwks = (await call("guarantor", "GET", "/.well-known/jwks.json")).json as never;

const lines = [{ name: "Tea set", quantity: 3, unitAmount: 1200 }];
const wish = { earmark: true, shop: shop.id, currency: "JPY", amount: 5000 };

async function earmarked(change: Json = {}): Promise<string> {
  const { status, json, text } = await call("guarantor", "POST", "/v1/trades", buyer, { ...wish, ...change });
  assert.equal(status, 201, text);
  return String(json["number"]);
}
const said = async (number: string) => {
  const answer = await seller.guarantees.get(number);
  return answer.outcome === "done" ? answer.guarantee : assert.fail(JSON.stringify(answer));
};
/** `now`: the guarantor's clock, which the tests move. */
let now = new Date();
async function verdict(token: string | null, order?: string): Promise<string> {
  const check = { jwks, issuer: guarantor.url, shop: shop?.id ?? "", now, ended: fetchEnded };
  const found = await verifyGuarantee(token ?? "", order === undefined ? check : { ...check, order });
  return found.good ? `good for ${found.claims.amount}` : found.why;
}
const move = (number: string, name: string, body: Json = {}, who = atShop) =>
  call("guarantor", "POST", `/v1/trades/${number}/${name}`, who, body);
/** A cache keeps a list for some seconds of the guarantor's clock; then it is made anew from what was committed. */
async function later(): Promise<void> {
  await world.advance("PT1M");
  now = new Date(now.getTime() + 60_000);
}

test("figure 8 as it is drawn: reserved first, then ordered by showing the number", async () => {
  const number = await earmarked(); // 1, 2
  const listed = await seller.page({ limit: 50 });
  assert.ok(listed.outcome === "done" && !listed.items.some((trade) => trade.number === number));
  const elsewhere = await call("guarantor", "GET", `/v1/guarantees/${number}`, bearer(other.key));
  assert.equal(elsewhere.status, 404, "the number is worth nothing at another shop");
  const before = await said(number); // 4, before the order
  assert.deepEqual([before.amount, before.earmark, before.state], [5000, true, "open"]);
  assert.equal((await move(number, "ship")).json["code"], "order_to_follow");
  const ordered = await seller.order(number, { lines, reference: "S-1" }); // 3
  assert.ok(ordered.outcome === "done", JSON.stringify(ordered));
  assert.deepEqual([ordered.trade.frozen, ordered.trade.earmark?.state], [3600, "ordered"]);
  const word = await said(number); // 4
  const digest = await orderDigest({ currency: "JPY", amount: 3600, reference: "S-1", lines });
  assert.equal(await verdict(word.token, digest), "good for 3600");
  await later();
  assert.equal(await verdict(before.token), "ended", "the first word was of no order");
  assert.equal((await move(number, "ship")).json["code"], "order_to_be_seen");
  const { version } = ordered.trade;
  assert.equal((await move(number, "approve", { version }, buyer)).status, 200);
  assert.equal((await move(number, "ship")).status, 200); // 5
  assert.equal((await move(number, "accept", {}, buyer)).status, 200); // 6
  await until("it is due", async () => (await pay(number, 3600)).status === 201);
  await until("it is settled", async () => (await said(number)).amount === 0); // 7
  const released = await seller.guarantees.release(number); // 8
  assert.ok(released.outcome === "done");
  await later();
  assert.equal(await verdict(word.token, digest), "ended");
  assert.equal((await said(number)).token, null);
});

test("what is cancelled, and what is worth less by now, holds no more; the rest does", async () => {
  const numbers = [
    await earmarked({ amount: 700 }),
    await earmarked({ amount: 700 }),
    await earmarked({ amount: 700 }),
  ];
  const words = await Promise.all(numbers.map(said));
  const again = await said(numbers[0] ?? "");
  const places = await Promise.all(
    [...words, again].map(async ({ token }) => {
      const { payload } = await jwtVerify(token ?? "", createLocalJWKSet(jwks), { currentDate: now });
      return payload["status"];
    }),
  );
  assert.deepEqual(places[3], places[0], "the same word has one place");
  assert.equal((await move(numbers[1] ?? "", "cancel", {}, buyer)).status, 200);
  await seller.order(numbers[2] ?? "", { lines: [{ name: "Cup", quantity: 1, unitAmount: 300 }] });
  await later();
  const verdicts = await Promise.all(words.map(({ token }) => verdict(token)));
  assert.deepEqual(verdicts, ["good for 700", "ended", "ended"]);
});

test("the list is what the draft of the IETF says, for any reader", async () => {
  const list = await fetch(`${guarantor.url}/v1/ended-guarantees/0`);
  assert.equal(list.headers.get("content-type"), "application/statuslist+jwt");
  assert.match(list.headers.get("cache-control") ?? "", /^public, max-age=\d+$/);
  const { payload, protectedHeader } = await jwtVerify(await list.text(), createLocalJWKSet(jwks), {
    currentDate: now,
    issuer: guarantor.url,
    subject: `${guarantor.url}/v1/ended-guarantees/0`,
  });
  assert.equal(protectedHeader.typ, "statuslist+jwt");
  assert.equal((payload["status_list"] as Json)["bits"], 1);
  assert.equal(
    (await fetch(`${guarantor.url}/v1/ended-guarantees/7`)).status,
    404,
    "there is no such list yet",
  );
  // Section 4.1 of the draft: these statuses are these bytes.
  assert.equal(bitsOf([0, 3, 4, 5, 7, 8, 9, 13, 15], 16).toString("hex"), "b9a3");
  assert.deepEqual(placeIn("https://g.example", 131_073n), {
    uri: "https://g.example/v1/ended-guarantees/1",
    idx: 1,
  });
});

test("a word that is over ends, whatever happened to who looked: an error, a stop, a kill", async () => {
  const { database } = await freshDatabase({ after }, "trading");
  const word = { order: "o".repeat(43), amount: 100n, until: new Date(Date.now() + 86_400_000) };
  for (const number of [1n, 2n, 3n]) await wordFor(database, { ...word, number });
  const open = (said: (number: bigint) => Promise<undefined>) =>
    createEndedLists({ database, upToDate: () => Promise.resolve(), said, onError: assert.ifError });
  let failures = 1;
  const unlucky = open((number) =>
    number === 2n && failures-- > 0
      ? Promise.reject(new Error("the connection was lost"))
      : Promise.resolve(undefined),
  );
  await assert.rejects(unlucky.round(), /the connection was lost/);
  assert.deepEqual(await endedIn(database, 0), [0], "what was judged is written");
  await unlucky.round();
  assert.deepEqual(await endedIn(database, 0), [0, 1, 2]);

  for (const number of [4n, 5n]) await wordFor(database, { ...word, number });
  const killed = open(() => Promise.reject(new Error("killed")));
  await assert.rejects(killed.round(), /killed/);
  assert.deepEqual(await endedIn(database, 0), [0, 1, 2]);
  await open(() => Promise.resolve(undefined)).round();
  assert.deepEqual(await endedIn(database, 0), [0, 1, 2, 3, 4], "whoever starts looks at all");
});
