/**
 * Somebody has the goods before them where the line is bad, in a real browser: the recipient of a present by their link, or the
 * buyer. What they press waits on the device, is sent once and only of what they saw, and can be taken back until then.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, beforeEach, test } from "node:test";
import { bearer, request, signIn as signInByCall } from "./support/wire/http.ts";
import { type Device, keptOn, startBadLine, waiting } from "./support/world/bad-line.ts";
import { until } from "./support/world/world.ts";

const { world, line, device, noLine, backOnLine, signIn, byShop, storyOf, shop, hana, carrier } =
  await startBadLine({ after });
beforeEach(() => line.up());
const hour = 3_600_000;

/** An order that is on its way to whoever accepts it. */
async function onTheWay(by: "buyer" | "recipient"): Promise<string> {
  const { number } = await byShop("/v1/trades", {
    buyer: { member: hana().number },
    currency: "JPY",
    lines: [{ name: "Tea set", quantity: 2, unitAmount: 1500 }],
    approval: { mandate: hana().mandates[shop().key] ?? "" },
    acceptance: { by: [by], need: 1 },
    carrier: carrier().id,
    recipient: { name: "Mei Ito", address: "3-3 Minato, Tokyo" },
    reference: randomUUID(),
  });
  await byShop(`/v1/trades/${String(number)}/ship`, { tracking: { number: "P-1" } });
  return String(number);
}

/** The link that the buyer passes on, and the code that lies in the parcel. */
async function secretsOf(number: string): Promise<{ link: string; code: string }> {
  const path = `${world.url}/v1/trades/${number}/recipient-link`;
  const { cookie = "" } = await signInByCall(world.url, hana());
  const ofBuyer = await request(path, "GET", { cookie });
  const ofShop = await request(path, "GET", bearer(shop().key));
  const link = String(ofBuyer.json["link"]);
  return { link: `${line.url}${new URL(link).pathname}`, code: String(ofShop.json["code"]) };
}

const ready = ({ page }: Device) => page.waitForSelector("body[data-round-ahead]");

/** The recipient has opened the link, where there was a line. */
async function opened(number: string): Promise<Device & { code: string }> {
  const { link, code } = await secretsOf(number);
  const of = await device();
  await of.page.goto(link);
  await ready(of);
  return { ...of, code };
}

/** The buyer has opened the page of the order, where there was a line. */
async function bought(number: string): Promise<Device> {
  const of = await device();
  await signIn(of, hana(), `/trades/${number}`);
  await ready(of);
  return of;
}

test("the recipient types the code and says what has come where there is no line, and it goes once and in order", async () => {
  const number = await onTheWay("recipient");
  const of = await opened(number);
  const { page, code, context } = of;
  await noLine(of);
  await page.goto(`${line.url}/gifts/${number}`);
  assert.match(await page.locator("#round-seen").innerText(), /You are offline/);
  await page.fill("#gift-giftCode", code);
  await page.click("#gift-code");
  await page.waitForSelector("#deliver");
  assert.equal(await page.locator("#deliver-giftCode").isVisible(), false);
  await page.click("#deliver");
  await page.waitForSelector('#round-acts [data-act="deliver"]');
  await page.click("#reject-part > summary");
  await page.fill("#reject-quantity-1", "1");
  await page.fill("#reject-reason", "broken");
  await page.click("#reject");
  await page.waitForSelector('#round-acts [data-act="reject"]');
  assert.deepEqual(await waiting(of), ["deliver waiting", "reject waiting"]);
  assert.match(await page.locator("#round").innerText(), /Not yet sent: nothing has been done/);
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
  await backOnLine(of);
  await until("all is sent", async () => (await storyOf(number)).includes("trade.rejected"));
  assert.deepEqual(await storyOf(number), ["trade.shipped", "trade.delivered", "trade.rejected"]);
  await until("nothing waits", async () => (await keptOn(of, "acts", "gift")) === 0);
  await context.close();
});

test("what waits is taken back, and never goes", async () => {
  const number = await onTheWay("buyer");
  const of = await bought(number);
  const { page, context } = of;
  await noLine(of);
  await page.click("#deliver");
  await page.waitForSelector('#round-acts [data-act="deliver"]');
  await page.locator('[data-act="deliver"] [data-press="drop"] button').click();
  await page.waitForSelector("#round", { state: "hidden" });
  assert.equal(await keptOn(of, "acts"), 0);
  await backOnLine(of);
  await page.goto(`${line.url}/trades/${number}`);
  await ready(of);
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
  await context.close();
});

test("what names its goods is refused as well where the trade is another one by now", async () => {
  const number = await onTheWay("buyer");
  const of = await bought(number);
  const { page, context } = of;
  await noLine(of);
  await page.click("#reject-part > summary");
  await page.fill("#reject-quantity-1", "1");
  await page.fill("#reject-reason", "broken");
  await page.click("#reject");
  await page.waitForSelector('#round-acts [data-act="reject"]');
  await byShop(`/v1/trades/${number}/deliver`, { tracking: { number: "P-1" } });
  await backOnLine(of);
  await page.waitForSelector('[data-act="reject"][data-standing="refused"]');
  assert.match(await page.locator('[data-part="answer"]').innerText(), /has changed since/);
  assert.ok(!(await storyOf(number)).includes("trade.rejected"));
  await context.close();
});

test("photos do not wait, and the page says so", async () => {
  const number = await onTheWay("buyer");
  const of = await bought(number);
  const { page, context } = of;
  await noLine(of);
  await page.click("#reject-part > summary");
  await page.fill("#reject-quantity-1", "1");
  await page.fill("#reject-reason", "broken");
  await page.setInputFiles("#reject-photos", {
    name: "it.png",
    mimeType: "image/png",
    buffer: Buffer.from("not looked at before it is sent"),
  });
  await page.click("#reject");
  await page.waitForSelector("#round-photos:not([hidden])");
  assert.equal(await page.inputValue("#reject-reason"), "broken", "nothing that was typed is lost");
  assert.equal(await keptOn(of, "acts"), 0);
  await context.close();
});

test("two acts of one page go one after the other, the second of what the first has made", async () => {
  const number = await onTheWay("buyer");
  const of = await bought(number);
  const { page, context } = of;
  await page.click("#deliver");
  await page.waitForURL(/done=deliver/);
  await ready(of);
  await noLine(of);
  await page.click("#accept-part > summary");
  await page.fill("#accept-quantity-1", "1");
  await page.click("#accept");
  await page.waitForSelector('#round-acts [data-act="accept"]');
  await page.click("#reject-part > summary");
  await page.fill("#reject-quantity-1", "1");
  await page.fill("#reject-reason", "broken");
  await page.click("#reject");
  await page.waitForSelector('#round-acts [data-act="reject"]');
  await backOnLine(of);
  await until("both are sent", async () => (await storyOf(number)).includes("trade.rejected"));
  const { json } = await request(`${world.url}/v1/trades/${number}`, "GET", bearer(shop().key));
  assert.deepEqual([json["settled"], json["frozen"]], [1500, 1500]);
  await context.close();
});

test("an acceptance that was taken before the line broke is sent again, and pays once", async () => {
  const number = await onTheWay("buyer");
  const of = await bought(number);
  const { page, context } = of;
  await page.click("#deliver");
  await page.waitForURL(/done=deliver/);
  await ready(of);
  const cut = line.cut(`POST /trades/${number}/accept`);
  await page.click("#accept-all");
  await cut;
  await page.waitForURL(/done=accept/);
  const story = await storyOf(number);
  assert.equal(story.filter((type) => type === "trade.accepted").length, 1);
  assert.equal(await keptOn(of, "acts"), 0);
  await context.close();
});

test("what was pressed long ago is not sent before it is meant once more", async () => {
  const number = await onTheWay("buyer");
  const of = await bought(number);
  const { page, context } = of;
  await noLine(of);
  await page.clock.setFixedTime(Date.now() - 3 * hour);
  await page.click("#deliver");
  await page.waitForSelector('#round-acts [data-act="deliver"]');
  await page.clock.setFixedTime(new Date());
  await backOnLine(of);
  await page.click("#round-send");
  await page.waitForSelector('[data-act="deliver"][data-standing="stale"]');
  assert.match(await page.locator('[data-act="deliver"]').innerText(), /Is it still what you want/);
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
  await page.locator('[data-press="again"] button').click();
  await until("it is sent", async () => (await storyOf(number)).includes("trade.delivered"));
  await context.close();
});

test("a clock that was set back says nothing, and asks as well", async () => {
  const number = await onTheWay("buyer");
  const of = await bought(number);
  const { page, context } = of;
  await noLine(of);
  await page.clock.setFixedTime(Date.now() + 3 * hour);
  await page.click("#deliver");
  await page.waitForSelector('#round-acts [data-act="deliver"]');
  await page.clock.setFixedTime(new Date());
  await backOnLine(of);
  await page.click("#round-send");
  await page.waitForSelector('[data-act="deliver"][data-standing="stale"]');
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
  await context.close();
});

test("what may have arrived can be left at that, and says so", async () => {
  const number = await onTheWay("buyer");
  const of = await bought(number);
  const { page, context } = of;
  line.down();
  await page.click("#deliver");
  await page.waitForSelector('[data-act="deliver"][data-standing="tried"]');
  assert.match(await page.locator('[data-act="deliver"]').innerText(), /It may have arrived/);
  await page.locator('[data-press="stop"] button').click();
  await page.waitForSelector("#round", { state: "hidden" });
  assert.equal(await keptOn(of, "acts"), 0);
  line.up();
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
  await context.close();
});

test("a wrong code is told at the act, and nothing is done", async () => {
  const number = await onTheWay("recipient");
  const of = await opened(number);
  const { page, code, context } = of;
  await noLine(of);
  await page.fill("#gift-giftCode", code === "11111111" ? "22222222" : "11111111");
  await page.click("#gift-code");
  await page.click("#deliver");
  await page.waitForSelector('#round-acts [data-act="deliver"]');
  await backOnLine(of);
  await page.waitForSelector('[data-act="deliver"][data-standing="refused"]');
  assert.notEqual(await page.locator('[data-part="answer"]').innerText(), "");
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
  await context.close();
});

test("another present on the same device neither reads nor sends what waits; its own link does", async () => {
  const number = await onTheWay("recipient");
  const other = await onTheWay("recipient");
  const of = await opened(number);
  const { page, code, context } = of;
  await noLine(of);
  await page.fill("#gift-giftCode", code);
  await page.click("#gift-code");
  await page.click("#deliver");
  await page.waitForSelector('#round-acts [data-act="deliver"]');
  await context.clearCookies();
  await backOnLine(of);
  await page.waitForSelector("#round-signin:not([hidden])");
  await until(
    "it is locked away",
    async () => (await keptOn(of, "keys", "gift")) + (await keptOn(of, "pages", "gift")) === 0,
  );
  const { link } = await secretsOf(other);
  await page.goto(link);
  await ready(of);
  assert.equal(await page.locator("#round").isVisible(), false);
  assert.equal(await keptOn(of, "acts", "gift"), 1);
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
  await page.goto((await secretsOf(number)).link);
  await until("it is sent", async () => (await storyOf(number)).includes("trade.delivered"));
  await context.close();
});

test("a present and whoever is signed in beside it lock nothing of each other", async () => {
  const number = await onTheWay("recipient");
  const own = await onTheWay("buyer");
  const of = await bought(own);
  const { page, context } = of;
  await noLine(of);
  await page.click("#deliver");
  await page.waitForSelector('#round-acts [data-act="deliver"]');
  await page.route("**/trades/*/deliver", (route) => route.abort());
  await backOnLine(of);
  await page.goto((await secretsOf(number)).link);
  await ready(of);
  assert.deepEqual([await keptOn(of, "keys"), await keptOn(of, "keys", "gift")], [1, 1]);
  await page.unroute("**/trades/*/deliver");
  await page.goto(`${line.url}/trades/${own}`);
  await until("it is sent", async () => (await storyOf(own)).includes("trade.delivered"));
  await context.close();
});

test("what another device has pressed is not taken from a link or a buyer", async () => {
  const number = await onTheWay("buyer");
  const { cookie = "" } = await signInByCall(world.url, hana());
  const [tag = ""] = (await request(`${world.url}/round/key`, "GET", { cookie })).text.split(" ");
  const press = async (headers: Record<string, string>) => {
    const reply = await fetch(`${world.url}/trades/${number}/deliver`, {
      method: "POST",
      redirect: "manual",
      headers: {
        cookie,
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "same-origin",
        ...headers,
      },
      body: new URLSearchParams({ key: randomUUID(), parcel: "P-1" }).toString(),
    });
    return reply.status;
  };
  assert.equal(await press({ "kenshu-round": "somebody-else", "kenshu-seen": "3" }), 401);
  // Without what was seen, nothing is done at all.
  assert.equal(await press({ "kenshu-round": tag }), 409);
  assert.deepEqual(await storyOf(number), ["trade.shipped"]);
});
