/**
 * A day at the shop in a real Chromium: the owner takes on a clerk and a manager, the clerk finds an order and ships it, the manager
 * changes a price, looks at the money and pays back, each asked once more; as on a phone in Japanese with scripts and at a desk in
 * English without. A browser that complains fails its walk, and so does a barrier on a page.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { isOpen } from "./support/walks/barriers.ts";
import { Crowd, type Look, type Person } from "./support/walks/person.ts";
import { buys, type Demo, home, looksAtTrade, orders, type Scene } from "./support/walks/place.ts";
import { startDemo } from "./support/world/running-demo.ts";

let world: Awaited<ReturnType<typeof startDemo<Demo>>>;
let browser: Browser;

before(async () => {
  browser = await launchBrowser();
  world = await startDemo<Demo>();
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

const password = "a password for walking";

async function signsIn({ demo, crowd }: Scene, name: string, secret: string): Promise<Person> {
  const person = await crowd.somebody();
  await person.go(`${demo.shop.url}/staff`);
  await person.fill({ name, password: secret });
  await person.press("shop signIn.button");
  return person;
}

async function takesOn(owner: Person, scene: Scene, signIn: string, role: string): Promise<void> {
  await owner.go(`${scene.demo.shop.url}/staff/team`);
  await owner.fill(
    { name: `Kei ${signIn}`, signIn, password, ownPassword: scene.demo.shop.staffPassword },
    "#add-form",
  );
  await owner.choose("role", role, "#add-form");
  await owner.press("shop team.addButton");
  assert.ok(await owner.has(`[data-member="${signIn}"]`), await owner.reads());
  await isOpen(owner);
}

/** Opens the one order that is found by what was typed. */
async function finds(staff: Person, scene: Scene, q: string): Promise<void> {
  await staff.go(`${scene.demo.shop.url}/staff`);
  await isOpen(staff);
  await staff.page.fill("#q", q);
  await staff.press("shop search.button");
  await isOpen(staff);
  await staff.follow(staff.page.locator("#orders a").first());
}

const looks: readonly (Look & { mark: string })[] = [
  { size: "phone", lang: "ja", scripts: true, mark: "one" },
  { size: "desk", lang: "en", scripts: false, mark: "two" },
];

async function day(scene: Scene, mark: string): Promise<void> {
  const { demo, crowd } = scene;
  const owner = await signsIn(scene, "", demo.shop.staffPassword);
  const [clerkName, managerName] = [`clerk-${mark}`, `boss-${mark}`];
  await takesOn(owner, scene, clerkName, "clerk");
  await takesOn(owner, scene, managerName, "manager");
  await owner.go(`${demo.shop.url}/staff/servers`);
  await isOpen(owner);
  assert.ok(await owner.has("[data-key]"), await owner.reads());

  // An order that waits for its buyer gets another price.
  const first = await crowd.somebody();
  const waiting = await orders(scene, first);
  const manager = await signsIn(scene, managerName, password);
  await finds(manager, scene, waiting);
  await manager.unfold("shop act.revise");
  await manager.fill({ "price-1": "5000" }, "#revise-form");
  await manager.press("shop do.revise");
  assert.ok(await manager.has("#old-and-new"), await manager.reads());
  await isOpen(manager);
  await manager.follow(manager.page.locator("#ask-yes"));
  await manager.until(manager.page.locator("body:not(:has(#pending, #waiting))"));
  assert.equal(await manager.page.locator("#refused").count(), 0, await manager.reads());

  // Another is paid for, found by its buyer's name, and shipped by the clerk.
  const buyer = await crowd.somebody();
  const { number, amount } = await buys(scene, buyer);
  const clerk = await signsIn(scene, clerkName, password);
  await finds(clerk, scene, home.name.split(" ")[1] ?? "");
  assert.ok(!(await clerk.has("#cancel-form")), "a clerk calls nothing off");
  await isOpen(clerk);
  await clerk.fill({ carrier: "Hayabusa Express", number: `W-${mark}` }, "#ship-form");
  await clerk.does("shop do.ship");
  assert.ok(await clerk.has('#done [data-call="ship"]'), await clerk.reads());

  // The buyer has it and accepts; the manager pays a part back, and sees it among the money.
  await looksAtTrade(scene, buyer, number);
  await finds(manager, scene, number.slice(0, 6));
  await isOpen(manager);
  await manager.go(`${demo.shop.url}/staff/money`);
  await isOpen(manager);
  assert.ok(await manager.has('[data-queue="way"]'), await manager.reads());
  assert.ok((await manager.yen('[data-queue="way"] [data-figure="frozen"]')) >= amount);
  assert.ok(await manager.has('[data-figure="balance"]'), await manager.reads());
  const statement = manager.page.locator('details:has(form[action="/staff/money/statement"])').first();
  await statement.locator("summary").click();
  const [download] = await Promise.all([
    manager.page.waitForEvent("download"),
    statement.locator("button").click(),
  ]);
  assert.match(download.suggestedFilename(), /^statement-.*\.csv$/);
}

for (const look of looks)
  test(`a day at the shop: ${look.size}, "${look.lang}", ${look.scripts ? "with" : "without"} scripts`, async () => {
    const crowd = new Crowd(browser, look);
    try {
      await day({ demo: world.demo, place: "institution", crowd }, look.mark);
    } finally {
      await crowd.leave();
    }
    assert.deepEqual(crowd.wrong, []);
  });
