/**
 * A present from the shop's order to its recipient's acceptance, on a phone's screen and by pages alone: the code comes out of
 * the papers that the shop prints, the link from the buyer's page. In English and in Japanese, with scripts.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { startDemo } from "./support/world/running-demo.ts";

type Place = "institution" | "facilitator" | "guarantor";
const tillOf = { institution: "direct", facilitator: "facilitated", guarantor: "guaranteed" } as const;

interface Demo extends Record<Place, { url: string }> {
  shop: { url: string; staffPassword: string };
  members: { at: Place; email: string; password: string }[];
}

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

interface Stage {
  place: Place;
  locale: "en" | "ja-JP";
  /** What the recipient reads first and last, and how the code is typed there. */
  says: { title: string; from: string; over: string };
  typed: (code: string) => string;
  /** Pages, and what went wrong on any of them. */
  fresh: () => Promise<{ page: Page; context: BrowserContext }>;
}

function stageOf(of: Omit<Stage, "fresh">, wrong: string[]): Stage {
  const fresh = async () => {
    const viewport = { width: 360, height: 740 };
    const context = await browser.newContext({ viewport, locale: of.locale, timezoneId: "Asia/Tokyo" });
    const page = await context.newPage();
    page.on("console", (message) => {
      if (message.type() === "error") wrong.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error.message}`));
    return { page, context };
  };
  return { ...of, fresh };
}

/** Presses, and waits until no other server is asked any more. */
async function presses(page: Page, button: string): Promise<void> {
  await Promise.all([page.waitForEvent("load"), page.click(button)]);
  for (let look = 0; look < 300 && (await page.locator("#pending, #waiting").count()) > 0; look += 1)
    await page.reload();
  assert.equal(await page.locator("#refused, #mistakes").count(), 0, await page.locator("main").innerText());
}

/** Loads a page again until something stands on it. */
async function until(page: Page, selector: string): Promise<void> {
  for (let look = 0; look < 300; look += 1) {
    if ((await page.locator(selector).count()) > 0) return;
    await page.reload();
  }
  assert.fail(`There never was ${selector}: ${await page.locator("main").innerText()}`);
}

/** The buyer orders for somebody else, approves what they have read, and passes the link on. */
async function orders({ place, fresh }: Stage): Promise<{ page: Page; link: string }> {
  const { page, context } = await fresh();
  await page.goto(world.demo.shop.url);
  await page.click('a[href^="/products/"]');
  await page.click("#add");
  await page.click("#checkout");
  await page.fill("#name", "Hana Sato");
  await page.fill("#address", "1-1 Chiyoda, Tokyo");
  await page.fill("#email", "hana@example.com");
  await page.check("#receiver-other");
  await page.fill("#recipientName", "Mei <b>Ito</b>");
  await page.fill("#recipientAddress", "3-3 Minato, Tokyo");
  await page.fill("#from", "Hana & Aki");
  await page.fill("#greeting", "Happy birthday!\nFrom both of us.");
  await page.check(`[name="till"][value="${tillOf[place]}"]`);
  await page.click("#order");
  const { email, password } = world.demo.members.find(({ at }) => at === place) ?? assert.fail();
  assert.equal(
    await page.locator("#present-for").count(),
    0,
    "who has only the link is not told to whom it goes",
  );
  await page.click("#sign-in-to-approve");
  await page.fill('[name="email"]', email);
  await page.fill('[name="password"]', password);
  await page.click("#sign-in-submit");
  assert.match(await page.locator("#present-for").innerText(), /Mei <b>Ito<\/b>.*Hana & Aki/);
  assert.match(await page.locator("#greeting").innerText(), /Happy birthday!\nFrom both of us\./);
  await page.click("#approve");
  await until(page, "#for-recipient a");
  await page.click("#for-recipient a");
  await until(page, "#recipient-link");
  const link = await page.locator("#recipient-link").innerText();
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: world.demo[place].url });
  const before = await page.locator("#share").innerText();
  await page.click("#share");
  await page.waitForFunction((text) => document.getElementById("share")?.textContent !== text, before);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  return { page, link };
}

/** The staff read the code, print the papers, and ship. Answers the code as it stands on the slip. */
async function packs({ fresh }: Stage): Promise<string> {
  const { page } = await fresh();
  await page.goto(`${world.demo.shop.url}/staff`);
  await page.fill("#password", world.demo.shop.staffPassword);
  await page.click("#sign-in button");
  await page.click('a[href^="/staff/orders/"]');
  await until(page, "#recipient-code");
  const path = page.url();
  await page.click("#papers");
  assert.equal(await page.locator("#label .bars, #slip .squares").count(), 2);
  const code = await page.locator("#parcel-code").innerText();
  assert.ok(!(await page.locator("#label").innerText()).includes(code));
  assert.match(await page.locator("#slip").innerText(), /Hana & Aki/);
  await page.goto(path);
  await presses(page, "#ship");
  return code;
}

/** The recipient opens the link, types the code once, and says that it has come and is right. */
async function receives({ fresh, says, typed, locale }: Stage, link: string, code: string): Promise<void> {
  const { page } = await fresh();
  await page.goto(link);
  assert.equal(await page.locator("html").getAttribute("lang"), locale.slice(0, 2));
  assert.equal(await page.locator("h1").innerText(), says.title);
  assert.equal(await page.locator("#gift-from").innerText(), says.from);
  assert.match(await page.locator("#greeting").innerText(), /Happy birthday!/);
  assert.doesNotMatch(await page.locator("body").innerText(), /[¥￥]|円|Sato/);
  assert.equal(await page.locator('a[href^="/join"], a[href^="/signin"], #accept-all').count(), 0);
  await page.fill("#gift-giftCode", typed("00000000"));
  await page.click("#gift-code");
  assert.equal(await page.locator("#gift-giftCode-error").count(), 1);
  await page.fill("#gift-giftCode", typed(code));
  await presses(page, "#gift-code");
  assert.equal(await page.locator('[name="giftCode"]').count(), 0, "it is asked for once");
  assert.equal(await page.locator("#deliver").count(), 1);
  const main = page.locator("button.button:not(.quiet):not(.stop):visible");
  assert.deepEqual(await main.evaluateAll((all) => all.map(({ id }) => id)), ["deliver"]);
  await presses(page, "#deliver");
  await presses(page, "#accept-all");
  await until(page, "#now:not([data-lead])");
  assert.equal(await page.locator("#now").innerText(), says.over);
}

const stages: Omit<Stage, "fresh">[] = [
  {
    place: "institution",
    locale: "en",
    says: {
      title: "A present for you",
      from: "From Hana & Aki",
      over: "Accepted. Thank you, there is nothing left to do.",
    },
    typed: (code) => code,
  },
  {
    place: "facilitator",
    locale: "ja-JP",
    says: {
      title: "あなたへの贈り物",
      from: "贈り主：Hana & Aki",
      over: "検収済みです。ありがとうございました。これ以上のお手続きは不要です。",
    },
    typed: (code) => code.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(digit.charCodeAt(0) + 0xfee0)),
  },
];

for (const of of stages)
  test(`a present comes from the order to its acceptance, at the ${of.place}, in ${of.locale}`, async () => {
    const wrong: string[] = [];
    const stage = stageOf(of, wrong);
    const { page, link } = await orders(stage);
    const code = await packs(stage);
    await receives(stage, link, code);
    await until(page, '[data-state="settled"]');
    // A code that is wrong is answered by its status, which browsers note.
    assert.deepEqual(
      wrong.filter((each) => !each.includes("403")),
      [],
    );
  });
