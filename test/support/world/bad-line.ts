/** A server behind a line that can be cut, and browsers that reach it by that line alone. */
import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../../browser.ts";
import { bearer, type Json, request } from "../wire/http.ts";
import { startLine } from "../wire/line.ts";
import { startWorld } from "./world.ts";

type Who = { email: string; password: string };

export interface Device {
  context: BrowserContext;
  page: Page;
}

/** The acts that wait as the person sees them. */
export const waiting = ({ page }: Device) =>
  page
    .locator("#round-acts li")
    .evaluateAll((items) =>
      items.map(
        (item) => `${(item as HTMLElement).dataset["act"]} ${(item as HTMLElement).dataset["standing"]}`,
      ),
    );

/** How much lies on a device: of whoever is signed in there, or of whoever has opened a present's link. */
export async function keptOn(
  { page }: Device,
  store: "keys" | "pages" | "acts",
  cupboard: "round" | "gift" = "round",
): Promise<number> {
  return page.evaluate(
    ([name, where]) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(`kenshu-${where}`, 1);
        opening.onerror = () => reject(new Error("no database"));
        opening.onsuccess = () => {
          const counting = opening.result.transaction(name).objectStore(name).count();
          counting.onsuccess = () => resolve(counting.result);
        };
      }),
    [store, cupboard] as const,
  );
}

export async function startBadLine(hooks: { after(fn: () => Promise<void>): void }) {
  const world = await startWorld(hooks, { durable: false, log: "error" });
  const line = await startLine(Number(new URL(world.url).port));
  const browser = await launchBrowser();
  hooks.after(async () => {
    await browser.close();
    await line.end();
  });
  const shop = () => world.demo.shops[0] ?? assert.fail();
  return {
    world,
    line,
    shop,
    hana: () => world.demo.members[0] ?? assert.fail(),
    carrier: () => world.demo.carriers[0] ?? assert.fail(),
    byShop: async (path: string, body: Json): Promise<Json> => {
      const reply = await request(`${world.url}${path}`, "POST", bearer(shop().key), body);
      assert.ok(reply.status < 300, reply.text);
      return reply.json;
    },
    /** What has happened to a trade, oldest first. */
    storyOf: async (number: string): Promise<string[]> => {
      const { json } = await request(`${world.url}/v1/trades/${number}/events`, "GET", bearer(shop().key));
      return (json["items"] as { type: string }[])
        .map(({ type }) => type)
        .filter((type) => !["trade.proposed", "trade.approved", "trade.reserved"].includes(type));
    },
    device: async (options: { locale?: string } = {}): Promise<Device> => {
      const context = await browser.newContext({ viewport: { width: 360, height: 740 }, ...options });
      return { context, page: await context.newPage() };
    },
    signIn: async ({ page }: Device, who: Who, next = "/trades"): Promise<void> => {
      await page.goto(`${line.url}/signin?next=${next}`);
      await page.fill("#email", who.email);
      await page.fill("#password", who.password);
      await page.click("#sign-in-submit");
    },
    noLine: async ({ context }: Device): Promise<void> => {
      line.down();
      await context.setOffline(true);
    },
    backOnLine: async ({ context }: Device): Promise<void> => {
      line.up();
      await context.setOffline(false);
    },
  };
}
