/** The camera at the door: what it reads leads to the trade, or goes into the field for which it was asked. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import bwipjs from "bwip-js";
import type { Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { bearer, request } from "./support/wire/http.ts";
import { startWorld } from "./support/world/world.ts";

const { url, demo } = await startWorld({ after }, { durable: false, log: "error" });
const [shop] = demo.shops;
const [hana] = demo.members;
const [carrier] = demo.carriers;
assert.ok(shop && hana && carrier);

const reply = await request(`${url}/v1/trades`, "POST", bearer(shop.key), {
  buyer: { member: hana.number },
  currency: "JPY",
  amount: 5000,
  approval: { mandate: hana.mandates[shop.key] ?? "" },
  acceptance: { by: ["buyer"], need: 1 },
  carrier: carrier.id,
  reference: randomUUID(),
});
assert.equal(reply.status, 201, reply.text);
const number = String(reply.json["number"]);

/** A picture of bars as a camera would see it: one frame in YUV4MPEG2. */
function filmOf(digits: string): Buffer {
  const [symbol] = bwipjs.raw("code128", digits);
  assert.ok(symbol !== undefined && "sbs" in symbol);
  const [width, height, module] = [640, 480, 4];
  const light = Buffer.alloc(width * height, 235);
  let at = 60;
  for (const [index, bars] of symbol.sbs.entries()) {
    const wide = bars * module;
    if (index % 2 === 0)
      for (let row = 120; row < 360; row += 1) light.fill(16, row * width + at, row * width + at + wide);
    at += wide;
  }
  const colour = Buffer.alloc((width * height) / 2, 128);
  return Buffer.concat([
    Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`),
    light,
    colour,
  ]);
}

const dir = await mkdtemp(join(tmpdir(), "kenshu-film-"));
const film = join(dir, "label.y4m");
await writeFile(film, filmOf(number));
const browser = await launchBrowser([
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  `--use-file-for-fake-video-capture=${film}`,
]);
after(async () => {
  await browser.close();
  await rm(dir, { recursive: true, force: true });
});

async function signedIn(ownReader?: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  if (ownReader !== undefined)
    await page.addInitScript((rawValue) => {
      Object.assign(globalThis, {
        BarcodeDetector: class {
          static getSupportedFormats(): Promise<string[]> {
            return Promise.resolve(["code_128", "qr_code"]);
          }
          detect(): Promise<{ rawValue: string }[]> {
            return Promise.resolve([{ rawValue }]);
          }
        },
      });
    }, ownReader);
  await page.goto(`${url}/signin?next=/trades`);
  await page.fill("#email", carrier?.email ?? "");
  await page.fill("#password", carrier?.password ?? "");
  await page.click("#sign-in-submit");
  await page.waitForSelector("body[data-round-ahead]");
  return page;
}

const policyOf = (page: Page, path: string): Promise<string> =>
  page.evaluate(async (address) => {
    const answer = await fetch(address);
    return answer.headers.get("content-security-policy") ?? "";
  }, path);

test("the label of a parcel leads to its trade, read by the reader that comes along", async () => {
  const page = await signedIn();
  const wrong: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  await page.click(".round-scan");
  await page.waitForURL(`${url}/trades/${number}`);
  assert.deepEqual(wrong, []);
  await page.goto(`${url}/scan?trade=${number}&into=ship-parcel`);
  await page.waitForURL(`${url}/trades/${number}`);
  await page.waitForFunction(
    (digits) => document.querySelector<HTMLInputElement>("#ship-parcel")?.value === digits,
    number,
  );
  await page.context().close();
});

test("a browser that reads bar codes itself does so; what was read stands in no address", async () => {
  const page = await signedIn("P-77");
  const asked: string[] = [];
  page.on("request", (each) => asked.push(each.url()));
  await page.goto(`${url}/trades/${number}`);
  await page.locator('.round-scan[href*="ship-parcel"]').click();
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>("#ship-parcel")?.value === "P-77",
  );
  assert.ok(!asked.some((each) => each.includes("P-77")));
  await page.context().close();
});

test("only the page with the camera may run what was made for WebAssembly", async () => {
  const page = await signedIn("-");
  const [scan, list, trade] = [
    await policyOf(page, "/scan"),
    await policyOf(page, "/trades"),
    await policyOf(page, `/trades/${number}`),
  ];
  assert.match(scan, /script-src 'self' 'wasm-unsafe-eval';/);
  for (const policy of [list, trade]) assert.match(policy, /script-src 'self';/);
  await page.context().close();
});
