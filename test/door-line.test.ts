/**
 * Somebody brings goods where the line is bad, in a real browser: what they have seen can be read, what they press waits on the
 * device and is sent once and in order, and nobody else on that device reads or sends it.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { after, test } from "node:test";
import type { BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { bearer, type Json, request } from "./support/wire/http.ts";
import { startWorld, until } from "./support/world/world.ts";

type Who = { email: string; password: string };

const world = await startWorld({ after }, { durable: false, log: "error" });
const line = await startLine(Number(new URL(world.url).port));
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await line.end();
});

/** The line between a device and the server. */
interface Line {
  url: string;
  down(): void;
  up(): void;
  /** Breaks the next connection that sends these bytes when the server has answered, before the answer arrives. */
  cut(bytes: string): Promise<void>;
  end(): Promise<void>;
}

async function startLine(target: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let isDown = false;
  let order: { bytes: string; done: () => void } | undefined;
  const server = createServer((client) => {
    if (isDown) return client.destroy();
    const onward = createConnection(target, "127.0.0.1");
    let cutting: (() => void) | undefined;
    for (const [socket, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on("data", (data) => {
      if (order !== undefined && data.includes(order.bytes)) {
        cutting = order.done;
        order = undefined;
      }
      onward.write(data);
    });
    onward.on("data", (data) => {
      if (cutting === undefined) return client.write(data);
      client.destroy();
      cutting();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    down: () => {
      isDown = true;
      hangUp();
    },
    up: () => {
      isDown = false;
    },
    cut: (bytes) =>
      new Promise<void>((done) => {
        order = { bytes, done };
      }),
    end: async () => {
      hangUp();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const carrier = () => world.demo.carriers[0] ?? assert.fail();
const shop = () => world.demo.shops[0] ?? assert.fail();
const hana = () => world.demo.members[0] ?? assert.fail();

async function byShop(path: string, body: Json): Promise<Json> {
  const reply = await request(`${world.url}${path}`, "POST", bearer(shop().key), body);
  assert.ok(reply.status < 300, reply.text);
  return reply.json;
}

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

/** What has happened to a trade, oldest first. */
async function storyOf(number: string): Promise<string[]> {
  const { json } = await request(`${world.url}/v1/trades/${number}/events`, "GET", bearer(shop().key));
  return (json["items"] as { type: string }[])
    .map(({ type }) => type)
    .filter((type) => !["trade.proposed", "trade.approved", "trade.reserved"].includes(type));
}

interface Device {
  context: BrowserContext;
  page: Page;
}

async function device(options: { locale?: string } = {}): Promise<Device> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, ...options });
  const page = await context.newPage();
  page.on("console", (m) => console.log("CONSOLE", m.text()));
  return { context, page };
}

async function signIn({ page }: Device, who: Who, next = "/trades"): Promise<void> {
  await page.goto(`${line.url}/signin?next=${next}`);
  await page.fill("#email", who.email);
  await page.fill("#password", who.password);
  await page.click("#sign-in-submit");
}

/** Signed in, with the device ready for a bad line. */
async function ready(of: Device, next = "/trades"): Promise<void> {
  await signIn(of, carrier(), next);
  await of.page.waitForSelector("body[data-round-ahead]");
}

async function noLine({ context }: Device): Promise<void> {
  line.down();
  await context.setOffline(true);
}

async function backOnLine({ context }: Device): Promise<void> {
  line.up();
  await context.setOffline(false);
}

/** The acts that wait as the person sees them. */
const waiting = ({ page }: Device) =>
  page
    .locator("#round-acts li")
    .evaluateAll((items) =>
      items.map((item) => `${(item as HTMLElement).dataset["act"]} ${(item as HTMLElement).dataset["standing"]}`),
    );

async function keptOn({ page }: Device, store: "keys" | "pages" | "acts"): Promise<number> {
  return page.evaluate(
    (name) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("kenshu-round", 1);
        opening.onerror = () => reject(new Error("no database"));
        opening.onsuccess = () => {
          const counting = opening.result.transaction(name).objectStore(name).count();
          counting.onsuccess = () => resolve(counting.result);
        };
      }),
    store,
  );
}

test("without a line the list and what is to be brought are read, and acts wait, and go once and in order", async () => {
  const number = await reserved();
  const of = await device();
  const { page, context } = of;
  await ready(of);
  await noLine(of);
  await page.goto(`${line.url}/trades`);
  assert.match(await page.locator("#round-seen").innerText(), /There is no line/);
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
