/**
 * `npm run screenshots`: a picture of every page, on a phone and on a desk, in both languages, by day and by night, beside
 * a sheet of all of them to look at, and what has changed since the last time. Words choose pages by their names.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { languages } from "../src/edge/words/words.ts";
import { launchBrowser } from "./browser.ts";
import { compare } from "./support/looks/comparing.ts";
import { everyPage, ordinary } from "./support/looks/every-page.ts";
import { openStage, show } from "./support/looks/showing.ts";

const folder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), ".kenshu", "screenshots");
const screens = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 800 } };
const themes = ["light", "dark"] as const;

interface Picture {
  page: string;
  file: string;
  /** What is different from the last time; undefined where nothing is. */
  changed: string | undefined;
}

/** Keeps a picture in the place of the last one, and says what differs. */
function keep(file: string, picture: Buffer): string | undefined {
  const path = join(folder, file);
  const before = existsSync(path) ? readFileSync(path) : undefined;
  writeFileSync(path, picture);
  rmSync(join(folder, "changed", file), { force: true });
  if (before === undefined) return "new";
  const found = compare(before, picture);
  if (found.is === "same") return undefined;
  if (found.is === "another size") return `${found.before} has become ${found.now}`;
  writeFileSync(join(folder, "changed", file), found.marked);
  return `${found.points} points, ${(100 * found.share).toFixed(2)} %`;
}

async function take(page: Page, html: string, name: string, kind: string): Promise<Picture> {
  await show(page, html);
  // A space is kept apart from a dash: "shop order" is the shop's page, and "shop-order" one of the desk.
  const file = `${kind}-${name.replaceAll(" ", "_").replaceAll(/[^a-z0-9_]+/gi, "-")}.png`;
  return {
    page: name,
    file,
    changed: keep(file, await page.screenshot({ fullPage: true, timeout: 300_000 })),
  };
}

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** All pictures on one page, those of a page beside each other. */
function contactSheet(pictures: readonly Picture[]): string {
  const rows = [...new Set(pictures.map(({ page }) => page))].map((name) => {
    const shown = pictures
      .filter(({ page }) => page === name)
      .map(
        ({ file, changed }) =>
          `<a href="${escape(file)}"><img loading="lazy" src="${escape(file)}" alt="${escape(file)}">${escape(changed ?? "")}</a>`,
      );
    return `<section><h2>${escape(name)}</h2>${shown.join("")}</section>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>Every page</title><style>
body { font: 14px sans-serif; background: #888 } img { height: 420px; display: block }
section { white-space: nowrap; overflow-x: auto } a { display: inline-block; margin: 4px; vertical-align: top }</style>${rows.join("\n")}`;
}

async function main(words: readonly string[]): Promise<void> {
  mkdirSync(join(folder, "changed"), { recursive: true });
  const browser = await launchBrowser();
  const pictures: Picture[] = [];
  try {
    const { page, complaints } = await openStage(browser);
    for (const lang of languages)
      for (const theme of themes)
        for (const [screen, size] of Object.entries(screens)) {
          await page.emulateMedia({ colorScheme: theme });
          await page.setViewportSize(size);
          const kind = `${screen}-${lang}-${theme}`;
          for (const [name, html] of everyPage(lang, ordinary(lang)))
            if (words.length === 0 || words.some((word) => `${kind}-${name}`.includes(word)))
              pictures.push(await take(page, html, name, kind));
        }
    for (const complaint of complaints) process.stdout.write(`The browser says: ${complaint}\n`);
  } finally {
    await browser.close();
  }
  writeFileSync(join(folder, "index.html"), contactSheet(pictures));
  const changed = pictures.filter((picture) => picture.changed !== undefined);
  for (const { file, changed: how } of changed) process.stdout.write(`${file}: ${how}\n`);
  process.stdout.write(
    `${pictures.length} pictures, ${changed.length} of them new or changed: ${join(folder, "index.html")}\n`,
  );
}

await main(process.argv.slice(2));
