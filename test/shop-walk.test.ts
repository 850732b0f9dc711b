/**
 * A day of a shop's person who has no system of their own, in a real Chromium, on phone and desk, in both languages, with scripts
 * and without: an order is taken by hand, sent, paid back in part and found again; the money is looked at, and a key made. A browser
 * that complains fails its walk, and so does a barrier on a page.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launchBrowser } from "./browser.ts";
import { isOpen } from "./support/walks/barriers.ts";
import { lookOf, wordsOf } from "./support/walks/looks.ts";
import { Crowd, type Person } from "./support/walks/person.ts";
import { signsIn } from "./support/walks/place.ts";
import { type Json, request } from "./support/wire/http.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, sandbox: true, operators: "one", log: "error" });
const { url } = world;
const stage = await setStage(world);
const [hana] = world.demo.members;
assert.ok(hana);
const nishi = { name: "Nishi", contact: { email: "nishi@example.com" }, password: "leaves in the west wind" };
await stage.post("/v1/shops", stage.admin, nishi);
const browser = await launchBrowser();
after(() => browser.close());

const sends = (person: Person, form: string): Promise<void> =>
  person.follow(person.page.locator(`#${form} button:not([name])`).last());

async function unfolds({ page }: Person, part: string): Promise<void> {
  await page.locator(`#${part}:not([open]) > summary`).click();
}

const asBuyer = (number: string, move: string, body: Json = {}): Promise<Json> =>
  stage.post(`/v1/trades/${number}/${move}`, stage.buyer, body);

/** A day; `orders` is how many the shop has had by its end, each like the other. */
async function day(person: Person, orders: number): Promise<void> {
  const { page } = person;
  const mark = `walk-${orders}`;
  await person.go(`${url}/signin`);
  await signsIn(person, { email: nishi.contact.email, password: nishi.password });
  assert.ok(page.url().startsWith(`${url}/shop`), page.url());
  await isOpen(person);

  // The buyer has called; the order is taken by hand, and they approve it under their link.
  await person.go(`${url}/shop/new`);
  await person.fill({ "name-1": "Tea set", "price-1": "1,200", "quantity-1": "3", reference: mark });
  await person.fill({ member: hana?.number ?? "" });
  await isOpen(person);
  await sends(person, "new-order-form");
  assert.ok(await person.has("#approve-url"), await person.reads());
  const number = page.url().split("/").at(-1)?.split("?")[0] ?? "";
  await asBuyer(number, "approve", { version: 1 });

  await person.go(`${url}/shop`);
  await isOpen(person);
  await person.follow(page.locator(`#order-${number}`));
  await person.fill({ carrier: "Hayabusa Express", parcel: `W-${mark}` }, "#ship-form");
  await sends(person, "ship-form");
  assert.ok(await person.has("#done"), await person.reads());
  await isOpen(person);
  await asBuyer(number, "deliver");
  await asBuyer(number, "accept", { lines: [{ line: 1, quantity: 2 }] });
  await asBuyer(number, "reject", { lines: [{ line: 1, quantity: 1 }], reason: "The lid is broken" });

  // What was rejected is read, and a part of what was paid goes back: asked once, with the sum.
  await person.go(`${url}/shop/orders/${number}`);
  assert.match(await person.reads(), /The lid is broken/);
  await unfolds(person, "refund-part");
  await person.fill({ amount: "200", reason: "A scratch" }, "#refund-form");
  await sends(person, "refund-form");
  assert.match(await person.text("#sure"), /200/);
  await isOpen(person);
  const before = await asBuyerSees(number);
  assert.equal(before["refunded"], 0, "nothing was done yet");
  await person.follow(page.locator("#sure-yes"));
  const { refunded } = await asBuyerSees(number);
  assert.equal(refunded, 200);

  await person.go(`${url}/shop?todo=back`);
  assert.ok(await person.has(`#order-${number}`), await person.reads());
  await person.go(`${url}/shop/money`);
  assert.ok(
    (await person.reads()).includes((orders * 2400).toLocaleString("en")),
    "what was paid, of all days",
  );
  await isOpen(person);
  await takesOut(person);
  await person.go(`${url}/shop/settings`);
  await isOpen(person);
  await person.fill({ label: `Till ${mark}` }, "#make-key-form");
  await sends(person, "make-key-form");
  assert.match(await person.reads(), /ks_/);
  await person.go(`${url}/shop/settings`);
  assert.doesNotMatch(await person.reads(), /ks_[0-9A-Za-z]{20}/, "a key is shown once");
}

/** The account at a bank is named on the first day; money is asked for, with its sum, and taken back; entries are read. */
async function takesOut(person: Person): Promise<void> {
  const { page } = person;
  await person.follow(page.locator("#account-JPY"));
  const here = page.url();
  if (await person.has("#no-bank")) {
    const bank = { bank: "0001", branch: "001", number: "0123456", holder: "ニシ", password: nishi.password };
    await person.fill(bank, "#bank-form");
    await sends(person, "bank-form");
    assert.ok(await person.has("#bank-waits"), await person.reads());
    await isOpen(person);
    await stage.post("/v1/test-clock/advance", stage.admin, { by: "P4D" });
    await person.go(here);
  }
  assert.ok(!(await person.has("#bank-waits")), await person.reads());
  await isOpen(person);
  await person.fill({ amount: "100" }, "#payout-form");
  await sends(person, "payout-form");
  assert.match(await person.text("#sure"), /100/);
  await isOpen(person);
  await person.follow(page.locator("#sure-yes"));
  assert.ok(await person.has('[data-state="waiting"]'), await person.reads());
  await person.follow(page.locator('[data-state="waiting"] button'));
  assert.match(await person.text("#sure"), /100/);
  await person.follow(page.locator("#sure-yes"));
  assert.ok(!(await person.has('[data-state="waiting"]')), await person.reads());
  await unfolds(person, "schedule-part");
  await person.fill({ day: "25", least: "1,000" }, "#schedule-form");
  await sends(person, "schedule-form");
  assert.ok(await person.has("#the-schedule"), await person.reads());
  await isOpen(person);
  await person.follow(page.locator("#to-entries"));
  assert.ok(await person.has("#entries"), await person.reads());
  await isOpen(person);
  await person.go(`${url}/shop/standing`);
  await isOpen(person);
}

const asBuyerSees = async (number: string): Promise<Json> =>
  (await request(`${url}/v1/trades/${number}`, "GET", stage.buyer)).json;

for (const turn of [0, 1, 2, 3])
  test(`a day at the shop's desk: ${wordsOf(lookOf(turn))}`, async () => {
    const crowd = new Crowd(browser, lookOf(turn));
    try {
      await day(await crowd.somebody(), turn + 1);
    } finally {
      await crowd.leave();
    }
    assert.deepEqual(crowd.wrong, []);
  });
