/**
 * Passkeys in a real browser with an authenticator of its own: made, signed in with, shown for large amounts; and people without
 * scripts, who go on with their passwords.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { bearer, request } from "./support/wire/http.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, log: "error", stepUpAbove: { JPY: 10_000 } });
const [shop] = world.demo.shops;
const [hana, , yuki] = world.demo.members;
assert.ok(shop && hana && yuki);
/** By its name: authenticators know no numbers. */
const url = world.url.replace("127.0.0.1", "localhost");
const browser = await launchBrowser();
after(() => browser.close());

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const desk = { viewport: { width: 1280, height: 900 } };

/** A browser whose device asks for a finger, and is shown the right one. */
async function device(
  options: BrowserContextOptions,
): Promise<{ context: BrowserContext; page: Page; troubles: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (message) => {
    // Refusals are answered with their status, and browsers write that down.
    if (message.type() === "error" && !message.text().includes("status of 4")) troubles.push(message.text());
  });
  page.on("pageerror", (error) => troubles.push(error.message));
  const client = await context.newCDPSession(page);
  await client.send("WebAuthn.enable");
  await client.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { context, page, troubles };
}

async function signIn(page: Page, who: { email: string; password: string }, at = url): Promise<void> {
  await page.goto(`${at}/signin`);
  await page.fill("#email", who.email);
  await page.fill("#password", who.password);
  await page.click("#sign-in-submit");
  await page.waitForURL(`${at}/trades`);
}

async function proposed(member: string, amount: number, terms: object = {}): Promise<string> {
  const proposal = { buyer: { member }, currency: "JPY", amount, ...terms };
  const reply = await request(`${world.url}/v1/trades`, "POST", bearer(shop?.key ?? ""), proposal);
  assert.equal(reply.status, 201, reply.text);
  return String(reply.json["number"]);
}

async function stateOf(number: string): Promise<unknown> {
  return (await request(`${world.url}/v1/trades/${number}`, "GET", bearer(shop?.key ?? ""))).json["state"];
}

async function addPasskey(page: Page, password: string): Promise<void> {
  await page.goto(`${url}/passkeys`);
  await page.fill("#name", "Phone");
  await page.fill("#proof-password", password);
  await page.click("#begin-passkey");
  await page.click("#make");
  await page.waitForURL(/done=added/);
}

async function narrow(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${page.url()} is ${wide} px too wide`);
}

test("from the page of the proof the answer leads on to the shop, which is another server", async () => {
  // Nobody is there: that the browser goes there at all is what its policy decides.
  const place = "https://shop.invalid/back";
  const urls = { returnUrls: [place] };
  const set = await request(`${world.url}/v1/shops/${shop.id}/return-urls`, "PUT", bearer(shop.key), urls);
  assert.equal(set.status, 200, set.text);
  const { context, page, troubles } = await device({ ...desk, locale: "en-GB" });
  await signIn(page, yuki);
  const number = await proposed(yuki.number, 12_000, { returnUrl: place });
  await page.goto(`${url}/trades/${number}/approve`);
  await page.click("#approve");
  await page.fill("#proof-password", yuki.password);
  const there = page.waitForRequest(`${place}?trade=${number}&state=reserved`);
  await page.click("#prove");
  await there;
  assert.deepEqual(
    troubles.filter((text) => text.includes("form-action")),
    [],
  );
  await context.close();
});

test("a small amount asks for nothing more", async () => {
  const { context, page } = await device({ ...desk, locale: "en-GB" });
  await signIn(page, yuki);
  const number = await proposed(yuki.number, 100);
  await page.goto(`${url}/trades/${number}/approve`);
  await page.click("#approve");
  await page.waitForURL(new RegExp(`/trades/${number}(\\?|$)`));
  await context.close();
});

test("without scripts the password signs in and proves, where there is no passkey", async () => {
  const context = await browser.newContext({ ...phone, locale: "en-GB", javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, yuki, world.url);
  assert.equal(await page.locator("#passkey-submit:visible").count(), 0);
  const number = await proposed(yuki.number, 12_000);
  await page.goto(`${world.url}/trades/${number}/approve`);
  await page.click("#approve");
  await page.fill("#proof-password", "not the password");
  await page.click("#prove");
  assert.match(await page.locator("#refused").innerText(), /not the password/);
  assert.equal(await stateOf(number), "proposed");
  await page.fill("#proof-password", yuki.password);
  await page.click("#prove");
  await page.waitForURL(new RegExp(`/trades/${number}(\\?|$)`));
  assert.equal(await stateOf(number), "reserved");
  await page.goto(`${world.url}/passkeys`);
  assert.ok(await page.getByText("your browser has to run scripts").isVisible());
  await context.close();
});

/** Taken away by itself, and then the password proves again. */
async function takenAway(page: Page, who: typeof hana): Promise<void> {
  await page.goto(`${url}/passkeys`);
  await page.click("summary");
  await page.click("button[id^=remove-]");
  await page.waitForURL(/done=removed/);
  assert.equal(await page.locator("[data-passkey-id]").count(), 0);
  const number = await proposed(who?.number ?? "", 12_000);
  await page.goto(`${url}/trades/${number}/approve`);
  await page.click("#approve");
  await page.fill("#proof-password", who?.password ?? "");
  await page.click("#prove");
  await page.waitForURL(new RegExp(`/trades/${number}(\\?|$)`));
}

for (const [name, options, who, how] of [
  ["phone, in Japanese", { ...phone, locale: "ja-JP" }, hana, "button"],
  ["desk, in English", { ...desk, locale: "en-GB" }, yuki, "offered"],
] as const)
  test(`a passkey is made, signs in, and is shown for a large amount: ${name}`, async () => {
    const { context, page, troubles } = await device(options);
    await signIn(page, who);
    await addPasskey(page, who.password);
    await narrow(page);
    assert.equal(await page.locator("[data-passkey-id]").count(), 1);
    await page.click("#sign-out");
    await page.waitForSelector("#sign-out", { state: "detached" });
    if (how === "button")
      await page.addInitScript(() => {
        PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
      });
    await page.goto(`${url}/signin?next=/passkeys`);
    // Where the browser offers it beside the address, the reader takes it there, and presses nothing on the page.
    if (how === "button") await page.click("#passkey-submit");
    await page.waitForURL(`${url}/passkeys`);
    const number = await proposed(who.number, 12_000);
    await page.goto(`${url}/trades/${number}/approve`);
    await page.click("#approve");
    await page.waitForSelector("#prove");
    await narrow(page);
    assert.equal(await stateOf(number), "proposed");
    assert.equal(await page.locator("#proof-password").count(), 0, "the password is not asked for");
    await page.click("#prove");
    await page.waitForURL(new RegExp(`/trades/${number}(\\?|$)`));
    assert.equal(await stateOf(number), "reserved");
    assert.deepEqual(troubles, []);
    if (who === yuki) await takenAway(page, who);
    await context.close();
  });

test("without scripts the password signs in whoever has a passkey, and moves no large amount", async () => {
  const context = await browser.newContext({ ...phone, locale: "en-GB", javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, hana);
  const number = await proposed(hana.number, 12_000);
  await page.goto(`${url}/trades/${number}/approve`);
  await page.click("#approve");
  assert.ok(await page.locator("p.unscripted").isVisible());
  await page.click("#prove");
  assert.equal(await stateOf(number), "proposed");
  await context.close();
});

test("a device without the passkey moves no large amount, and says why; under a number there are no passkeys", async () => {
  const { context, page } = await device({ ...desk, locale: "en-GB" });
  await signIn(page, hana);
  const number = await proposed(hana.number, 12_000);
  await page.goto(`${url}/trades/${number}/approve`);
  await page.click("#approve");
  await page.click("#prove");
  await page.waitForSelector("[data-passkey-said]:visible");
  assert.equal(await stateOf(number), "proposed");
  await page.goto(`${world.url}/signin`);
  await page.waitForSelector("html.scripts");
  assert.equal(await page.locator("#passkey-submit:visible").count(), 0);
  await context.close();
});
