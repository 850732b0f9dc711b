/**
 * The demo's shop as a store of another shop's chain, in a real Chromium: its owner agrees at the back office and invites a store
 * of their own, its clerk sees what is offered and takes it, and the trade is this shop's; as on a phone in Japanese with scripts
 * and at a desk in English without.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { isOpen } from "./support/walks/barriers.ts";
import { Crowd, type Look, type Person } from "./support/walks/person.ts";
import type { Demo } from "./support/walks/place.ts";
import { bearer, request } from "./support/wire/http.ts";
import { startDemo } from "./support/world/running-demo.ts";

type Keys = Demo & { institution: { shopKeys: string[] } };
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

const password = "a password for walking";

async function says(key: string, method: string, path: string, body?: object) {
  const { url } = world.demo.institution;
  const answer = await request(`${url}${path}`, method, bearer(key), body);
  assert.ok(answer.status < 300, `${path}: ${answer.text}`);
  return answer.json;
}

async function signsIn(crowd: Crowd, name: string, secret: string): Promise<Person> {
  const person = await crowd.somebody();
  await person.go(`${world.demo.shop.url}/staff`);
  await person.fill({ name, password: secret });
  await person.press("shop signIn.button");
  return person;
}

/** The head takes an order that is sent to where the demo's shop is the nearest store. */
async function ordersOf(head: string): Promise<string> {
  const member = (world.demo.members as Member[]).find(
    ({ at, mandates }) => at === "institution" && mandates[head] !== undefined,
  );
  assert.ok(member);
  const trade = await says(head, "POST", "/v1/trades", {
    buyer: { member: member.number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 2, unitAmount: 900 }],
    approval: { mandate: member.mandates[head] },
    route: { postcode: "100-0001" },
  });
  return String(trade["number"]);
}

async function day(crowd: Crowd, mark: string): Promise<void> {
  const { institution, shop } = world.demo;
  const [own = "", head = ""] = institution.shopKeys;
  const { id: store } = await says(own, "GET", "/v1/sessions");
  const { id: headShop } = await says(head, "GET", "/v1/sessions");
  await says(head, "POST", "/v1/chains/stores", { store, postcodes: ["100"] });

  // The owner agrees, and invites a store, which takes the password, too.
  const owner = await signsIn(crowd, "", shop.staffPassword);
  await owner.go(`${shop.url}/staff/stores`);
  await isOpen(owner);
  await owner.press("shop stores.agree");
  assert.ok(await owner.has('#stores-direct [data-chain="agreed"]'), await owner.reads());
  await owner.page.click("#invite-direct-fold summary");
  await owner.fill(
    { of: String(headShop), postcodes: "１５０、 151", ownPassword: shop.staffPassword },
    "#invite-direct-form",
  );
  await owner.follow(owner.page.locator("#invite-direct"));
  assert.ok(await owner.has("#done"), await owner.reads());
  assert.match(await owner.text('#stores-direct [data-store="invited"]'), /150 151/);
  await isOpen(owner);
  await owner.go(`${shop.url}/staff/team`);
  await owner.fill(
    { name: "Kei", signIn: `stores-${mark}`, password, ownPassword: shop.staffPassword },
    "#add-form",
  );
  await owner.choose("role", "clerk", "#add-form");
  await owner.press("shop team.addButton");

  // An order of the chain is offered; the clerk sees what it is, and takes it.
  const clerk = await signsIn(crowd, `stores-${mark}`, password);
  const number = await ordersOf(head);
  await clerk.go(`${shop.url}/staff/stores`);
  await clerk.until("#stores-direct [data-offer]");
  assert.match(await clerk.text("#stores-direct [data-offer]"), /2 × Tea set/);
  assert.equal(await clerk.yen("#stores-direct [data-offer] .amount"), 1800);
  assert.ok(!(await clerk.has("#invite-direct-form")), "a clerk invites nobody");
  await isOpen(clerk);
  await clerk.press("shop stores.take");
  assert.ok(await clerk.has("#done"), await clerk.reads());
  const served = await clerk.page.locator('[data-answered="taken"] a').first().getAttribute("href");
  assert.equal(served, `${institution.url}/shop/orders/${number}`);
  const trade = await says(own, "GET", `/v1/trades/${number}`);
  assert.deepEqual([trade["shop"], trade["chain"]], [store, headShop]);

  // Another is passed on; then the owner takes their own store out, and leaves the chain.
  await ordersOf(head);
  await clerk.go(`${shop.url}/staff/stores`);
  await clerk.until("#stores-direct [data-offer]");
  await clerk.press("shop stores.pass");
  assert.ok(await clerk.has('[data-answered="declined"]'), await clerk.reads());
  await owner.go(`${shop.url}/staff/stores`);
  await owner.press("shop stores.drop");
  await owner.press("shop stores.leave");
  assert.equal(await owner.page.locator("#stores-direct :is([data-chain], [data-store])").count(), 0);
  await owner.go(`${shop.url}/staff/team`);
  assert.ok(await owner.has('#record [data-act="take"]'), await owner.reads());
  await isOpen(owner);
}

const looks: readonly (Look & { mark: string })[] = [
  { size: "phone", lang: "ja", scripts: true, mark: "one" },
  { size: "desk", lang: "en", scripts: false, mark: "two" },
];

for (const look of looks)
  test(`a store of a chain: ${look.size}, "${look.lang}", ${look.scripts ? "with" : "without"} scripts`, async () => {
    const crowd = new Crowd(browser, look);
    try {
      await day(crowd, look.mark);
    } finally {
      await crowd.leave();
    }
    assert.deepEqual(crowd.wrong, []);
  });
