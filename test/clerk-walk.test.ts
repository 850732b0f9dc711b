/**
 * A day of a guarantor's clerk, in a real Chromium, on phone and desk, in both languages, with scripts and without: what is stood
 * for by where it stands, what is due and late, a release and a claim for shops that call, who owes then, instalments that a member
 * agrees to, a line nearly used up. A second operator confirms. Each figure agrees with the database.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { launchBrowser } from "./browser.ts";
import { isOpen } from "./support/walks/barriers.ts";
import { deskLooks, wordsOf } from "./support/walks/looks.ts";
import { Crowd, type Person } from "./support/walks/person.ts";
import { signsIn } from "./support/walks/place.ts";
import { until } from "./support/world/world.ts";
import { openDebtors } from "./support/world/debtors.ts";

const browser = await launchBrowser();
after(() => browser.close());

type World = Awaited<ReturnType<typeof openDebtors>>;

const digits = (text: string): number[] =>
  [...text.matchAll(/[0-9][0-9,]*/g)].map(([found]) => Number(found.replaceAll(",", "")));

/** What the page of guarantees says of a phase: how many, and how much. */
async function sumOf({ page }: Person, phase: string): Promise<{ count: number; amount: number }> {
  const line = page.locator(`[data-sum="${phase} JPY"] .spread`);
  if ((await line.count()) === 0) return { count: 0, amount: 0 };
  const [count = 0] = digits(await line.locator("a").innerText());
  const [amount = 0] = digits(await line.locator(".amount").innerText());
  return { count, amount };
}

/** What the lines hold in all, as the ledger has it. */
async function heldInAll({ admin }: World): Promise<number> {
  const [row] = await admin.guarantor.query<{ held: number }>(
    rawSql(
      `select coalesce(sum(held), 0)::float8 as held from accounts where kind = 'credit' and currency = 'JPY'`,
    ),
  );
  return row?.held ?? 0;
}

const goesTo = (person: Person, control: string): Promise<void> =>
  person.follow(person.page.locator(control).first());

/** A list that is gone through without being counted shows nobody, masked or not. */
async function tellsNobody(person: Person): Promise<void> {
  assert.doesNotMatch(await person.reads(), /＊＊＊/u, person.page.url());
}

/** How many pages of somebody were opened. */
async function opened({ admin }: World, member: string): Promise<number> {
  const rows = await admin.guarantor.query({
    text: "select from lookups where person = (select id from people where number = $1) and reason = 'opened'",
    values: [member],
  });
  return rows.length;
}

/** The figures of the page add up to what the lines hold, and each leads to a list of so many. */
async function figuresAreRight(world: World, person: Person): Promise<void> {
  const { url } = world.guarantor;
  await person.go(`${url}/guarantees`);
  const phases = ["earmarked", "open", "due", "collected"];
  let held = 0;
  for (const phase of phases) held += (await sumOf(person, phase)).amount;
  assert.equal(held, await heldInAll(world), "what is stood for is what the lines hold");
  for (const phase of [...phases, "claimed"]) {
    const { count } = await sumOf(person, phase);
    if (count === 0) continue;
    await goesTo(person, `[data-sum="${phase} JPY"] a`);
    assert.equal(await person.page.locator(`[data-guarantee][data-phase=${phase}]`).count(), count, phase);
    await isOpen(person);
    await goesTo(person, ".back");
  }
}

/** What the form of an act asks of who has called, and the reading back; a second operator follows where one is needed. */
async function doesForCaller(person: Person): Promise<void> {
  await isOpen(person);
  await person.choose("channel", "phone");
  await person.fill({ callReference: "call 7", proofReference: "tape 7" });
  await person.choose("proofKind", "callback");
  await person.press("deskForm.readOn");
  await isOpen(person);
  await person.choose("readBack", "yes");
  await person.press("deskRead.submit");
}

/** Another operator confirms the one thing that waits. */
async function confirms(world: World, crowd: Crowd, who: Operator): Promise<void> {
  const other = await crowd.somebody();
  await other.go(`${world.guarantor.url}/signin`);
  await signsIn(other, who);
  await goesTo(other, "#queue-operator-acts");
  await goesTo(other, "main li h2 a");
  await isOpen(other);
  await goesTo(other, "#confirm");
  assert.match(other.page.url(), /done=confirmed$/);
  await other.leave();
}

type Operator = World["guarantor"]["demo"]["operators"][number];

interface Morning {
  collected: string;
  late: string;
  open: string;
  bill: string;
}

/** What has happened before the clerk comes. */
async function morning(world: World): Promise<Morning> {
  const { hana, yui, sora } = world.people;
  const late = await world.owes(sora, 2400);
  const { bill } = await world.billed(hana, 3600);
  const collected = await world.owes(yui, 1500);
  await until("it is due at the store", async () => (await world.pay(collected, 1500)).status === 201);
  await world.sweep();
  const lines = await world.call("guarantor", "GET", `/v1/credit-lines/${yui.number}`, world.desk);
  const [line] = lines.json["items"] as { available: number; limit: number }[];
  assert.ok(line !== undefined, lines.text);
  const open = await world.owes(yui, line.available - Math.floor(line.limit / 20));
  return { collected, late, open, bill };
}

async function clerkDay(world: World, crowd: Crowd): Promise<void> {
  const { url, demo } = world.guarantor;
  const [first, second] = demo.operators;
  assert.ok(first && second);
  const { collected, late, open, bill } = await morning(world);
  const clerk = await crowd.somebody();
  await clerk.go(`${url}/signin`);
  await signsIn(clerk, first);
  await goesTo(clerk, "#queue-guarantees");
  await isOpen(clerk);
  await figuresAreRight(world, clerk);

  // What is late stands first, with what happens then; a list tells numbers, and nobody's name.
  const soon = clerk.page.locator('section[aria-labelledby="next"] [data-guarantee]');
  assert.equal(await soon.first().getAttribute("data-guarantee"), late);
  assert.ok((await clerk.reads()).replaceAll(/\s/gu, "").includes(world.people.sora.number));
  await tellsNobody(clerk);
  assert.ok(await clerk.has(`[data-line="${world.people.yui.number}"]`), await clerk.reads());
  await goesTo(clerk, "#all-lines");
  await isOpen(clerk);
  await tellsNobody(clerk);
  assert.ok(await clerk.has(`[data-line="${world.people.yui.number}"]`), await clerk.reads());

  // The shop calls: it has been paid, and forgot to say so.
  await clerk.go(`${url}/guarantees/list?phase=collected&currency=JPY`);
  await tellsNobody(clerk);
  await goesTo(clerk, `#release-${collected}`);
  await doesForCaller(clerk);
  if (await clerk.has("#waits")) await confirms(world, crowd, second);

  // Another calls: nobody has paid it. From then on the member owes it.
  await clerk.go(`${url}/guarantees/list?phase=due&currency=JPY`);
  assert.equal(await clerk.page.locator(`#claim-${open}`).count(), 0, "not yet");
  await goesTo(clerk, `#claim-${late}`);
  await doesForCaller(clerk);
  if (await clerk.has("#waits")) await confirms(world, crowd, second);
  await clerk.go(`${url}/desk/trades/${late}`);
  await clerk.until('[data-by-operator="guarantee.claimed"]');
  await world.sweep();
  await clerk.go(`${url}/guarantees/list?phase=claimed&currency=JPY`);
  await isOpen(clerk);
  assert.equal(await clerk.page.locator("[data-guarantee]").first().getAttribute("data-guarantee"), late);
  assert.equal(await clerk.page.locator('[data-guarantee] a[href^="/debts/"]').count(), 2);
  await clerk.go(`${url}/guarantees/list?phase=ended&currency=JPY`);
  assert.ok(await clerk.has(`[data-guarantee="${collected}"]`), await clerk.reads());

  // A member who owes calls, and agrees to pay in three parts.
  await clerk.go(`${url}/debts`);
  await tellsNobody(clerk);
  await clerk.go(`${url}/guarantees`);
  await goesTo(clerk, `[data-bill="${bill}"] a`);
  await isOpen(clerk);
  assert.match(await clerk.reads(), /＊＊＊/u, "of one bill it stands there whose it is, masked");
  assert.ok((await opened(world, world.people.hana.number)) > 0, "and that is noted");
  await clerk.activates(clerk.page.locator(`#agree-${bill} > summary`));
  await goesTo(clerk, `#agree-form-${bill} button`);
  assert.ok(await clerk.has("#asked"), await clerk.reads());
  await confirms(world, crowd, second);
  await clerk.go(`${url}/debts/${bill}`);
  assert.equal(await clerk.page.locator(`#instalments-${bill} li`).count(), 3);
  await goesTo(clerk, "#trades a");
  assert.match(clerk.page.url(), /\/desk\/trades\/[0-9]+$/);
  await figuresAreRight(world, clerk);
}

for (const look of deskLooks)
  test(`a day of the guarantor's clerk: ${wordsOf(look)}`, async () => {
    const world = await openDebtors({ after });
    const crowd = new Crowd(browser, look);
    try {
      await clerkDay(world, crowd);
    } finally {
      await crowd.leave();
    }
    assert.deepEqual(crowd.wrong, []);
  });
