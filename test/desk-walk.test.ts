/**
 * A caller's story at each server, in a real Chromium, on phone and desk, in both languages, with scripts and without: the
 * operator finds the trade by what is said, rejects a part for the caller, reads it back, and the trade shows it; and finds a
 * member, and says why their data is read.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { deskLooks, wordsOf } from "./support/walks/looks.ts";
import { Crowd } from "./support/walks/person.ts";
import { type Demo, opens, personAt, type Place, places } from "./support/walks/place.ts";
import { request } from "./support/wire/http.ts";
import { startDemo } from "./support/world/running-demo.ts";

type Keys = Demo & { [place in Place]: { shopKeys: string[] } };
/** What is told of the demo's members besides how they sign in. */
type Member = Demo["members"][number] & { number: string; mandates: Record<string, string> };

let world: Awaited<ReturnType<typeof startDemo<Keys>>>;
let browser: Browser;

before(async () => {
  browser = await launchBrowser();
  world = await startDemo<Keys>();
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

/** A trade that has left the shop, and whose it is. */
async function shippedAt(place: Place): Promise<{ number: string; member: string }> {
  const { demo } = world;
  const { url, shopKeys } = demo[place];
  const [key = ""] = shopKeys;
  const member = (demo.members as Member[]).find(
    ({ at, mandates }) => at === place && mandates[key] !== undefined,
  );
  assert.ok(member);
  const shop = { authorization: `Bearer ${key}` };
  const order = {
    buyer: { member: member.number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 3, unitAmount: 1000 }],
    approval: { mandate: member.mandates[key] },
    reference: `desk-${place}`,
  };
  const proposed = await request(`${url}/v1/trades`, "POST", shop, order);
  assert.ok(proposed.status < 300, proposed.text);
  const number = String(proposed.json["number"]);
  let status = 0;
  // At a facilitator the money is frozen once the institution has answered.
  for (let tried = 0; tried < 100 && status !== 200; tried += 1)
    ({ status } = await request(`${url}/v1/trades/${number}/ship`, "POST", shop, {}));
  assert.equal(status, 200);
  return { number, member: member.number };
}

for (const [turn, look] of deskLooks.entries()) {
  const place = places[turn % places.length] ?? "institution";
  test(`a caller at the ${place}: ${wordsOf(look)}`, async () => {
    const { number, member } = await shippedAt(place);
    const crowd = new Crowd(browser, look);
    const scene = { demo: world.demo, place, crowd };
    const operator = await opens(scene, place, personAt(world.demo.operators, place, 1), "/desk");
    await operator.fill({ what: `${number.slice(0, 4)} ${number.slice(4)}` });
    await operator.press("find.find");
    assert.ok(operator.page.url().endsWith(`/desk/trades/${number}`), operator.page.url());
    await operator.follow(operator.page.locator("#act-reject"));
    await operator.fill({ "quantity-1": "1", reason: "The lid is broken" });
    await operator.choose("channel", "phone");
    await operator.fill({ callReference: "call 12", proofReference: "tape 3" });
    await operator.choose("proofKind", "callback");
    await operator.press("deskForm.readOn");
    assert.match(await operator.text("#read-back"), /The lid is broken/);
    await operator.choose("readBack", "yes");
    await operator.press("deskRead.submit");
    await operator.until("#done, #waits");
    assert.ok(await operator.has('[data-by-operator="trade.rejected"]'), await operator.reads());
    await operator.go(`${world.demo[place].url}/desk/find`);
    await operator.fill({ what: member });
    await operator.press("find.find");
    await operator.unfold("person.show");
    await operator.choose("why", "caller");
    await operator.fill({ more: "They ask for their order" });
    await operator.press("person.show", "form");
    assert.ok(await operator.has("#revealed"));
    await operator.go(`${world.demo[place].url}/desk/looks`);
    assert.match(await operator.reads(), /They ask for their order/);
    await crowd.leave();
    assert.deepEqual(crowd.wrong, []);
  });
}
