/**
 * A day at a counter, in a real Chromium, on phone and desk, in both languages, with scripts and without: what is typed wrong is said
 * at the field, what is due is taken, its receipt is found again, what was paid or withdrawn is not taken, another currency neither;
 * at the end of the shift the till is counted, and the table says the same. A browser that complains fails its walk.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launchBrowser } from "./browser.ts";
import { isOpen } from "./support/walks/barriers.ts";
import { deskLooks, wordsOf } from "./support/walks/looks.ts";
import { Crowd, type Person } from "./support/walks/person.ts";
import { signsIn } from "./support/walks/place.ts";
import { type Collector, newNumber, openCounters } from "./support/world/counters.ts";

const world = await openCounters({ after });
const { url } = world;
const browser = await launchBrowser();
after(() => browser.close());

const goesTo = (person: Person, control: string): Promise<void> =>
  person.follow(person.page.locator(control).first());

/** As a clerk does it: the digits are typed or scanned, and the line ends. */
async function finds(person: Person, typed: string): Promise<void> {
  await person.go(`${url}/counter`);
  await person.fill({ number: typed });
  await goesTo(person, "#find");
}

async function takes(person: Person, number: string, reference: string): Promise<void> {
  await finds(person, number.replaceAll(/(.{4})/g, "$1 "));
  await isOpen(person);
  await person.fill({ reference });
  await goesTo(person, "#take");
  assert.match(await person.reads(), new RegExp(reference));
  await isOpen(person);
}

/** What is not to be taken is said where the clerk looks, and there is no button for it. */
async function isNotTaken(person: Person): Promise<void> {
  const paid = newNumber();
  const gone = newNumber();
  const dollars = newNumber();
  const told = world.due(gone, 700);
  await world.tell([world.due(paid, 500), told]);
  await takes(person, paid, "slip 1");
  await finds(person, paid);
  assert.equal(await person.page.locator("[data-state]").getAttribute("data-state"), "paid");
  assert.equal(await person.page.locator("#take").count(), 0);
  await world.tell([{ ...told, id: crypto.randomUUID(), version: 2, amount: 0 }]);
  await finds(person, gone);
  assert.equal(await person.page.locator("[data-state]").getAttribute("data-state"), "withdrawn");
  assert.equal(await person.page.locator("#take").count(), 0);
  await isOpen(person);
  const [outcome] = await world.tell([world.due(dollars, 900, { currency: "USD" })]);
  if (outcome?.status === 200) {
    await finds(person, dollars);
    assert.ok(await person.has("#other-currency"), await person.reads());
    assert.equal(await person.page.locator("#take").count(), 0);
  }
  person.isRefused(422);
  await finds(person, "4821 0733 1111");
  assert.ok(await person.has("#number-error"), await person.reads());
  await isOpen(person);
  person.isRefused(404);
  await finds(person, newNumber());
  assert.ok(await person.has("#number-error"), await person.reads());
}

async function counts(person: Person, counted: string): Promise<void> {
  await person.fill({ counted }, "#count-form");
  await goesTo(person, "#compare");
}

async function counterDay(person: Person, clerk: Collector): Promise<void> {
  const { page } = person;
  await person.go(`${url}/counter`);
  await signsIn(person, clerk);
  await isOpen(person);
  const number = newNumber();
  await world.tell([world.due(number, 12_340)]);
  await takes(person, number, "till 3, slip 118");
  await isNotTaken(person);

  // More than is due lies in the till already: it is said, and kept for whoever paid it.
  const more = newNumber();
  await world.tell([world.due(more, 500)]);
  await finds(person, more);
  await person.activates(page.locator("#in-the-till > summary"));
  await person.fill({ taken: "700" });
  await goesTo(person, "#keep");
  assert.ok(await person.has("#kept"), await person.reads());

  // The end of the shift.
  await person.go(`${url}/counter`);
  await goesTo(person, "#day");
  await isOpen(person);
  assert.equal(await person.yen('[data-kind="taken"]'), 12_840);
  assert.equal(await person.yen('[data-kind="kept"]'), 700);
  assert.equal(await person.yen("#owed"), 13_540);
  assert.equal(await world.balances(clerk.account), "-13540");
  assert.equal(await page.locator("[data-line]").count(), 3);
  assert.equal(
    await page.locator("[data-line]").first().getAttribute("data-kind"),
    "kept",
    "the newest first",
  );
  await counts(person, "13,040");
  assert.match(await person.text("#differs"), /500/);
  await isOpen(person);
  await counts(person, "13540");
  assert.ok(await person.has("#even"), await person.reads());
  person.isRefused(422);
  await counts(person, "a lot");
  assert.ok(await person.has("#counted-error"), await person.reads());

  // The receipt again, for whoever comes back for it.
  await person.go(`${url}/counter/day`);
  await person.follow(page.locator(`[data-line] a[href*="/receipts/"][href*="${number}"]`));
  assert.equal(await person.yen("#amount-taken"), 12_340);
  const table = await page.request.get(`${url}/counter/day.csv`);
  assert.equal(table.status(), 200, await table.text());
  const lines = (await table.text()).trim().split("\r\n");
  assert.equal(lines.length, 4, "a head, and what went through the till");
  assert.match(lines[1] ?? "", new RegExp(`,taken,${number},JPY,12340,`));
  const fromNoList = `${url}/counter/day?after=1_00000000-000000000000000000000000000_1`;
  assert.equal((await page.request.get(fromNoList)).status(), 422);

  // A shift that was before, and one that never was.
  await person.go(`${url}/counter/day?day=2020-02-03&from=09:00&to=17:00`);
  assert.equal(await page.locator("[data-line]").count(), 0);
  await person.go(`${url}/counter/day?day=2020-02-03&from=17:00&to=09:00`);
  assert.ok(await person.has("#day-error"), await person.reads());
}

for (const look of deskLooks)
  test(`a day at the counter: ${wordsOf(look)}`, async () => {
    const clerk = await world.collector();
    const crowd = new Crowd(browser, look);
    try {
      await counterDay(await crowd.somebody(), clerk);
    } finally {
      await crowd.leave();
    }
    assert.deepEqual(crowd.wrong, []);
    assert.deepEqual(await world.audit(), []);
  });
