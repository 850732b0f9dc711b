/** Pages shown in a browser without any server: one document, whose content is exchanged for that of each sample. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { pagePolicy } from "../../../src/edge/http/http.ts";
import { assets, stylesheetAsset } from "../../../src/edge/parts/style.ts";
import { shopFiles, shopStyles } from "../../../src/servers/shop-frame/goods-pictures.ts";

/** The typeface of Japanese papers, which stands in for those that the machine of a test may lack. */
const japanese = (["400Regular", "700Bold"] as const).map((face) => ({
  weight: face.slice(0, 3),
  path: `/fonts/${face}`,
  file: fileURLToPath(
    import.meta.resolve(
      `@expo-google-fonts/noto-sans-jp/${face}/NotoSansJP_${face.slice(0, 3)}${face.slice(3)}.ttf`,
    ),
  ),
}));

/** Runs in the browser: a typeface that was read as bytes is none that a page loads, and so under no policy. */
const takeTypefaces = `(async () => {
  for (const { weight, path } of ${JSON.stringify(japanese)}) {
    const bytes = await (await fetch(path)).arrayBuffer();
    for (const family of ["Noto Sans JP", "Noto Serif JP"])
      document.fonts.add(await new FontFace(family, bytes, { weight }).load());
  }
})()`;

const origin = "https://kenshu.test";

const empty = `<!doctype html><html lang="en"><head><title>-</title><meta charset="utf-8"><meta name="viewport"
content="width=device-width, initial-scale=1"><link rel="stylesheet" href="${stylesheetAsset.path}"><link
rel="stylesheet" href="${shopStyles.path}"></head><body></body></html>`;

/** Opens the document, under the policy of every page; nothing else is answered. What the browser complains of is told. */
export async function openStage(browser: Browser): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ deviceScaleFactor: 1, reducedMotion: "reduce" });
  await context.route("**/*", (route) => {
    const { pathname } = new URL(route.request().url());
    const asset = [...assets, ...shopFiles].find(({ path }) => path === pathname);
    if (asset !== undefined) return route.fulfill({ contentType: asset.type, body: asset.body });
    // Photos of goods are shown to few: in their place stands a drawing of the shop's.
    const photo = pathname.includes("/photos/")
      ? shopFiles.find(({ type }) => type === "image/svg+xml")
      : undefined;
    if (photo !== undefined) return route.fulfill({ contentType: photo.type, body: photo.body });
    const typeface = japanese.find(({ path }) => path === pathname);
    if (typeface !== undefined) return route.fulfill({ body: readFileSync(typeface.file) });
    const headers = { "content-security-policy": pagePolicy() };
    return route.fulfill({ contentType: "text/html; charset=utf-8", headers, body: empty });
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(origin);
  await page.evaluate(takeTypefaces);
  return { page, complaints };
}

/** Runs in the browser. */
const exchange = (html: string) => `(async () => {
  const next = new DOMParser().parseFromString(${JSON.stringify(html)}, "text/html");
  document.documentElement.lang = next.documentElement.lang;
  document.title = next.title;
  document.body = document.adoptNode(next.body);
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  scrollTo(0, 0);
  // What waits until it is scrolled to would be waited for without end.
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
})()`;

/** Shows a page in place of the one before, with all that is folded unfolded. */
export async function show(page: Page, html: string): Promise<void> {
  await page.evaluate(exchange(html));
}

/** By how many pixels a page is wider than its window. */
export function widerBy(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
