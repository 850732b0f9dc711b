/** A page that is open shows a trade as it stands: by a stream of news, and in a browser that runs scripts. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { bearer, type Headers, type Json, request, signIn } from "./support/wire/http.ts";
import { startWorld } from "./support/world/world.ts";

const world = await startWorld({ after }, { durable: false, log: "error" });
const { url, demo } = world;
const [shop] = demo.shops;
const [hana, other] = demo.members;
const [carrier] = demo.carriers;
assert.ok(shop && hana && other && carrier);
const asShop = bearer(shop.key);

async function post(path: string, body: Json): Promise<Json> {
  const reply = await request(`${url}${path}`, "POST", asShop, body);
  assert.ok(reply.status < 300, reply.text);
  return reply.json;
}

async function reserved(): Promise<string> {
  const { number } = await post("/v1/trades", {
    buyer: { member: hana?.number },
    currency: "JPY",
    amount: 5000,
    approval: { mandate: hana?.mandates[shop?.key ?? ""] ?? "" },
    acceptance: { by: ["buyer"], need: 1 },
    carrier: carrier?.id,
    reference: randomUUID(),
  });
  return String(number);
}

const ship = (number: string) => post(`/v1/trades/${number}/ship`, { tracking: { number: randomUUID() } });

/** The words of a stream, one after another. */
async function* wordsOf(reply: Response): AsyncGenerator<string> {
  let text = "";
  for await (const chunk of reply.body ?? assert.fail()) {
    text += Buffer.from(chunk as Uint8Array).toString();
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const [, word] = /^event: state\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (word !== undefined) yield word;
    }
  }
}

test("a stream says how a trade stands, and again when it has moved; strangers hear nothing", async () => {
  const number = await reserved();
  const cookie = await signIn(url, hana);
  const reply = await fetch(`${url}/trades/${number}/live`, { headers: cookie });
  assert.equal(reply.headers.get("content-type"), "text/event-stream; charset=utf-8");
  const words = wordsOf(reply);
  const { value: before } = await words.next();
  await ship(number);
  const { value: afterwards } = await words.next();
  assert.notEqual(afterwards, before);
  const { text } = await request(`${url}/trades/${number}`, "GET", cookie);
  assert.ok(text.includes(`data-state="${afterwards}"`), "the page shows the word that the stream says");
  await words.return(undefined);
  const live = (who: Headers) => request(`${url}/trades/${number}/live`, "GET", who);
  assert.equal((await live({})).status, 401);
  assert.equal((await live(await signIn(url, other))).status, 404);
});

test("who asks for many streams on one connection and leaves holds nothing back, and ends no server", async () => {
  const number = await reserved();
  const { cookie = "" } = await signIn(url, hana);
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const one = `GET /trades/${number}/live HTTP/1.1\r\nhost: ${host}\r\ncookie: ${cookie}\r\n\r\n`;
  socket.write(one.repeat(30));
  await once(socket, "data");
  socket.destroy();
  await ship(number);
  const words = wordsOf(await fetch(`${url}/trades/${number}/live`, { headers: { cookie } }));
  assert.ok((await words.next()).value !== undefined, "others still hear of it");
  await words.return(undefined);
});

const browser = await launchBrowser();
after(() => browser.close());

async function opened(number: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${url}/signin?next=/trades/${number}`);
  await page.fill("#email", hana?.email ?? "");
  await page.fill("#password", hana?.password ?? "");
  await page.click("main button[type=submit]");
  await page.waitForSelector("#now");
  return page;
}

test("a page that nobody writes on shows what has happened by itself", async () => {
  const number = await reserved();
  const page = await opened(number);
  const lead = await page.locator("#now").innerText();
  await ship(number);
  await page.waitForFunction((before) => document.querySelector("#now")?.textContent !== before, lead);
  await page.close();
});

test("what somebody has begun to write stays, and they are told that there is news", async () => {
  const number = await reserved();
  const page = await opened(number);
  await page
    .locator("details.act")
    .evaluateAll((all) => all.forEach((each) => each.setAttribute("open", "")));
  const box = page.locator("textarea").first();
  await box.fill("half a sentence");
  assert.ok(await page.locator("#news").isHidden());
  await ship(number);
  await page.waitForSelector("#news:not([hidden])");
  assert.equal(await box.inputValue(), "half a sentence");
  await page.close();
});

test("from the second page on times are told on the reader's own clock", async () => {
  const number = await reserved();
  const context = await browser.newContext({ timezoneId: "America/New_York" });
  const page = await context.newPage();
  await page.goto(`${url}/signin?next=/trades/${number}`);
  await page.fill("#email", hana.email);
  await page.fill("#password", hana.password);
  await page.click("main button[type=submit]");
  await page.waitForSelector("#now");
  assert.match(await page.locator("#zone").innerText(), /Eastern Time/);
  await context.close();
});
