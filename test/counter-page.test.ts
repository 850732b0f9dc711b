/** A clerk at the counter in a real browser, without scripts: the number typed, what is due taken, and the receipt. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { newNumber, openCounters } from "./support/world/counters.ts";

const world = await openCounters({ after });
const clerk = await world.collector();
let browser: Browser;
let page: Page;

before(async () => {
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 820, height: 1100 }, javaScriptEnabled: false });
});
after(async () => {
  await browser?.close();
});

const heading = () => page.locator("h1").innerText();
/** Where somebody who looks at the pages keeps pictures of them. */
async function look(name: string): Promise<void> {
  const folder = process.env["KENSHU_PICTURES"];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

async function find(typed: string): Promise<void> {
  await page.goto(`${world.url}/counter`);
  await page.fill("#number", typed);
  await page.click("#find");
}

test("a clerk signs in and stands at the counter", async () => {
  await page.goto(`${world.url}/counter`);
  await page.fill("#email", clerk.email);
  await page.fill("#password", clerk.password);
  await page.click("main button[type=submit]");
  assert.equal(await heading(), "Counter");
  assert.deepEqual(await page.locator("nav a").allInnerTexts(), ["Counter"]);
});

test("what is typed wrong, or was never due, is said at the field", async () => {
  await find("4821 0733 1111");
  assert.match(await page.locator("#number-error").innerText(), /check its digits/);
  await look("counter-wrong");
  await find(newNumber());
  assert.match(await page.locator("#number-error").innerText(), /ever due/);
});

test("the amount due stands in large digits, is taken once, and has a receipt", async () => {
  const number = newNumber();
  await world.tell([world.due(number, 12_340)]);
  await find(number.replaceAll(/(.{4})/g, "$1 "));
  assert.equal(await page.locator("#amount-due").innerText(), "¥12,340");
  await look("counter-due");
  await page.fill("#reference", "till 3, slip 118");
  await page.click("#take");
  assert.equal(await heading(), "Taken");
  assert.equal(await page.locator("#amount-taken").innerText(), "¥12,340");
  assert.match(await page.locator("main").innerText(), /till 3, slip 118/);
  await look("counter-receipt");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#next").isVisible(), false, "what is printed is the receipt");
  await look("counter-receipt-printed");
  await page.emulateMedia({ media: "screen" });
  await find(number);
  assert.equal(await page.locator("[data-state]").getAttribute("data-state"), "paid");
  assert.equal(await page.locator("#take").count(), 0);
  await look("counter-paid");
  assert.equal(await world.balances(clerk.account), "-12340");
});

test("money that is in the till and not due is kept, with a receipt that says so", async () => {
  const number = newNumber();
  await world.tell([world.due(number, 500)]);
  await find(number);
  await page.locator("#in-the-till summary").click();
  await page.fill("#taken", "7,00x");
  await page.click("#keep");
  assert.match(await page.locator("#taken-error").innerText(), /amount/);
  await page.fill("#taken", "700");
  await page.click("#keep");
  assert.equal(await heading(), "Kept for return");
  await look("counter-kept");
  await find(number);
  assert.equal(await page.locator("#amount-due").innerText(), "¥500");
});

test("a due that changes between look and press is not taken for another", async () => {
  const number = newNumber();
  const due = world.due(number, 900);
  await world.tell([due]);
  await find(number);
  await world.tell([{ ...due, id: crypto.randomUUID(), version: 2, amount: 450 }]);
  await page.click("#take");
  assert.equal(await page.locator("#refused").count(), 1);
  assert.equal(await page.locator("#amount-due").innerText(), "¥450");
  await look("counter-changed");
  assert.deepEqual(await world.audit(), []);
});

test("nobody else stands at the counter", async () => {
  const [member] = world.demo.members;
  const other = await browser.newPage({ javaScriptEnabled: false });
  await other.goto(`${world.url}/signin?next=/counter`);
  await other.fill("#email", member?.email ?? "");
  await other.fill("#password", member?.password ?? "");
  await other.click("main button[type=submit]");
  assert.match(await other.locator("main").innerText(), /not yours to do|may not do this/);
  await other.close();
});
