/**
 * An owner of a shop invites somebody who packs, in a real Chromium, on phone and desk, in both languages, with scripts and
 * without: they choose a password by the mail's link, ship, are offered nothing that their role does not include, and are out
 * when they are removed.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launchBrowser } from "./browser.ts";
import { isOpen } from "./support/walks/barriers.ts";
import { lookOf, wordsOf } from "./support/walks/looks.ts";
import { Crowd, type Person } from "./support/walks/person.ts";
import { signsIn } from "./support/walks/place.ts";
import { shopTeam } from "./support/world/shop-team.ts";
import { startGuarded } from "./support/world/two-operators.ts";

const guarded = await startGuarded({ after });
const { url } = guarded;
const team = await shopTeam(guarded);
const browser = await launchBrowser();
after(() => browser.close());

const sends = (person: Person, form: string): Promise<void> =>
  person.follow(person.page.locator(`#${form} button:not([name])`).last());

/** The form is sent, and the password typed where the proof is asked for. */
async function proves(person: Person, form: string, password: string): Promise<void> {
  person.isRefused(403);
  await sends(person, form);
  await isOpen(person);
  await person.fill({ proofPassword: password }, "#proof-form");
  await sends(person, "proof-form");
  assert.ok(await person.has("#done"), await person.reads());
}

async function invites(owner: Person, email: string): Promise<string> {
  await owner.go(`${url}/signin`);
  await signsIn(owner, team.owner);
  await owner.go(`${url}/shop/settings`);
  await owner.follow(owner.page.locator("#to-team"));
  await isOpen(owner);
  await owner.fill({ name: "Oto Kita", email }, "#invite-form");
  await owner.choose("role", "orders", "#invite-form");
  await proves(owner, "invite-form", team.owner.password);
  const card = owner.page.locator('li[id^="person-"]').last();
  assert.equal(await card.getAttribute("data-state"), "invited");
  return (await card.getAttribute("id"))?.replace("person-", "") ?? "";
}

async function joins(mate: Person, email: string, password: string): Promise<void> {
  await mate.go(`${url}/reset/${await team.invitationTo(email)}`);
  await mate.fill({ password });
  await mate.follow(mate.page.locator("main form button").last());
  await mate.go(`${url}/signin`);
  await signsIn(mate, { email, password });
  assert.ok(mate.page.url().startsWith(`${url}/shop`), mate.page.url());
}

async function day(crowd: Crowd, turn: number): Promise<void> {
  const [owner, mate] = [await crowd.somebody(), await crowd.somebody()];
  const email = `oto-${turn}@shops.example`;
  const id = await invites(owner, email);
  // It did not arrive: another one goes, and the link of before leads nowhere.
  const before = await team.invitationTo(email);
  await owner.page.locator(`#again-part-${id} > summary`).click();
  await proves(owner, `again-form-${id}`, team.owner.password);
  assert.notEqual(await team.invitationTo(email), before);
  await joins(mate, email, "leaves in the east wind");
  for (const place of ["/shop/money", "/shop/settings"])
    assert.ok(!(await mate.has(`nav a[href="${place}"]`)), place);

  const number = await team.order();
  await mate.go(`${url}/shop/orders/${number}`);
  await mate.fill({ carrier: "Hayabusa Express", parcel: `T-${turn}` }, "#ship-form");
  await sends(mate, "ship-form");
  assert.ok(await mate.has("#done"), await mate.reads());
  assert.match(await mate.reads(), /Oto Kita/, "who shipped stands with the order");
  await team.accept(number);
  await mate.go(`${url}/shop/orders/${number}`);
  assert.ok(await mate.has("#not-yours"), await mate.reads());
  for (const form of ["refund-form", "offer-form", "accept-form"])
    assert.ok(!(await mate.has(`#${form}`)), form);
  await isOpen(mate);
  mate.isRefused(403);
  await mate.go(`${url}/shop/team`);
  assert.ok(!(await mate.has("#invite-form")));

  await owner.go(`${url}/shop/acts`);
  await isOpen(owner);
  assert.match(await owner.reads(), /Oto Kita/);
  await owner.go(`${url}/shop/team`);
  await owner.page.locator(`#remove-part-${id} > summary`).click();
  await proves(owner, `remove-form-${id}`, team.owner.password);
  assert.ok(!(await owner.has(`#person-${id}`)));
  await mate.go(`${url}/shop`);
  assert.ok(mate.page.url().startsWith(`${url}/signin`), "they are out");
}

for (const turn of [0, 1, 2, 3])
  test(`an owner and who packs: ${wordsOf(lookOf(turn))}`, async () => {
    const crowd = new Crowd(browser, lookOf(turn));
    try {
      await day(crowd, turn);
    } finally {
      await crowd.leave();
    }
    assert.deepEqual(crowd.wrong, []);
  });
