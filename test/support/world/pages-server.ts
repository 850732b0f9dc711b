import assert from "node:assert/strict";
import { openConfirming } from "../../../src/edge/operators/operators.ts";
import { makeLog, makeServer, type Server } from "../../../src/edge/http/http.ts";
import { access, type Context } from "../../../src/edge/api/context.ts";
import { registerInstitutionPages } from "../../../src/servers/institution/institution.ts";
import { problemPage, registerPages, type Ties } from "../../../src/edge/pages/pages.ts";
import { registerPermissionPages } from "../../../src/edge/permissions/permissions.ts";
import { registerPartyRoutes } from "../../../src/edge/api/party-routes.ts";
import { registerRounds } from "../../../src/edge/rounds/rounds.ts";
import { registerTradePapers } from "../../../src/edge/trade-papers/trade-papers.ts";
import { registerPortal } from "../../../src/edge/portal/portal.ts";
import { registerProfilePages } from "../../../src/edge/profile-pages/profile-pages.ts";
import { registerTradeRoutes } from "../../../src/edge/api/trade-routes.ts";
import { registerDoorstepRoutes } from "../../../src/edge/doorstep/doorstep.ts";
import type { TradeView } from "../../../src/core/protocol/protocol.ts";
import type { MoveBody, Propose } from "../../../src/core/protocol/schemas.ts";
import type { Actor } from "../../../src/engines/trades/trades.ts";
import { rawSql, uuidv7 } from "../../../src/storage/database/database.ts";
import { peopleServer } from "./people-server.ts";

const face = { name: "Kenshu", lead: "home.institution", money: "accounts" } as const;

export type Fields = Record<string, string>;
export interface Shown {
  status: number;
  html: string;
  /** Where a redirect leads. */
  to: string;
  headers: Record<string, unknown>;
}

/** Somebody's browser: keeps cookies, sends forms as a browser does, follows no redirect. */
export class Browser {
  readonly cookies = new Map<string, string>();
  private readonly server: Server;

  constructor(server: Server) {
    this.server = server;
  }

  get(url: string, headers: Record<string, string> = {}): Promise<Shown> {
    return this.ask({ method: "GET", url, headers: { accept: "text/html", ...headers } });
  }

  post(url: string, fields: Fields = {}, headers: Record<string, string> = {}): Promise<Shown> {
    const payload = new URLSearchParams(fields).toString();
    const type = "application/x-www-form-urlencoded";
    return this.ask({
      method: "POST",
      url,
      payload,
      headers: { "content-type": type, "sec-fetch-site": "same-origin", ...headers },
    });
  }

  /** Opens a page and sends one of its forms with what stands in its hidden fields. */
  async send(url: string, formId: string, fields: Fields = {}): Promise<Shown> {
    const { html } = await this.get(url);
    const form = new RegExp(
      `<form method="post" action="([^"]+)" id="${formId}"[^>]*>(.*?)</form>`,
      "s",
    ).exec(html);
    assert.ok(form, `${url} has the form ${formId}: ${html.slice(-1500)}`);
    const hidden = [...(form[2] ?? "").matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    return this.post(form[1] ?? "", {
      ...Object.fromEntries(hidden.map(([, name, value]) => [name, value?.replaceAll("&amp;", "&")])),
      ...fields,
    });
  }

  private async ask(request: { method: "GET" | "POST"; url: string; headers: Fields; payload?: string }) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...request.headers, ...(cookie === "" ? {} : { cookie }) };
    const reply = await this.server.inject({ ...request, headers });
    for (const line of [reply.headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const { statusCode: status, body: html, headers: all } = reply;
    return { status, html, to: String(all.location ?? ""), headers: all };
  }
}

/**
 * Everything of an institution that people meet, seeded; the tests bring the browsers. With `ties`, the same people meet a
 * server at which accounts are tied.
 */
export async function pagesServer(
  t: { after(release: () => Promise<void>): unknown },
  ties?: Ties,
  {
    log = makeLog("pages", "silent"),
    ...wishes
  }: Parameters<typeof peopleServer>[1] & { log?: ReturnType<typeof makeLog> } = {},
) {
  const { context, demo } = await peopleServer(t, wishes);
  const server = await makeServer({
    name: "institution",
    version: "0",
    access,
    log,
    ready: () => Promise.resolve(true),
    secureCookies: false,
    renderProblem: problemPage(face, () => ({ ...context, face })),
  });
  registerTradeRoutes(server, context);
  registerDoorstepRoutes(server, context, context.doorstep);
  if (ties === undefined) registerInstitutionPages(server, context);
  else registerPages(server, { ...context, face: { ...face, money: "methods" }, ties });
  registerProfilePages(server, { ...context, face });
  registerPermissionPages(server, ties === undefined ? { ...context, face } : { ...context, face, ties });
  registerTradePapers(server, { ...context, face });
  registerRounds(server, { ...context, face });
  registerPortal(server, { ...context, face }, "https://kenshu.example");
  // The server of the people has declared its acts in the one of the context.
  const confirming = openConfirming(context.database, context.settings);
  registerPartyRoutes(server, { ...context, confirming });
  t.after(() => server.close());
  const [shop, otherShop] = demo.shops;
  const [rich, poor] = demo.members;
  const [carrier] = demo.carriers;
  const [, voucher] = demo.vouchers;
  if (!shop || !rich || !poor || !carrier || !voucher) throw new Error("The demo is not whole.");
  const browser = () => new Browser(server);
  const people = { rich, poor, carrier, voucher, vouchers: demo.vouchers };
  const doing = doings(context, shop.id, browser);
  return {
    context,
    server,
    browser,
    shop: shop.id,
    shopKey: shop.key,
    adminKey: demo.adminKey,
    otherKey: otherShop?.key ?? "",
    ...people,
    ...doing,
    ...movings(context, shop.id, carrier.id),
  };
}

/** What others do to a trade meanwhile, and what time does. */
function movings(context: Context, shop: string, carrier: string) {
  const moves = (actor: Actor) => async (number: string, body: MoveBody) => {
    const outcome = await context.trades.move(actor, number, body);
    if (outcome.how === "refused") assert.fail(outcome.problem.text);
    return outcome.view.value;
  };
  return {
    shopDoes: moves({ kind: "shop", id: shop }),
    carrierDoes: moves({ kind: "carrier", id: carrier }),
    operatorDoes: moves({ kind: "operator", id: uuidv7() }),
    pass: (days: number) =>
      context.database.execute(
        rawSql("update test_clock set ahead = ahead + make_interval(days => $1)", [days]),
      ),
  };
}

async function codeSent({ database, guests }: Context, number: string): Promise<string> {
  const [row] = await database.query<{ party: string }>(
    rawSql("select party from mails where trade = $1 and kinds = '{code}' order by id desc limit 1", [
      BigInt(number),
    ]),
  );
  const letter = await guests.letter(row?.party ?? "");
  return letter?.code ?? assert.fail(`no code was sent for ${number}`);
}

/** What most tests begin with. */
function doings(context: Context, shop: string, browser: () => Browser) {
  return {
    signedIn: async (who: { email: string; password: string }): Promise<Browser> => {
      const opened = browser();
      const fields = { email: who.email, password: who.password };
      const { status, to } = await opened.send("/signin", "sign-in", fields);
      assert.deepEqual([status, to], [303, "/trades"]);
      return opened;
    },
    /** A trade that waits for somebody's approval: its number, and the path of its link. */
    proposed: async (more: Partial<Propose> = {}): Promise<{ number: string; link: string }> => {
      const outcome = await context.trades.propose(
        { kind: "shop", id: shop },
        {
          currency: "JPY",
          lines: [{ name: "Tea <set>", quantity: 3, unitAmount: 1200 }],
          acceptance: { by: ["buyer", "shop"], autoAfter: "P7D" },
          ...more,
        },
      );
      if (outcome.how === "refused") assert.fail(outcome.problem.text);
      assert.equal(outcome.status, 201);
      const { number } = outcome.view.value;
      return { number, link: `/approve/${context.links.tokenFor(number)}` };
    },
    seen: async (number: string): Promise<TradeView> => {
      const trade = await context.trades.read({ kind: "shop", id: shop }, number);
      assert.ok(trade);
      return trade;
    },
    /** Opens a link as somebody who goes on as a guest, and confirms an address there. Answers where the form stands. */
    confirmed: async (opened: Browser, link: string, email = "guest@example.com"): Promise<string> => {
      const { to } = await opened.get(link);
      await opened.send(to, "guest-address-form", { email });
      const code = await codeSent(context, /^\/trades\/([0-9]+)\//.exec(to)?.[1] ?? "");
      const confirmed = await opened.send(to, "guest-code-form", { code });
      assert.deepEqual([confirmed.status, confirmed.to], [303, to], confirmed.html);
      return to;
    },
    /** The code that was last sent to somebody who wants to be the guest of this trade. */
    codeSent: (number: string) => codeSent(context, number),
    /** Opens a link and answers where it leads. */
    open: async (opened: Browser, link: string): Promise<string> => {
      const { status, to } = await opened.get(link);
      assert.equal(status, 303);
      return to;
    },
  };
}
