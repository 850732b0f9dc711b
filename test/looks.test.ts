/**
 * What a browser sees of every page: whether people can use it who do not see it, or see it large, on a small screen,
 * by night. The pages are the samples of both languages; nothing runs but the browser.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { assets } from "../src/edge/parts/style.ts";
import { openStage, show, widerBy } from "./support/looks/showing.ts";
import { everyPage, longWords, ordinary } from "./support/looks/every-page.ts";

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

/** Shows each page once, and gives what is found on it, and what the browser complained of. */
async function lookAt(
  pages: ReadonlyMap<string, string>,
  prepare: (page: Page) => Promise<unknown>,
  look: (page: Page) => Promise<string[]>,
): Promise<string[]> {
  const { page, complaints } = await openStage(browser);
  await prepare(page);
  const found: string[] = [];
  for (const [name, html] of pages) {
    await show(page, html);
    for (const finding of await look(page)) found.push(`${name}: ${finding}`);
  }
  await page.context().close();
  return [...found, ...complaints];
}

interface Barrier {
  id: string;
  impact: string;
  html: string;
  why: string;
}

/** What a machine can tell of WCAG 2.2 AA and of good practice; what is minor is left to people. */
async function barriers(page: Page, options: object = {}): Promise<string[]> {
  const found = await page.evaluate<Barrier[]>(`axe.run(document, ${JSON.stringify({
    resultTypes: ["violations"],
    // What is found is told by its own text: the way to each element of a page is long to work out.
    selectors: false,
    ...options,
  })}).then(({ violations }) => violations
    .filter(({ impact }) => impact !== "minor")
    .flatMap(({ id, impact, nodes }) => nodes.slice(0, 2).map(({ html, any }) =>
      ({ id, impact, html: html.slice(0, 160), why: any[0]?.message ?? "" }))))`);
  return found.map(({ id, impact, html, why }) => `${impact} ${id}: ${html} ${why}`);
}

/** The most that a phone on a bad line is asked to fetch for the page on which a buyer approves, in bytes. */
const mostOfFirstPage = 60 * 1024;

test("the first page that a buyer sees, with all that it loads, is light", (t) => {
  for (const lang of ["en", "ja"] as const) {
    const page = everyPage(lang, ordinary(lang)).get("approve") ?? "";
    const loaded = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) =>
      assets.find((asset) => asset.path === path),
    );
    assert.equal(loaded.length, 3, "the style, the script and the seal");
    const sizes = [page, ...loaded.map((asset) => asset?.body ?? "")].map((text) => Buffer.byteLength(text));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    t.diagnostic(`"${lang}": ${sizes.join(" + ")} = ${bytes} bytes, not compressed`);
    assert.ok(bytes > 10_000 && bytes <= mostOfFirstPage, `${bytes}`);
  }
});

test("a barrier on a page is found", async () => {
  const planted = `<!doctype html><html lang="en"><title>x</title><body><main><h1>x</h1><input name="unnamed"></main></body></html>`;
  const found = await lookAt(
    new Map([["planted", planted]]),
    (page) => page.evaluate(axe.source),
    (page) => barriers(page),
  );
  assert.match(found.join(), /critical label: <input name="unnamed">/);
});

/** Runs in the browser: what stands under the heading touches it, and marks of lists that hang out of the window. */
const untidy = `[...document.querySelectorAll("h1")].flatMap((heading) => {
  const next = heading.nextElementSibling;
  if (next === null) return [];
  const [own, its] = [heading.getBoundingClientRect(), next.getBoundingClientRect()];
  // What stands beside a heading does not stand under it.
  return its.left < own.right && its.top - own.bottom < 4 ? ["what follows the heading touches it"] : [];
}).concat([...document.querySelectorAll("main ul, main ol")].flatMap((list) => {
  const { listStyleType, paddingLeft } = getComputedStyle(list);
  return listStyleType !== "none" && parseFloat(paddingLeft) < 16 ? ["marks of a list hang out of the page"] : [];
})).concat([...document.querySelectorAll("fieldset > legend")].flatMap((legend) => {
  const { borderTopWidth } = getComputedStyle(legend.parentElement);
  const above = legend.getBoundingClientRect().top - legend.parentElement.getBoundingClientRect().top;
  return parseFloat(borderTopWidth) > 0 && above < 4 ? ["a legend stands on the edge of its sheet"] : [];
})).concat([...document.querySelectorAll("label")].flatMap(({ textContent }) =>
  textContent.split(/optional|任意/).length > 2 ? ["it is said twice that a field is optional: " + textContent] : []))
  .concat([...document.querySelectorAll("details:not(.act)")].map(() => "something folded looks unlike the others"))
  .concat([...document.querySelectorAll("main :is(.button, button)")].flatMap((button) => {
    // Of what stands above it in the same column, the end; what is folded away, or beside it, does not count.
    const own = button.getBoundingClientRect();
    const block = button.closest("p, .row, form") ?? button;
    const before = block.previousElementSibling ?? (block.parentElement?.matches("form") ? block.parentElement.previousElementSibling : null);
    if (before === null || own.height === 0 || before.matches("input[type=hidden]")) return [];
    const its = before.getBoundingClientRect();
    const gap = own.top - its.bottom;
    return its.height > 0 && its.left < own.right && its.right > own.left && gap > -1 && gap < 4
      ? ["a button touches what stands above it: " + button.textContent] : [];
  })).concat([...document.querySelectorAll("main dl > div > dt, main .figures th")].flatMap((name) => {
    const { width, height } = name.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(name).fontSize);
    const text = name.textContent.trim();
    // Three lines of two letters each are a name that was squeezed.
    return width > 0 && width < 2.5 * size && height > 3 * size && text.length < 12
      ? ["a name is squeezed: " + text] : [];
  })).concat([...document.querySelectorAll("main :is(p, h1, h2, h3, dd, li):not(:has(.dot))")].flatMap(({ innerText }) =>
    /^\\s*·/.test(innerText ?? "") ? ["something begins with a dot: " + innerText.slice(0, 40)] : []))
  .concat(/\\b[0-9]{4}-[01][0-9]-[0-3][0-9]\\b/.test(document.body.innerText) ? ["a day is set as machines set it"] : [])`;

/** Runs in the browser: short Japanese texts whose last line is one or two letters, and prices that stand under their names. */
const illSet = `[...document.querySelectorAll(":lang(ja) :is(.under, .hint, .error, .notice p, .empty p)")].flatMap((one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  const rects = [...range.getClientRects()].filter(({ width }) => width > 0);
  const [first, last] = [Math.min(...rects.map(({ top }) => top)), Math.max(...rects.map(({ bottom }) => bottom))];
  const letter = parseFloat(getComputedStyle(one).fontSize);
  const wide = rects.filter(({ bottom }) => last - bottom < letter / 2).reduce((sum, { width }) => sum + width, 0);
  return last - first > 2 * letter && wide < 2.2 * letter ? ["a line of two letters ends: " + one.textContent] : [];
}).concat([...document.querySelectorAll(".lines .spread:has(> .amount:last-child)")].flatMap((row) => {
  const [name, price] = [row.firstElementChild, row.lastElementChild].map((part) => part.getBoundingClientRect());
  return price.top >= name.bottom ? ["a price stands under its name: " + row.textContent] : [];
}))`;

test("on a phone, no short Japanese text ends in a line of two letters, and prices stand beside their names", async () => {
  for (const lang of ["ja", "en"] as const) {
    const found = await lookAt(
      everyPage(lang, ordinary(lang)),
      (page) => page.setViewportSize({ width: 360, height: 740 }),
      (page) => page.evaluate<string[]>(illSet),
    );
    assert.deepEqual(found, []);
  }
});

test("what is untidy on a page is found", async () => {
  const planted = `<!doctype html><html lang="en"><title>x</title><body><main><h1>x</h1><p>·&nbsp;late</p><div><p>Above</p><form><button
class="button">Press</button></form></div><div class="halves"><div class="halves"><div class="halves"><dl><div><dt>Share of it</dt></div></dl></div></div></div></main></body></html>`;
  const found = await lookAt(
    new Map([["planted", planted]]),
    (page) => page.setViewportSize({ width: 320, height: 800 }),
    (page) => page.evaluate<string[]>(untidy),
  );
  for (const wrong of [/touches what stands above it: Press/, /squeezed: Share of it/, /begins with a dot/])
    assert.match(found.join(), wrong);
});

/** Runs in the browser: what can be used on this page, and what has the focus, by its place among it. */
const usable = `[...document.querySelectorAll("a[href], button, input:not([type=hidden], :disabled), select, textarea, summary")]
  .filter((one) => one.getClientRects().length > 0 && !(one.type === "radio" && one.name !== "" && !one.checked &&
    document.querySelector('input[type=radio][name="' + CSS.escape(one.name) + '"]:checked') !== null))`;

/** What the keyboard does not reach on a page, in the page's order, and what shows nothing when it is reached. */
async function lostWithoutMouse(page: Page): Promise<string[]> {
  const count = await page.evaluate<number>(`(window.usable = ${usable}).length`);
  const found: string[] = [];
  for (let place = 0; place < count; place += 1) {
    // A field for a day has several stops of its own, by the browser.
    for (let stop = 0; stop < 5; stop += 1) {
      await page.keyboard.press("Tab");
      if (!(await page.evaluate<boolean>(`document.activeElement === window.usable[${place - 1}]`))) break;
    }
    const said = await page.evaluate<string>(`(() => {
      const wanted = window.usable[${place}];
      const has = document.activeElement;
      if (has !== wanted) return "not reached: " + wanted.outerHTML.slice(0, 120);
      const seen = getComputedStyle(has).outlineStyle !== "none" && parseFloat(getComputedStyle(has).outlineWidth) >= 2;
      const { top, bottom } = has.getBoundingClientRect();
      if (bottom <= 0 || top >= innerHeight) return "out of sight: " + has.outerHTML.slice(0, 120);
      return seen ? "" : "no focus to be seen: " + has.outerHTML.slice(0, 120);
    })()`);
    if (said !== "") found.push(said);
  }
  return found;
}

test("all that a buyer does is reached by the keyboard, in the order of the page, and shows that it is", async () => {
  const pages = everyPage("en", ordinary("en"));
  const walked = ["sign-in", "approve", "approve-stranger", "trade", "trade-reserved", "shop checkout"];
  const found = await lookAt(
    new Map(walked.map((name) => [name, pages.get(name) ?? ""])),
    (page) => page.setViewportSize({ width: 1280, height: 800 }),
    lostWithoutMouse,
  );
  assert.deepEqual(found, []);
});

for (const lang of ["en", "ja"] as const) {
  test(`no page in "${lang}" has a barrier that a machine can find, by day or by night`, async () => {
    const found = await lookAt(
      everyPage(lang, ordinary(lang)),
      (page) => page.evaluate(axe.source),
      async (page) => {
        const byDay = await barriers(page);
        await page.emulateMedia({ colorScheme: "dark" });
        const byNight = await barriers(page, { runOnly: ["color-contrast"] });
        await page.emulateMedia({ colorScheme: "light" });
        return [...byDay, ...byNight.map((one) => `by night: ${one}`)];
      },
    );
    assert.deepEqual(found, []);
  });

  for (const [what, texts] of [
    ["ordinary names", ordinary(lang)],
    ["names of 200 letters", longWords],
  ] as const)
    for (const [size, width, prepare] of [
      ["on the smallest screen", 320, ""],
      ["with letters twice as large", 1280, 'document.documentElement.style.fontSize = "200%"'],
    ] as const)
      test(`no page in "${lang}" with ${what} scrolls sideways ${size}`, async () => {
        const found = await lookAt(
          everyPage(lang, texts),
          async (page) => {
            await page.setViewportSize({ width, height: 800 });
            await page.evaluate(prepare);
          },
          async (page) => {
            const pixels = await widerBy(page);
            return [
              ...(pixels > 0 ? [`${pixels} px too wide`] : []),
              ...(await page.evaluate<string[]>(untidy)),
            ];
          },
        );
        assert.deepEqual(found, []);
      });
}
