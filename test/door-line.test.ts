/**
 * Somebody brings goods where the line is bad, in a real browser: what they have seen can be read, what they press waits on the
 * device and is sent once and in order, and nobody else on that device reads or sends it.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, beforeEach, test } from "node:test";
import { signIn as signInByCall } from "./support/wire/http.ts";
import { type Device, keptOn, startBadLine, waiting } from "./support/world/bad-line.ts";
import { until } from "./support/world/world.ts";

const { world, line, device, noLine, backOnLine, signIn, byShop, storyOf, shop, hana, carrier } =
  await startBadLine({ after });
beforeEach(() => line.up());

/** An order that is paid for and that the carrier brings. */
async function reserved(name = "Tea set"): Promise<string> {
  const { number } = await byShop("/v1/trades", {
    buyer: { member: hana().number },
    currency: "JPY",
    lines: [{ name, quantity: 2, unitAmount: 1500 }],
    approval: { mandate: hana().mandates[shop().key] ?? "" },
    acceptance: { by: ["buyer"], need: 1 },
    carrier: carrier().id,
    recipient: { name: "Mei Ito", address: "3-3 Minato, Tokyo" },
    reference: randomUUID(),
  });
  return String(number);
}

/** Signed in, with the device ready for a bad line. */
async function ready(of: Device, next = "/trades"): Promise<void> {
  await signIn(of, carrier(), next);
  await of.page.waitForSelector("body[data-round-ahead]");
}

test("without a line the list and what is to be brought are read, and acts wait, and go once and in order", async () => {
  const number = await reserved();
  const of = await device();
  const { page, context } = of;
  await ready(of);
  await noLine(of);
  await page.goto(`${line.url}/trades`);
  assert.match(await page.locator("#round-seen").innerText(), /You are offline/);
  await page.click(`#trade-${number}`);
  // It was never opened before: the list has brought it along.
  assert.match(await page.locator("#addressee").innerText(), /Mei Ito.*3-3 Minato/s);
  await page.fill("#ship-parcel", "P-1");
  await page.click("#ship");
  await page.waitForSelector('#round-acts [data-act="ship"]');
  await page.fill("#deliver-parcel", "P-1");
  await page.click("#deliver");
  await page.waitForSelector('#round-acts [data-act="deliver"]');
  assert.deepEqual(await waiting(of), ["ship waiting", "deliver waiting"]);
  // Pressed once more, out of impatience, and on a page that is opened again.
  await page.click("#deliver");
  await page.goto(`${line.url}/trades/${number}`);
  await page.waitForSelector("#round:not([hidden])");
  assert.deepEqual(await waiting(of), ["ship waiting", "deliver waiting"]);
  assert.match(await page.locator(`form[action$="/ship"]`).innerText(), /Not yet sent/);
  assert.deepEqual(await storyOf(number), []);
  await backOnLine(of);
  await until("all is sent", async () => (await storyOf(number)).length >= 2);
  assert.deepEqual(await storyOf(number), ["trade.shipped", "trade.delivered"]);
  await page.waitForSelector("#round", { state: "hidden" });
  assert.equal(await keptOn(of, "acts"), 0);
  await context.close();
});

test("what was taken before the line broke is sent again, and done once, though its trade has moved since", async () => {
  const number = await reserved();
  await byShop(`/v1/trades/${number}/ship`, {});
  const of = await device();
  const { page, context } = of;
  await ready(of, `/trades/${number}`);
  const cut = line.cut(`POST /trades/${number}/deliver`);
  await page.click("#deliver");
  await cut;
  await page.waitForURL(/done=deliver/);
  assert.deepEqual(await storyOf(number), ["trade.shipped", "trade.delivered"]);
  assert.equal(await keptOn(of, "acts"), 0);
  await context.close();
});

test("a refusal comes back in words, and what was pressed after it waits until they were read", async () => {
  const number = await reserved();
  const of = await device({ locale: "ja-JP" });
  const { page, context } = of;
  await ready(of, `/trades/${number}`);
  await context.addCookies([{ name: "language", value: "ja", url: line.url }]);
  await page.reload();
  await page.waitForSelector("body[data-round-ahead]");
  await noLine(of);
  await page.fill("#ship-parcel", "P-4");
  await page.click("#ship");
  await page.waitForSelector('#round-acts [data-act="ship"]');
  await page.fill("#deliver-parcel", "P-4");
  await page.click("#deliver");
  await page.waitForSelector('#round-acts [data-act="deliver"]');
  assert.match(await page.locator("#round").innerText(), /まだ送信していません。/);
  await byShop(`/v1/trades/${number}/cancel`, { reason: "sold out" });
  await backOnLine(of);
  await page.waitForSelector('[data-act="ship"][data-standing="refused"]');
  assert.deepEqual(await waiting(of), ["ship refused", "deliver held"]);
  const said = await page.locator('[data-act="ship"] [data-part="answer"]').innerText();
  assert.match(said, /[\u3040-\u30ff]/, said);
  await page.locator('[data-act="ship"] button').click();
  await page.waitForSelector('[data-act="deliver"][data-standing="refused"]');
  await page.locator('[data-act="deliver"] button').click();
  await page.waitForSelector("#round", { state: "hidden" });
  assert.deepEqual(await storyOf(number), ["trade.cancelled"]);
  await context.close();
});

test("a press that names no goods means those that were seen, and is refused where there are others", async () => {
  const number = await reserved();
  const of = await device();
  const { page, context } = of;
  await ready(of, `/trades/${number}`);
  await noLine(of);
  await page.click("#deliver");
  await page.waitForSelector('#round-acts [data-act="deliver"]');
  await byShop(`/v1/trades/${number}/ship`, { lines: [{ line: 1, quantity: 1 }] });
  await backOnLine(of);
  await page.waitForSelector('[data-act="deliver"][data-standing="refused"]');
  assert.match(await page.locator('[data-part="answer"]').innerText(), /has changed since/);
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
  await context.close();
});

test("a report from the door that comes too late to be true is not sent", async () => {
  const number = await reserved();
  await byShop(`/v1/trades/${number}/ship`, { tracking: { number: "P-5" } });
  const of = await device();
  const { page, context } = of;
  await ready(of, `/trades/${number}`);
  await noLine(of);
  await page.clock.setFixedTime(new Date().getTime() - 11 * 60_000);
  await page.click("#at-door");
  await page.waitForSelector('#round-acts [data-act="at-door"]');
  await page.clock.setFixedTime(new Date());
  await backOnLine(of);
  await page.click("#round-send");
  await page.waitForSelector('[data-act="at-door"][data-standing="late"]');
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
  await context.close();
});

test("a session that has ended asks to sign in, and then sends; until then nobody reads or sends anything of it", async () => {
  const number = await reserved();
  const of = await device();
  const { page, context } = of;
  await ready(of, `/trades/${number}`);
  await noLine(of);
  await page.fill("#ship-parcel", "P-6");
  await page.click("#ship");
  await page.waitForSelector('#round-acts [data-act="ship"]');
  await context.clearCookies();
  await backOnLine(of);
  await page.waitForSelector("#round-to-signin");
  await until(
    "it is locked away",
    async () => (await keptOn(of, "keys")) + (await keptOn(of, "pages")) === 0,
  );
  // Somebody else on this device.
  await signIn(of, hana());
  await page.waitForSelector("#sign-out");
  assert.equal(await page.locator("#round").isVisible(), false);
  await noLine(of);
  await page.goto(`${line.url}/trades/${number}`);
  const instead = await page.locator("body").innerText();
  assert.match(instead, /You are offline/);
  assert.ok(!instead.includes("Mei Ito"));
  await backOnLine(of);
  await page.goto(`${line.url}/trades`);
  assert.equal(await keptOn(of, "acts"), 1);
  assert.deepEqual(await storyOf(number), []);
  await page.click("#sign-out");
  await page.waitForSelector("#sign-out", { state: "detached" });
  await signIn(of, carrier(), `/trades/${number}`);
  await until("it is sent", async () => (await storyOf(number)).length === 1);
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
  await context.close();
});

test("too many wrong codes are told, and not tried for ever", async () => {
  const number = await reserved();
  await byShop(`/v1/trades/${number}/ship`, { tracking: { number: "P-9" } });
  const of = await device();
  const { page, context } = of;
  await ready(of, `/trades/${number}`);
  await page.click("#at-door");
  await page.waitForURL(/done=at-door/);
  let status = 0;
  for (let tries = 0; tries < 6; tries += 1) {
    await page.fill("#by-code-code", "00000000");
    const answer = page.waitForResponse((each) => each.url().endsWith("/accept"));
    await page.click("#by-code");
    status = (await answer).status();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#by-code-code")?.value === "");
  }
  assert.equal(status, 429);
  assert.ok(await page.locator("#refused").isVisible());
  assert.equal(await keptOn(of, "acts"), 0);
  await context.close();
});

test("who signs in after somebody else, who has not signed out, finds nothing of theirs", async () => {
  const of = await device();
  await ready(of);
  assert.ok((await keptOn(of, "pages")) > 0);
  await signIn(of, world.demo.operators[0] ?? assert.fail());
  await until("it is gone", async () => (await keptOn(of, "keys")) + (await keptOn(of, "pages")) === 0);
  await of.context.close();
});

test("who signs out is told what was not sent, and leaves nothing that can be read", async () => {
  const number = await reserved();
  const of = await device();
  const { page, context } = of;
  await ready(of, `/trades/${number}`);
  line.down();
  await page.fill("#ship-parcel", "P-7");
  await page.click("#ship");
  await page.waitForSelector('#round-acts [data-act="ship"]');
  await page.click("#sign-out");
  await page.waitForSelector("#round-leave-anyway");
  assert.ok((await keptOn(of, "pages")) > 0);
  await page.route("**/trades/**", (route) => route.abort());
  line.up();
  await page.click("#round-leave-anyway");
  await page.waitForURL(`${line.url}/`);
  assert.deepEqual(
    [await keptOn(of, "keys"), await keptOn(of, "pages"), await keptOn(of, "acts")],
    [0, 0, 1],
  );
  await noLine(of);
  await page.goto(`${line.url}/trades`);
  assert.ok(!(await page.locator("body").innerText()).includes("Mei Ito"));
  await backOnLine(of);
  await context.close();
});

test("what another device has pressed is not taken from whoever is signed in", async () => {
  const number = await reserved();
  const body = new URLSearchParams({ key: randomUUID(), parcel: "P-8" }).toString();
  const { cookie = "" } = await signInByCall(world.url, carrier());
  const reply = await fetch(`${world.url}/trades/${number}/ship`, {
    method: "POST",
    headers: {
      cookie,
      "content-type": "application/x-www-form-urlencoded",
      "sec-fetch-site": "same-origin",
      "kenshu-round": "somebody-else",
    },
    body,
  });
  assert.equal(reply.status, 401);
  assert.deepEqual(await storyOf(number), []);
});
