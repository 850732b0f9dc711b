/**
 * Two operators of each server through their day, in a real browser, on a phone and at a desk, in Japanese and in English, with
 * scripts and without.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { openGuaranteed } from "./support/world/guaranteed.ts";
import { openPair } from "./support/world/pair.ts";

interface Operator {
  email: string;
  password: string;
}

/** A server with a shop and its first two operators. */
interface House {
  url: string;
  shop: { id: string; name?: string };
  first: Operator;
  second: Operator;
}

function houseOf({
  url,
  demo,
}: {
  url: string;
  demo: { shops: House["shop"][]; operators: Operator[] };
}): House {
  const [shop] = demo.shops;
  const [first, second] = demo.operators;
  if (!shop || !first || !second) throw new Error("No demo.");
  return { url, shop, first, second };
}

const { guarantor, institution } = await openGuaranteed({ after });
const { facilitator } = await openPair({ after });
const houses = {
  guarantor: houseOf(guarantor),
  institution: houseOf(institution),
  facilitator: houseOf(facilitator),
} as const;

let browser: Browser;
const complaints: string[] = [];
before(async () => {
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
});

interface Reader {
  page: Page;
  go: (path: string) => Promise<void>;
}

async function signedIn(
  { url }: House,
  who: Operator,
  locale: "ja-JP" | "en-GB",
  width: number,
  scripts: boolean,
): Promise<Reader> {
  const context = await browser.newContext({
    locale,
    viewport: { width, height: 800 },
    javaScriptEnabled: scripts,
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${url}/signin`);
  await page.fill("#email", who.email);
  await page.fill("#password", who.password);
  await page.click("main button[type=submit]");
  assert.equal(new URL(page.url()).pathname, "/desk");
  return { page, go: async (path) => void (await page.goto(`${url}${path}`)) };
}

/** Nothing of a page stands out at its side. */
async function fits(page: Page): Promise<void> {
  const [inner, outer] = await page.locator("html").evaluate((html) => [html.scrollWidth, html.clientWidth]);
  assert.ok((inner ?? 0) <= (outer ?? 0), `${page.url()} is ${inner} wide on ${outer}`);
}

/** The first operator asks for a shop's fee. */
async function askForFee({ page }: Reader, { shop }: House, percent: string): Promise<void> {
  await page.click("#list-acts");
  await fits(page);
  await page.click("#form-shop-fee");
  await page.fill("#id", shop.id);
  await page.fill("#currency", "jpy");
  await page.fill("#fixed", "３０");
  await page.fill("#basisPoints", percent);
  await page.check("#roundTo-shop");
  await fits(page);
  await page.click("#look");
  assert.match(await page.locator("#sure-form").innerText(), /¥30|30円/);
  await fits(page);
  await page.click("#change");
  assert.equal(await page.inputValue("#basisPoints"), percent, "what was typed is still there");
  await page.click("#look");
  await page.click("#sure");
  assert.match(page.url(), /\/operator-acts\/.+asked=yes$/);
  assert.equal(await page.locator("#confirm").count(), 0, "nobody confirms what they asked for");
}

async function confirmIt({ page, go }: Reader): Promise<void> {
  await go("/desk");
  await page.click("#queue-operator-acts");
  await fits(page);
  await page.locator("main li h2 a").first().click();
  await fits(page);
  await page.click("#confirm");
  assert.match(page.url(), /done=confirmed$/);
}

for (const [place, locale, width, scripts, percent] of [
  ["guarantor", "ja-JP", 360, true, "250"],
  ["institution", "en-GB", 1280, false, "260"],
  ["facilitator", "ja-JP", 360, false, "270"],
  ["guarantor", "en-GB", 1280, false, "280"],
  ["institution", "ja-JP", 360, true, "290"],
  ["facilitator", "en-GB", 1280, true, "310"],
] as const)
  test(`at the ${place} one operator asks and another confirms: ${locale}, ${width} wide, scripts ${scripts}`, async () => {
    const house = houses[place];
    const one = await signedIn(house, house.first, locale, width, scripts);
    await askForFee(one, house, percent);
    const other = await signedIn(house, house.second, locale, width, scripts);
    await confirmIt(other);
    await one.go(`/desk/parties/shops/${house.shop.id}`);
    await fits(one.page);
    assert.match(await one.page.locator("main").innerText(), new RegExp(`${Number(percent) / 100}%`));
    for (const path of [
      "/desk/applications",
      "/disputes",
      "/desk/operators",
      "/desk/servers",
      "/desk/breaks",
      "/running",
    ]) {
      await one.go(path);
      await fits(one.page);
      assert.equal(await one.page.locator("h1").count(), 1, path);
    }
    await one.page.context().close();
    await other.page.context().close();
  });

test("no page has complained", () => {
  assert.deepEqual(complaints, []);
});
