/** Somebody who buys as a guest over HTTP, in a browser of their own, as a person does. */
import assert from "node:assert/strict";
import { type Headers, type Reply, request } from "./http.ts";

/** A browser that keeps cookies, follows nothing, and sends forms with what stands in their hidden fields. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  private readonly more: Headers;

  constructor(more: Headers = {}) {
    this.more = more;
  }

  get(url: string): Promise<Reply> {
    return this.ask(url, "GET");
  }

  post(url: string, fields: Record<string, string>): Promise<Reply> {
    return this.ask(url, "POST", new URLSearchParams(fields).toString());
  }

  /** Opens a page and sends one of its forms. */
  async send(url: string, form: string, fields: Record<string, string> = {}): Promise<Reply> {
    const { text } = await this.get(url);
    const [, action = "", inner = ""] =
      new RegExp(`<form method="post" action="([^"]+)" id="${form}"[^>]*>(.*?)</form>`, "s").exec(text) ?? [];
    assert.notEqual(action, "", `${url} has no form ${form}: ${text.slice(-1500)}`);
    const hidden = [...inner.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    return this.post(new URL(action, url).href, {
      ...Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, value])),
      ...fields,
    });
  }

  get headers(): Headers {
    return this.cookies.size === 0
      ? {}
      : { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  }

  private async ask(url: string, method: string, body?: string): Promise<Reply> {
    const form: Headers =
      body === undefined
        ? {}
        : { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
    const headers = { accept: "text/html", ...this.more, ...this.headers, ...form };
    const reply = await request(url, method, headers, body);
    for (const line of reply.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return reply;
  }
}

/** The newest mail of a sandbox to the buyer of a trade, as an operator reads it. */
export async function newestMail(url: string, operator: Headers, number: string): Promise<string> {
  const html = { accept: "text/html", ...operator };
  const list = await request(`${url}/sandbox/mails`, "GET", html);
  const [, id] =
    new RegExp(`data-mail="([^"]+)" data-trade="${number}" data-reader="buyer"`).exec(list.text) ?? [];
  assert.ok(id !== undefined, `no mail for ${number} in ${list.text.slice(-1500)}`);
  return (await request(`${url}/sandbox/mails/${id}`, "GET", html)).text;
}

/** The code in a mail that confirms an address. */
export function codeIn(mail: string): string {
  const [, ...groups] = /\b([0-9]{4}) ([0-9]{4})\b/.exec(mail) ?? assert.fail(mail);
  return groups.join("");
}

/** The guest's own link in a mail. */
export function linkIn(mail: string): string {
  return /href="(http[^"]*\/guest\/kb_[^"]+)"/.exec(mail)?.[1] ?? assert.fail(mail);
}

export interface Order {
  number: string;
  approveUrl: string;
}

export const guestFields = {
  name: "Ken Abe",
  address: "3-3 Osaka",
  birthDate: "1980-05-05",
  methodKind: "prepaid",
};

/** Opens the link to approve and confirms an address by the code in the mail. Answers where the form stands. */
export async function confirmAddress(
  visitor: Visitor,
  operator: Headers,
  { number, approveUrl }: Order,
  email: string,
): Promise<string> {
  const opened = await visitor.get(approveUrl);
  const page = new URL(opened.headers.get("location") ?? "", approveUrl);
  const asked = await visitor.send(page.href, "guest-address-form", { email });
  assert.equal(asked.status, 303, asked.text);
  const code = codeIn(await newestMail(page.origin, operator, number));
  const confirmed = await visitor.send(page.href, "guest-code-form", { code });
  assert.equal(confirmed.status, 303, confirmed.text);
  return page.href;
}

/** Approves as a guest, from the link that the shop hands out to the frozen money. */
export async function approveAsGuest(
  visitor: Visitor,
  operator: Headers,
  order: Order,
  wish: { email: string; token: string } & Record<string, string>,
): Promise<void> {
  const { email, ...fields } = wish;
  const page = await confirmAddress(visitor, operator, order, email);
  const approved = await visitor.send(page, "guest-form", { ...guestFields, ...fields });
  assert.deepEqual(
    [approved.status, approved.headers.get("location")],
    [303, `/trades/${order.number}?done=approve`],
    approved.text,
  );
}

/** Everything that moves a trade on the pages. */
const acts = [
  ["accept", { all: "yes", sure: "yes" }],
  ["reject", { kind: "wrong", reason: "x" }],
  ["send-back", {}],
  ["withdraw", { reason: "x" }],
  ["dispute", { reason: "x" }],
  ["cancel", { reason: "x" }],
  ["extend", { until: "2031-01-01" }],
  ["deliver", {}],
  ["approve", {}],
  ["decline", {}],
  ["link", {}],
  ["door-code", {}],
] as const;

/** Whoever this is moves nothing of the trade, and does not read it; `shop` looks that nothing has changed. */
export async function assertMovesNothing(
  visitor: Visitor,
  { url, shop, number }: { url: string; shop: Headers; number: string },
  who: string,
): Promise<void> {
  const before = await request(`${url}/v1/trades/${number}`, "GET", shop);
  for (const [act, fields] of acts) {
    const { status, headers } = await visitor.post(`${url}/trades/${number}/${act}`, fields);
    const sentAway = status === 303 && (headers.get("location") ?? "").startsWith("/signin?next=");
    assert.ok(sentAway || status === 401 || status === 403, `${who}: ${act} gives ${status}`);
  }
  const api = await request(`${url}/v1/trades/${number}`, "GET", visitor.headers);
  assert.ok(api.status === 401 || api.status === 404, `${who} reads: ${api.status}`);
  const { text } = await request(`${url}/v1/trades/${number}`, "GET", shop);
  assert.equal(text, before.text, who);
}

/** Both trades of one browser are there, and what ends one link ends no other. */
export async function holdsBoth(guest: Visitor, url: string, first: Order, second: Order): Promise<void> {
  for (const { number } of [first, second]) {
    const { status, text } = await guest.get(`${url}/trades/${number}`);
    assert.equal(status, 200);
    assert.match(text, /accept-all-form/);
  }
  const ended = await guest.send(`${url}/trades/${second.number}`, "link-form");
  assert.equal(ended.headers.get("location"), "/link?sent=yes");
  assert.equal((await guest.get(`${url}/trades/${first.number}`)).status, 200);
  const early = await guest.send(`${url}/trades/${first.number}`, "accept-all-form", { sure: "yes" });
  assert.equal(early.headers.get("location"), `/trades/${first.number}?done=accept`);
  const lost = await guest.get(`${url}/trades/${second.number}`);
  const signIn = lost.headers.get("location") ?? "";
  assert.equal(signIn, `/signin?next=/trades/${second.number}`);
  const { text } = await guest.get(`${url}${signIn}`);
  const way = `/link?number=${second.number}`;
  assert.ok(text.indexOf(way) > 0 && text.indexOf(way) < text.indexOf('id="sign-in"'), "before the form");
  assert.ok((await guest.get(`${url}${way}`)).text.includes(`value="${second.number}"`), "filled in");
}
