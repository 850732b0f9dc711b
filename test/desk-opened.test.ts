/** Pages of people that operators open by their numbers: noted once a day, read by the person, and not by the hundred. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Json, request, signIn } from "./support/wire/http.ts";
import { startGuarded } from "./support/world/two-operators.ts";

const house = await startGuarded({ after }, { lookupsPerDay: 1 });
const { url, demo } = house;
const [, two] = demo.operators;
const [hana, , yui] = demo.members;
const [shopKey] = demo.shopKeys;
if (!two || !hana || !yui || shopKey === undefined) throw new Error("No demo.");
const operator = await signIn(url, two);
const shop = { authorization: `Bearer ${shopKey}` };
const open = async (path: string) => (await request(`${url}${path}`, "GET", operator)).text;
const hidden = (html: string) => html.includes('id="hidden"');

async function reserved(): Promise<string> {
  const { number } = (
    await house.call("POST", "/v1/trades", shop, {
      buyer: { member: hana?.number },
      currency: "JPY",
      amount: 100,
      approval: { mandate: hana?.mandates[String(shopKey)] },
    })
  ).json as { number: string };
  return number;
}

const looks = async (): Promise<Json[]> => {
  const { json } = await request(
    `${url}/v1/members/${hana?.number}/lookups`,
    "GET",
    await signIn(url, hana ?? assert.fail()),
  );
  return json["items"] as Json[];
};

test("a page that is opened again is noted once, and its person reads of it", async () => {
  const number = await reserved();
  for (let time = 0; time < 3; time += 1) assert.ok(!hidden(await open(`/desk/trades/${number}`)));
  assert.ok(!hidden(await open(`/desk/members/${hana.number}`)));
  assert.deepEqual(
    (await looks()).map(({ reason }) => reason),
    ["opened", "opened"],
  );
});

test("whoever walks through numbers sees nobody beyond four for each look of a day; the work goes on, and so do looks", async () => {
  assert.ok(!hidden(await open(`/desk/members/${yui.number}`)));
  const numbers = [await reserved(), await reserved(), await reserved()];
  const pages = [];
  for (const number of numbers) pages.push(await open(`/desk/trades/${number}`));
  assert.deepEqual(pages.map(hidden), [false, true, true]);
  const [, last = ""] = pages;
  assert.ok(
    last.includes('id="acts"') && last.includes(hana.number),
    "the trade and the member's number stand there",
  );
  assert.ok(!last.includes("＊＊＊"), last);
  assert.ok(hidden(await open(`/desk/members/${demo.members[1]?.number}`)));
  assert.ok(!hidden(await open(`/desk/trades/${numbers[0]}`)), "what was shown today is shown");
  assert.equal((await looks()).length, 3);
  const form = { ...operator, "content-type": "application/x-www-form-urlencoded", origin: url };
  const reveal = new URLSearchParams({ why: "caller", more: "call 7", key: "reveal-1" }).toString();
  const page = await request(`${url}/desk/members/${hana.number}/data`, "POST", form, reveal);
  assert.ok(page.status < 500, page.text);
});

test("nobody looks at somebody's data under the word that stands for a page that was only opened", async () => {
  for (const reason of ["opened", "%20opened%20"]) {
    const path = `/v1/members/${hana.number}?reason=${reason}`;
    const { status, text } = await request(`${url}${path}`, "GET", operator);
    assert.equal(status, 422, text);
  }
});
