/**
 * The walk of the README in a real browser, without scripts, on a phone's screen: order in the shop, approve at the
 * institution, ship, carry, accept a part and see exactly that much paid, and send the rest back. Everything runs as `npm start` runs it.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { codeIn, newestMail } from "./support/wire/guests.ts";
import { bearer } from "./support/wire/http.ts";
import { program, startDemo } from "./support/world/running-demo.ts";

/** Where an order is agreed: the three servers at which the demo's shop sells. */
type Place = "institution" | "facilitator" | "guarantor";
const tillOf = { institution: "direct", facilitator: "facilitated", guarantor: "guaranteed" } as const;

interface Demo {
  shop: { url: string; staffPassword: string };
  institution: { url: string; adminKey: string };
  facilitator: { url: string; adminKey: string };
  guarantor: { url: string; adminKey: string };
  clerks: { email: string; password: string }[];
  members: { at: Place; email: string; password: string; number: string }[];
  operators: { at: Place; email: string; password: string }[];
  carriers: { at: Place; email: string; password: string }[];
  vouchers: { code: string; amount: number }[];
}

const phone = { viewport: { width: 390, height: 844 }, javaScriptEnabled: false };

let world: Awaited<ReturnType<typeof startDemo<Demo>>>;
let demo: Demo;
let browser: Browser;

before(async () => {
  browser = await launchBrowser();
  world = await startDemo<Demo>();
  assert.doesNotMatch(world.said, /"level":/, "a start that goes well has nothing to complain of");
  demo = world.demo;
});

after(async () => {
  await browser?.close();
  await world?.stop();
});

async function order(page: Page, quantity: number, place: Place): Promise<void> {
  await page.goto(demo.shop.url);
  await page.click('a[href^="/products/"]');
  await page.fill("#quantity", String(quantity));
  await page.click("#add");
  await page.click("#checkout");
  await page.fill("#name", "Hana <b>Sato</b>");
  await page.fill("#address", "1-1 Chiyoda, Tokyo");
  await page.fill("#email", "hana@example.com");
  await page.check(`[name="till"][value="${tillOf[place]}"]`);
  await page.click("#order");
  assert.match(page.url(), /\/trades\/[0-9]{14}\/approve$/, "the shop sends the buyer on");
  assert.ok(page.url().startsWith(demo[place].url), `${page.url()} is not the ${place}`);
}

const tradeOf = (page: Page) => /\/trades\/([0-9]{14})/.exec(page.url())?.[1] ?? "";

/** An amount on the page, in minor units of a currency without any. */
async function yen(page: Page, selector: string): Promise<number> {
  return Number((await page.locator(selector).first().innerText()).replaceAll(/[^0-9]/g, ""));
}

/** The code that the newest mail about a trade holds, as an operator of the sandbox reads it. */
async function codeSentTo(place: Place, number: string): Promise<string> {
  const { url, adminKey } = demo[place];
  return codeIn(await newestMail(url, bearer(adminKey), number));
}

const part = (name: string) => `[data-part="${name}"]`;

/** Opens the newest order as the shop's staff. */
async function staffOpens(): Promise<Page> {
  const staff = await (await browser.newContext(phone)).newPage();
  await staff.goto(`${demo.shop.url}/staff`);
  await staff.fill("#password", demo.shop.staffPassword);
  await staff.click("button[type=submit]");
  await staff.click('a[href^="/staff/orders/"]');
  return staff;
}

/** Signs in at a server and opens a trade there. */
async function opens(place: Place, who: { email: string; password: string }, number: string): Promise<Page> {
  const page = await (await browser.newContext(phone)).newPage();
  await page.goto(`${demo[place].url}/signin`);
  await page.fill('[name="email"]', who.email);
  await page.fill('[name="password"]', who.password);
  await page.click("#sign-in-submit");
  await page.goto(`${demo[place].url}/trades/${number}`);
  return page;
}

/** Presses, and waits until the page no longer shows that another server is asked. */
async function presses(page: Page, button: string): Promise<void> {
  await Promise.all([page.waitForEvent("load"), page.click(button)]);
  // The staff are asked once more before money moves.
  if ((await page.locator("#ask-yes").count()) > 0) await page.click("#ask-yes");
  for (let look = 0; look < 300 && (await page.locator("#pending, #waiting").count()) > 0; look += 1)
    await page.reload();
  assert.equal(await page.locator("#refused, #mistakes").count(), 0, await page.locator("main").innerText());
}

/** Loads a page again until it shows what another process has still to do. */
async function until(page: Page, state: string): Promise<void> {
  for (let look = 0; look < 300; look += 1) {
    if ((await page.locator(`[data-state="${state}"]`).count()) > 0) return;
    await page.reload();
  }
  assert.fail(`The trade never became ${state}: ${await page.locator("main").innerText()}`);
}

/** Who has approved is back at the order's page of the shop, which soon knows it. */
async function comesBack(page: Page): Promise<void> {
  assert.match(page.url(), /\/orders\/[A-Za-z0-9_-]{43}$/, page.url());
  assert.ok(page.url().startsWith(demo.shop.url));
  await until(page, "reserved");
}

/** Loads a page again until it shows so much as paid. */
async function settled(page: Page, amount: number): Promise<void> {
  for (let look = 0; look < 300; look += 1) {
    if ((await yen(page, part("settled"))) === amount) return;
    await page.reload();
  }
  assert.fail(`Never paid ${amount}: ${await page.locator("main").innerText()}`);
}

for (const place of ["institution", "facilitator"] as const)
  test(`at the ${place}: from the order to a part paid and a part sent back, as buyer, staff and carrier`, async () => {
    const page = await (await browser.newContext(phone)).newPage();
    const { email, password } = demo.members.find(({ at }) => at === place) ?? { email: "", password: "" };
    await order(page, 3, place);
    const amount = await yen(page, "#amount");
    await page.click("#sign-in-to-approve");
    await page.fill('[name="email"]', email);
    await page.fill('[name="password"]', password);
    await page.click("#sign-in-submit");
    const number = tradeOf(page);
    await page.click("#approve");
    await comesBack(page);
    await page.goto(`${demo[place].url}/trades/${number}`);
    await until(page, "reserved");
    assert.equal(await yen(page, part("frozen")), amount);
    assert.equal(await yen(page, part("settled")), 0);
    const staff = await staffOpens();
    await staff.fill("#ship-carrier", "Hayabusa Express");
    await staff.fill("#ship-number", "P-1");
    await presses(staff, "#ship");
    assert.equal(await staff.locator('[data-place="way"]').count(), 1);
    await page.goto(`${demo[place].url}/trades/${number}`);
    await until(page, "reserved");
    assert.match(await page.locator("#where").innerText(), /P-1/);
    const carrier = demo.carriers.find(({ at }) => at === place);
    assert.ok(carrier !== undefined);
    const brings = await opens(place, carrier, number);
    assert.match(await brings.locator("#addressee").innerText(), /Hana/);
    await presses(brings, "#ship");
    await page.reload();
    assert.equal(await page.locator('[data-place="carried"]').count(), 1);
    await presses(brings, "#deliver");
    await page.reload();
    await until(page, "delivered");
    await page.click("#accept-part summary");
    await page.fill('#accept-part [name="quantity-1"]', "2");
    await presses(page, "#accept-part button[type=submit]");
    await settled(page, (amount / 3) * 2);
    assert.equal(await yen(page, part("frozen")), amount / 3);
    await page.click("#reject-part summary");
    await page.fill('#reject-part [name="reason"]', "The lid is broken");
    await presses(page, "#reject-part button[type=submit]");
    await until(page, "rejected");
    assert.equal(await page.locator('[data-place="toSend"]').count(), 1);
    assert.equal(await yen(page, part("frozen")), amount / 3, "what was rejected stays frozen");
    await page.fill("#send-back-parcel", "B-1");
    await presses(page, "#send-back");
    await brings.reload();
    await brings.click("#return-part summary");
    await presses(brings, "#return");
    await page.reload();
    assert.equal(await page.locator('[data-place="home"]').count(), 1);
    await staff.reload();
    assert.match(await staff.locator("#said").innerText(), /The lid is broken/);
    await presses(staff, "#return");
    await page.reload();
    await until(page, "settled");
    assert.equal(await yen(page, part("released")), amount / 3);
    if (place === "facilitator") return;
    await page.goto(`${demo.institution.url}/accounts`);
    const text = await page.locator("main").innerText();
    assert.ok(
      text.includes((1_000_000 - (amount / 3) * 2).toLocaleString("en")),
      "what is free is what was not paid",
    );
  });

for (const [index, place] of (["institution", "facilitator"] as const).entries())
  test(`at the ${place}: a guest pays with a voucher, and the link lets nobody else in`, async () => {
    const context = await browser.newContext(phone);
    const page = await context.newPage();
    const voucher = demo.vouchers.at(-1 - index);
    assert.ok(voucher !== undefined);
    await order(page, 1, place);
    const number = tradeOf(page);
    await page.click("#as-guest summary");
    const email = `guest-${number}@example.com`;
    await page.fill('#guest-address-form [name="email"]', email);
    await page.click("#send-code");
    await page.fill('#guest-code-form [name="code"]', await codeSentTo(place, number));
    await page.click("#confirm-code");
    assert.match(await page.locator("#confirmed-email").innerText(), new RegExp(email));
    await page.fill('#guest-form [name="name"]', "Nobody Known");
    await page.fill('#guest-form [name="address"]', "2-2 Chiyoda, Tokyo");
    await page.fill('#guest-form [name="birthDate"]', "1990-04-01");
    await page.fill('#guest-form [name="token"]', voucher.code);
    await page.click("#guest-form button[type=submit]");
    await comesBack(page);
    await page.goto(`${demo[place].url}/trades/${number}`);
    await until(page, "reserved");
    const link = await page.locator("#own-link code").innerText();
    const phoneOfGuest = await (await browser.newContext(phone)).newPage();
    await phoneOfGuest.goto(link);
    await until(phoneOfGuest, "reserved");
    assert.equal(await phoneOfGuest.locator("#own-link").count(), 0, "shown once");
    const stranger = await (await browser.newContext(phone)).newPage();
    await stranger.goto(`${demo[place].url}/trades/${number}`);
    assert.match(stranger.url(), /\/signin/, "without the link there is nothing to see");
    assert.equal(await stranger.locator("[data-state]").count(), 0);
  });

test("at the guarantor: figure 8, as member, shop's staff, clerk of a store and operator", async () => {
  const page = await (await browser.newContext(phone)).newPage();
  const member = demo.members.find(({ at }) => at === "guarantor");
  const [clerk] = demo.clerks;
  assert.ok(member !== undefined && clerk !== undefined);
  await order(page, 2, "guarantor");
  const amount = await yen(page, "#amount");
  assert.equal(await page.locator("#as-guest").count(), 0, "credit is for members");
  await page.click("#sign-in-to-approve");
  await page.fill('[name="email"]', member.email);
  await page.fill('[name="password"]', member.password);
  await page.click("#sign-in-submit");
  const number = tradeOf(page);
  await page.click("#approve");
  await comesBack(page);
  const staff = await staffOpens();
  await presses(staff, "#ship");
  await page.goto(`${demo.guarantor.url}/trades/${number}`);
  assert.equal(await page.locator("#pay").count(), 0, "nothing is due before it is accepted");
  await presses(page, "#deliver");
  await presses(page, "#accept-all");
  await until(page, "accepted");
  assert.equal(await yen(page, "#due"), amount);
  assert.equal((await page.locator("#pay-number").innerText()).replaceAll(/[^0-9]/g, ""), number);

  const counter = await (await browser.newContext(phone)).newPage();
  await counter.goto(`${demo.institution.url}/signin`);
  await counter.fill('[name="email"]', clerk.email);
  await counter.fill('[name="password"]', clerk.password);
  await counter.click("#sign-in-submit");
  await counter.goto(`${demo.institution.url}/counter`);
  await counter.fill('#find-form input[name="number"]', number);
  await counter.click("#find");
  assert.equal(await yen(counter, "#amount-due"), amount);
  await counter.click("#take");
  assert.equal(await yen(counter, "#amount-taken"), amount, await counter.locator("main").innerText());
  await counter.goto(`${demo.institution.url}/counter/${number}`);
  assert.equal(await counter.locator("#take").count(), 0, "it is taken once");

  await until(page, "settled");
  assert.equal(await page.locator("#pay").count(), 0);
  await page.goto(`${demo.guarantor.url}/accounts`);
  const free = (1_000_000 - amount).toLocaleString("en");
  assert.ok((await page.locator("main").innerText()).includes(free), "held until the shop was paid");
  await until(staff, "settled");
  await presses(staff, "#end-guarantee");
  await page.reload();
  assert.ok((await page.locator("main").innerText()).includes("1,000,000"), "and free once it has said so");
  const operator = demo.operators.find(({ at }) => at === "guarantor");
  assert.ok(operator !== undefined);
  const desk = await opens("guarantor", operator, number);
  assert.match(await desk.locator("main").innerText(), /ended the guarantee/);
});

test("markup in a name is text", async () => {
  const staff = await staffOpens();
  assert.equal(await staff.locator("b", { hasText: "Sato" }).count(), 0);
  assert.ok((await staff.locator("main").innerText()).includes("<b>Sato</b>"));
});

test("at the guarantor: reserved first, by the page of shops, and ordered by showing the number", async () => {
  const page = await (await browser.newContext(phone)).newPage();
  const member = demo.members.find(({ at }) => at === "guarantor");
  assert.ok(member !== undefined);
  await page.goto(`${demo.guarantor.url}/signin`);
  await page.fill('[name="email"]', member.email);
  await page.fill('[name="password"]', member.password);
  await page.click("#sign-in-submit");
  await page.goto(`${demo.guarantor.url}/portal`);
  await page.click('#shops a[id^="reserve-"]');
  await page.fill("#amount", "60,000");
  await page.click("#reserve-submit");
  const number = tradeOf(page);
  assert.equal((await page.locator("#earmark-number").innerText()).replaceAll(/[^0-9]/g, ""), number);
  await page.goto(`${demo.guarantor.url}/portal`);
  await page.click('#shops a[id^="go-"]');
  const [name, address] = [page.locator("label[for=name] .under"), page.locator("label[for=address] .under")];
  const told = [await name.innerText(), await address.innerText()];
  await page.click("#go-submit");
  assert.ok(page.url().startsWith(`${demo.shop.url}/welcome?`), page.url());
  await page.click("#fill-in");
  await page.goto(demo.shop.url);
  await page.click('a[href^="/products/"]');
  await page.click("#add");
  await page.click("#checkout");
  assert.deepEqual([await page.inputValue("#name"), await page.inputValue("#address")], told);
  assert.equal(await page.locator("#filled-in").count(), 1, "and the shop says that it has filled them in");
  await page.fill("#email", "hana@example.com");
  await page.fill("#reserved", number);
  await page.click("#order");
  await comesBack(page);
  await page.goto(`${demo.guarantor.url}/trades/${number}`);
  assert.ok((await yen(page, "#amount")) < 60_000, "what is left is free again");
  await page.click("#order-is-mine");
  assert.equal(await page.locator("#order-look").count(), 0);
  const staff = await staffOpens();
  await presses(staff, "#ship");
  await page.reload();
  assert.equal(await page.locator('[data-place="way"]').count(), 1);
});

test("after all of it the books agree, and the past is what was sealed", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, "audit", "--dir", world.dir]);
  assert.match(stdout, /^The books agree\.$/m);
  assert.match(stdout, /^The past is what was sealed/m);
});
