/**
 * Somebody with a browser without scripts, over HTTP: keeps cookies, signs in when asked to, and sends the forms of a page
 * with what stands in them, as a browser does.
 */
import assert from "node:assert/strict";
import { type Fields, filledIn, formsIn, heldBack, type PageForm } from "../wire/forms.ts";
import { request } from "../wire/http.ts";

/** Where somebody signs in, and what they type there. */
export interface SignInWords {
  page: string;
  words: Fields;
}

/** A page as it came, and where the server led to it. */
export interface WebPage {
  path: string;
  status: number;
  html: string;
  forms: readonly PageForm[];
}

export class WebPerson {
  readonly #origin: string;
  readonly #signIn: SignInWords | undefined;
  readonly #cookies = new Map<string, string>();

  constructor(url: string, signIn?: SignInWords) {
    this.#origin = url;
    this.#signIn = signIn;
  }

  /** Opens a page; one that wants to know who asks is told. */
  async open(path: string): Promise<WebPage> {
    const { to, ...page } = await this.#ask(path);
    if (page.status !== 303) return page;
    if (this.#signIn === undefined || !to.startsWith(this.#signIn.page)) return this.open(to);
    const { page: asked, words } = this.#signIn;
    const form = (await this.#ask(asked)).forms.find(({ id }) => id === "sign-in");
    assert.ok(form !== undefined, `${asked} has a form to sign in`);
    const answer = await this.#ask(form.action, filledIn(form, words));
    assert.equal(answer.status, 303, answer.html);
    return this.open(path);
  }

  /** Sends a form as it stands on a page, and goes on to where the server leads. */
  async press(form: PageForm, words: Fields = {}): Promise<WebPage> {
    const fields = filledIn(form, words);
    assert.equal(heldBack(form, fields), undefined, form.id);
    return this.post(form.action, fields);
  }

  /** Sends fields to where no form of a page may be, as somebody does who makes one up. */
  async post(action: string, fields: Fields): Promise<WebPage> {
    const { to, ...page } = await this.#ask(action, fields);
    return page.status === 303 ? this.open(to) : page;
  }

  async #ask(path: string, fields?: Fields): Promise<WebPage & { to: string }> {
    const url = new URL(path, this.#origin);
    assert.equal(url.origin, new URL(this.#origin).origin, path);
    const form = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
    const headers = {
      accept: "text/html",
      cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      ...(fields === undefined ? {} : { ...form, origin: url.origin }),
    };
    const body = fields === undefined ? undefined : new URLSearchParams(fields).toString();
    const reply = await request(url.href, fields === undefined ? "GET" : "POST", headers, body);
    for (const line of reply.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const { status, text: html } = reply;
    return { path, status, html, forms: formsIn(html), to: reply.headers.get("location") ?? "" };
  }
}
