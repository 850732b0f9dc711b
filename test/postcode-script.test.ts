/** The script of the pages fills an address in by its postcode, and leaves alone what somebody has typed. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launchBrowser } from "./browser.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, log: "error" });
const browser = await launchBrowser();
after(() => browser.close());

test("a postcode fills the beginning of an address in, in either width, and what was typed stays", async () => {
  const page = await browser.newPage();
  const troubles: string[] = [];
  page.on("pageerror", ({ message }) => troubles.push(message));
  await page.goto(`${world.url}/join`);
  assert.equal(await page.locator("#fill-address").count(), 0, "the script needs no button");
  const filled = (text: string) =>
    page.waitForFunction(
      (wanted) => document.querySelector<HTMLInputElement>("#address")?.value === wanted,
      text,
    );
  await page.fill("#postcode", "１００－０００５");
  await filled("〒100-0005 東京都千代田区丸の内");
  await page.fill("#address", "〒100-0005 東京都千代田区丸の内1-1-1");
  await page.fill("#postcode", "604-8111");
  await filled("〒604-8111 京都府京都市中京区桝屋町1-1-1");
  await page.fill("#address", "somewhere of my own");
  const asked = page.waitForResponse((reply) => reply.url().endsWith("/postcodes/1000005"));
  await page.fill("#postcode", "1000005");
  await (await asked).finished();
  await page.fill("#postcode", "9999999");
  await page.getByText("There is no such postcode").waitFor();
  await page.fill("#postcode", "999");
  await page.getByText("There is no such postcode").waitFor({ state: "hidden" });
  assert.equal(await page.inputValue("#address"), "somewhere of my own");
  assert.deepEqual(troubles, []);
  await page.close();
});

test("without scripts the button does it", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${world.url}/join`);
  await page.fill("#name", "佐藤 花");
  await page.fill("#postcode", "１０００００５");
  await page.click("#fill-address");
  assert.equal(await page.inputValue("#address"), "〒100-0005 東京都千代田区丸の内");
  assert.equal(await page.inputValue("#name"), "佐藤 花");
  await context.close();
});
