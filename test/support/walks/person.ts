/**
 * Somebody with a browser of their own, who finds what they press by its name in the catalogues of words, and whose browser
 * tells of everything that goes wrong on the way.
 */
import assert from "node:assert/strict";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { shopCatalogues, type ShopWordKey } from "../../../src/servers/shop-words/shop-words.ts";
import { guaranteedKey, type Language, type WordKey } from "../../../src/edge/words/words.ts";
import { english, japanese } from "../../../src/edge/words/catalogues.ts";
import { choose, enter, type } from "./keyboard.ts";
import { widerBy } from "../looks/showing.ts";

/** With what somebody walks. */
export interface Look {
  size: "phone" | "desk";
  lang: Language;
  scripts: boolean;
  /** They have nothing to point with. */
  keyboard?: true;
}

/** What an act, a link or a fold is called: by its key in the words of the servers or, behind `shop `, in those of the shop. */
export type Name = WordKey | `shop ${ShopWordKey}`;

const screens = {
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
  desk: { viewport: { width: 1280, height: 800 } },
} as const satisfies Record<Look["size"], BrowserContextOptions>;

const catalogues = { en: english, ja: japanese } as const;

/** What browsers print of an answer that refuses: its status. */
const refusal = /the server responded with a status of (\d+)/;

/** A sentence of a catalogue as it stands on a page, with whatever is filled in. */
function shownAs(sentence: string): string {
  return sentence.replaceAll(/[.*+?^$()|[\]\\/]/g, String.raw`\$&`).replaceAll(/\{\w+\}/g, ".+?");
}

export class Person {
  readonly page: Page;
  readonly look: Look;
  /** Statuses with which their servers may refuse something: each was asked for. */
  readonly #refused: Set<number>;

  constructor(page: Page, look: Look, refused: Set<number>) {
    this.page = page;
    this.look = look;
    this.#refused = refused;
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** The name of an act in the language that they read, as a pattern for the whole of it. */
  named(name: Name): RegExp {
    const { lang } = this.look;
    if (name.startsWith("shop ")) {
      const key = name.slice(5) as ShopWordKey;
      return new RegExp(`^${shownAs(shopCatalogues[lang][key])}$`);
    }
    const key = name as WordKey;
    const other = guaranteedKey(key);
    const keys = other === undefined ? [key] : [key, other];
    return new RegExp(`^(?:${keys.map((each) => shownAs(catalogues[lang][each])).join("|")})$`);
  }

  /** Whether a sentence stands somewhere in a text. */
  part(name: WordKey): RegExp {
    return new RegExp(shownAs(catalogues[this.look.lang][name]));
  }

  /** The button or link of that name in the page's content. */
  act(name: Name, within = "main"): Locator {
    const part = this.page.locator(within);
    const of = { name: this.named(name) };
    return part.getByRole("button", of).or(part.getByRole("link", of));
  }

  async go(url: string): Promise<void> {
    await this.page.goto(url);
    await this.sees();
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  /** Presses what has that name, and waits for the page to which it leads. */
  async press(name: Name, within = "main"): Promise<void> {
    await this.follow(this.act(name, within));
  }

  async follow(control: Locator): Promise<void> {
    if (this.look.scripts) await this.leaves(control);
    else await Promise.all([this.page.waitForEvent("load"), this.activates(control)]);
    await this.sees();
  }

  /** Presses, and waits until something else is shown: another page, or, where a script has asked, the answer in this one. */
  private async leaves(control: Locator): Promise<void> {
    await this.page
      .locator("main > *")
      .first()
      .evaluate((part) => part.setAttribute("data-left", ""));
    await this.activates(control);
    await this.page.waitForFunction(
      () => document.readyState === "complete" && document.querySelector("[data-left]") === null,
    );
  }

  /** Presses, with whatever they have to do so. */
  async activates(control: Locator): Promise<void> {
    if (this.look.keyboard) await enter(this.page, control);
    else await control.click();
  }

  /** The page is in their language and fits into their window. */
  private async sees(): Promise<void> {
    const at = this.page.url();
    assert.equal(await this.page.locator("html").getAttribute("lang"), this.look.lang, at);
    assert.ok((await widerBy(this.page)) <= 0, `${at} scrolls sideways`);
  }

  /** Presses, waits until no other server is asked any more, and has made no mistake. */
  async does(name: Name, within = "main"): Promise<void> {
    await this.press(name, within);
    if (await this.has("#ask-yes")) await this.follow(this.page.locator("#ask-yes"));
    await this.until(this.page.locator("body:not(:has(#pending, #waiting))"));
    assert.equal(await this.page.locator("#refused, #mistakes").count(), 0, await this.reads());
  }

  /** Opens what is folded under that name. */
  async unfold(name: Name): Promise<void> {
    await this.activates(this.page.locator("main summary").filter({ hasText: this.named(name) }));
  }

  /** Types into fields by their names. */
  async fill(words: Readonly<Record<string, string>>, within = "main"): Promise<void> {
    for (const [name, text] of Object.entries(words)) {
      const field = this.page.locator(`${within} [name="${name}"]:visible`);
      if (this.look.keyboard) await type(this.page, field, text);
      else await field.fill(text);
    }
  }

  /** Chooses or ticks. */
  async choose(name: string, value: string, within = "main"): Promise<void> {
    const choice = this.page.locator(`${within} [name="${name}"][value="${value}"]`);
    if (this.look.keyboard) await choose(this.page, choice);
    else await choice.check();
  }

  /** What stands in a part of the page. */
  text(selector: string): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }

  reads(): Promise<string> {
    return this.text("main");
  }

  async has(selector: string): Promise<boolean> {
    return (await this.page.locator(selector).count()) > 0;
  }

  /** An amount on the page, in minor units of a currency without any. */
  async yen(selector: string): Promise<number> {
    return Number((await this.text(selector)).replaceAll(/[^0-9]/g, ""));
  }

  /** Loads the page again until something stands on it that another process has still to do. */
  async until(wanted: string | Locator, is: () => Promise<boolean> = async () => true): Promise<void> {
    const what = typeof wanted === "string" ? this.page.locator(wanted) : wanted;
    for (let look = 0; look < 200; look += 1) {
      if ((await what.count()) > 0 && (await is())) return;
      await this.page.reload();
    }
    assert.fail(`There never was ${String(wanted)} at ${this.page.url()}: ${await this.reads()}`);
  }

  /** What they do next is to be refused with this status, which browsers note as an error. */
  isRefused(status: number): void {
    this.#refused.add(status);
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}

/** Makes people who all walk alike, and keeps what went wrong in any of their browsers. */
export class Crowd {
  readonly wrong: string[] = [];
  readonly look: Look;
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];

  constructor(browser: Browser, look: Look) {
    this.#browser = browser;
    this.look = look;
  }

  async somebody(): Promise<Person> {
    const { size, lang, scripts } = this.look;
    const context = await this.#browser.newContext({
      ...screens[size],
      locale: lang === "ja" ? "ja-JP" : "en-GB",
      timezoneId: "Asia/Tokyo",
      reducedMotion: "reduce",
      javaScriptEnabled: scripts,
    });
    context.setDefaultTimeout(60_000);
    this.#contexts.push(context);
    const page = await context.newPage();
    const refused = new Set<number>();
    await this.#watch(page, refused);
    return new Person(page, this.look, refused);
  }

  /** Takes back that a browser noted this status of this page: the page has asked for something first, as it should. */
  takesBack(url: string, status: number): void {
    const noted = this.wrong.findIndex(
      (what) => what.startsWith(`${url}: `) && Number(refusal.exec(what)?.[1]) === status,
    );
    assert.notEqual(noted, -1, `${url} was not refused with ${status}.`);
    this.wrong.splice(noted, 1);
  }

  /** Keeps whatever a browser complains of. Where it runs no scripts, it prints what a policy forbids all the same. */
  async #watch(page: Page, refused: ReadonlySet<number>): Promise<void> {
    const complain = (what: string): void => void this.wrong.push(`${page.url()}: ${what}`);
    await page.addInitScript(`addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error("Policy: " + violatedDirective + " forbids " + blockedURI));`);
    page.on("console", (message) => {
      const status = Number(refusal.exec(message.text())?.[1]);
      if (message.type() === "error" && !refused.has(status)) complain(message.text());
    });
    page.on("pageerror", ({ message }) => complain(message));
    page.on("response", (response) => {
      if (response.status() >= 500) complain(`${response.url()} answers ${response.status()}`);
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // Whoever goes on to another page waits no longer for what this one had still to load, or for its news.
      if (why !== "net::ERR_ABORTED") complain(`${request.url()}: ${why}`);
    });
  }

  /** Everybody goes home. */
  async leave(): Promise<void> {
    for (const context of this.#contexts) await context.close();
  }
}
